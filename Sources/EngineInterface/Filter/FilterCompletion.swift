/// What may stand where the cursor is in a filter that is being typed.
public struct FilterCompletion: Sendable, Equatable {
  public struct Choice: Sendable, Equatable {
    /// Put in the place of what is typed.
    public var text: String
    /// What it is, or how many rows have it.
    public var help: String
  }

  /// Characters of the text that a choice takes the place of.
  public var range: Range<Int>
  public var choices: [Choice]

  /// - Parameters:
  ///   - names: By name field, the real names and how many rows have them.
  ///   - cursor: Characters before the cursor.
  public init(
    _ text: String, cursor: Int, fields: [FilterField],
    names: [String: [(name: String, count: Int)]]
  ) {
    let characters = Array(text.prefix(max(0, cursor)))
    let start = Self.start(of: characters)
    let typed = String(characters[start...])
    if let sign = characters[start...].firstIndex(where: { $0 == ":" || $0 == "=" }) {
      let field = String(characters[start..<sign]).lowercased()
      let comma = characters[sign...].lastIndex(of: ",") ?? sign
      let begun = String(characters[(comma + 1)...]).filter { $0 != "\"" }
      range = comma + 1..<characters.count
      choices = (names[field] ?? [])
        .filter { Filter.matches($0.name, anyOf: [begun], isExact: false) }
        .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        .map { Choice(text: Filter.name($0.name), help: "\($0.count)") }
      return
    }
    range = start..<characters.count
    choices = fields.filter { $0.name.hasPrefix(typed.lowercased()) }.map {
      Choice(text: $0.name + ($0.kind == .name ? ":" : ""), help: $0.help)
    }
  }

  /// Where the term before the cursor begins: after the last space, parenthesis or minus that is not
  /// inside a text, a quoted name or a regular expression.
  private static func start(of characters: [Character]) -> Int {
    var start = 0
    /// What ends the text that is open.
    var end: Character?
    var isEscaped = false
    for (place, character) in characters.enumerated() {
      if let closing = end {
        if character == closing, !isEscaped {
          end = nil
          // What comes behind a text is another term; behind a quoted name it may go on.
          if characters[start] == closing { start = place + 1 }
        }
        isEscaped = character == "\\" && !isEscaped
      } else if character == "\"" || (character == "/" && place == start) {
        end = character
      } else if character.isWhitespace || "()".contains(character)
        || (character == "-" && place == start)
      {
        start = place + 1
      }
    }
    return start
  }
}
