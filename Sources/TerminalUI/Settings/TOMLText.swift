import TOMLKit

/// The keys and values of a flat TOML file with the lines they stand on: what settings and keys are
/// read from.
public struct TOMLText: Sendable {
  public enum Value: Hashable, Sendable {
    case text(String)
    case truth(Bool)
    case whole(Int)
    case list([String])
    /// Something else, as it is written.
    case other(String)

    /// As a complaint writes it.
    public var shown: String {
      switch self {
      case .text(let text): "\"\(text)\""
      case .truth(let isOn): "\(isOn)"
      case .whole(let number): "\(number)"
      case .list(let names): "[" + names.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
      case .other(let text): text
      }
    }
  }

  public struct Entry: Hashable, Sendable {
    public let key: String
    public let value: Value
    /// From 1.
    public let line: Int
  }

  /// Text that is no TOML.
  public struct Problem: Error, Hashable {
    public let line: Int
    public let text: String
  }

  /// In the order of the lines.
  public let entries: [Entry]

  /// Reads a file.
  ///
  /// - Throws: `Problem` where the text is no TOML.
  public init(_ text: String) throws(Problem) {
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw Problem(line: Int(error.source.begin.line), text: error.description)
    } catch {
      throw Problem(line: 1, text: "\(error)")
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    entries = Self.flat(table, "").map { key, value in
      Entry(key: key, value: value, line: Self.line(of: key, in: lines))
    }.sorted { ($0.line, $0.key) < ($1.line, $1.key) }
  }

  /// Dotted keys name values of tables: `pin.a = "x"` and `[pin]` with `a = "x"` are the same.
  private static func flat(_ table: TOMLTable, _ prefix: String) -> [(String, Value)] {
    table.keys.flatMap { key -> [(String, Value)] in
      let name = prefix + key
      guard let value = table[key] else { return [] }
      if let inner = value.table { return flat(inner, name + ".") }
      return [(name, Self.value(value))]
    }
  }

  private static func value(_ value: any TOMLValueConvertible) -> Value {
    if let text = value.string { return .text(text) }
    if let isOn = value.bool { return .truth(isOn) }
    if let number = value.int { return .whole(number) }
    if let array = value.array {
      let names = array.compactMap(\.string)
      if names.count == array.count { return .list(names) }
    }
    return .other(value.debugDescription)
  }

  /// The parser keeps no lines: the one that sets the key is looked for.
  private static func line(of key: String, in lines: [Substring]) -> Int {
    var table = ""
    for (number, line) in lines.enumerated() {
      let line = bare(line)
      if line.first == "[", let end = line.firstIndex(of: "]") {
        table = String(line[line.index(after: line.startIndex)..<end]) + "."
      } else if let equals = line.firstIndex(of: "=") {
        if table + line[..<equals] == key { return number + 1 }
      }
    }
    return 1
  }

  /// Without blanks and quotes.
  private static func bare(_ line: Substring) -> String {
    line.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
  }
}
