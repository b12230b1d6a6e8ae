/// Takes a filter's text apart.
struct FilterReader {
  private let characters: [Character]
  /// Characters before the next one.
  private(set) var place = 0

  init(_ text: String) { characters = Array(text) }

  var isAtEnd: Bool { place >= characters.count }
  /// The next one; a space at the end.
  var current: Character { isAtEnd ? " " : characters[place] }

  mutating func advance() { place += 1 }

  mutating func skipSpace() {
    while !isAtEnd, characters[place].isWhitespace { place += 1 }
  }

  func error(_ reason: String) -> FilterError { FilterError(column: place, reason: reason) }

  mutating func take(_ character: Character) -> Bool {
    guard !isAtEnd, characters[place] == character else { return false }
    place += 1
    return true
  }

  /// Whether this word comes next, and is no longer.
  func isWord(_ word: String) -> Bool {
    let end = place + word.count
    guard end <= characters.count else { return false }
    guard String(characters[place..<end]).lowercased() == word else { return false }
    return end == characters.count || Self.ends(characters[end])
  }

  mutating func takeWord(_ word: String) -> Bool {
    skipSpace()
    guard isWord(word) else { return false }
    place += word.count
    return true
  }

  private static func ends(_ character: Character) -> Bool {
    character.isWhitespace || "()\":<>=,/".contains(character)
  }

  mutating func word() -> String {
    let start = place
    while !isAtEnd, !Self.ends(characters[place]) { place += 1 }
    return String(characters[start..<place])
  }

  /// `:`, `=`, `<`, `<=`, `>` or `>=`.
  mutating func sign() -> String? {
    guard !isAtEnd, ":=<>".contains(characters[place]) else { return nil }
    var sign = String(characters[place])
    place += 1
    if sign == "<" || sign == ">", take("=") { sign += "=" }
    return sign
  }

  /// Text in quotes; `\"` and `\\` stand for themselves.
  mutating func quoted() throws(FilterError) -> String {
    let start = place
    place += 1
    var text = ""
    while !isAtEnd {
      let character = characters[place]
      place += 1
      if character == "\"" { return text }
      if character == "\\", !isAtEnd, current == "\"" || current == "\\" {
        text.append(current)
        place += 1
      } else {
        text.append(character)
      }
    }
    throw FilterError(column: start, reason: "this quote is not closed")
  }

  /// A regular expression between slashes; `\/` is a slash in it.
  mutating func pattern() throws(FilterError) -> String {
    let start = place
    place += 1
    var text = ""
    while !isAtEnd {
      let character = characters[place]
      place += 1
      if character == "/" { return text }
      text.append(character)
      if character == "\\", !isAtEnd {
        if current == "/" { text.removeLast() }
        text.append(current)
        place += 1
      }
    }
    throw FilterError(column: start, reason: "this / is not closed")
  }

  /// Names with commas between them, those with other signs in quotes.
  mutating func names() throws(FilterError) -> [String] {
    var names: [String] = []
    repeat {
      let start = place
      var name = ""
      if current == "\"" {
        name = try quoted()
      } else {
        while !isAtEnd, !characters[place].isWhitespace, !"(),\"".contains(characters[place]) {
          name.append(characters[place])
          place += 1
        }
      }
      if name.isEmpty { throw FilterError(column: start, reason: "a name is missing") }
      names.append(name)
    } while take(",")
    return names
  }

  mutating func bounds(after sign: String) throws(FilterError) -> FilterBounds {
    let start = place
    var text = ""
    while !isAtEnd, !characters[place].isWhitespace, !"()".contains(characters[place]) {
      text.append(characters[place])
      place += 1
    }
    let parts = Self.parts(text)
    guard parts.count == 2 else {
      let value = try number(text, at: start)
      switch sign {
      case "<": return FilterBounds(upper: value, includesUpper: false)
      case "<=": return FilterBounds(upper: value)
      case ">": return FilterBounds(lower: value, includesLower: false)
      case ">=": return FilterBounds(lower: value)
      default: return FilterBounds(lower: value, upper: value)
      }
    }
    guard sign == ":" else {
      throw FilterError(column: start, reason: "a range comes after a colon: \(text)")
    }
    let lower = parts[0].isEmpty ? nil : try number(parts[0], at: start)
    let upper = parts[1].isEmpty ? nil : try number(parts[1], at: start + parts[0].count + 2)
    guard lower != nil || upper != nil else {
      throw FilterError(column: start, reason: "a range wants a bound: 1..2, 1.. or ..2")
    }
    if let lower, let upper, lower > upper {
      throw FilterError(column: start, reason: "the range ends before it begins")
    }
    return FilterBounds(lower: lower, upper: upper)
  }

  /// What stands on both sides of the first "..".
  private static func parts(_ text: String) -> [String] {
    let characters = Array(text)
    for place in characters.indices.dropLast()
    where characters[place] == "." && characters[place + 1] == "." {
      return [String(characters[..<place]), String(characters[(place + 2)...])]
    }
    return [text]
  }

  private func number(_ text: String, at start: Int) throws(FilterError) -> Double {
    guard let value = Double(text), value.isFinite else {
      let found = text.isEmpty ? "a number is missing" : "\(text) is no number"
      throw FilterError(column: start, reason: found)
    }
    return value == 0 ? 0 : value
  }
}
