/// On which lines of a TOML text its names stand, which the reader of the values does not tell.
struct TOMLLines {
  private var lines: [String: Int] = [:]
  /// Last lines of tables: where a name can be added to one.
  private(set) var ends: [String: Int] = [:]
  /// A line that begins a table without a name: the parser does not refuse it but ends the program.
  private(set) var namelessTable: Int?

  init(_ text: String) {
    var table = ""
    // What a value that goes on over lines waits for.
    var quote: String?
    var depth = 0
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if let open = quote {
        if line.contains(open) { quote = nil }
        continue
      }
      if depth > 0 {
        depth += Self.depth(line)
        ends[table] = index + 1
        continue
      }
      let content = line.drop { $0 == " " || $0 == "\t" }
      guard let first = content.first, first != "#", first != "\r" else { continue }
      if first == "[" {
        let name = content.dropFirst(content.hasPrefix("[[") ? 2 : 1)
          .drop { $0 == " " || $0 == "\t" }
        let isKey = name.first.map { $0.isLetter || $0.isNumber || "_-\"'".contains($0) } ?? false
        if !isKey, namelessTable == nil { namelessTable = index + 1 }
        table = Self.path(content.drop { $0 == "[" }).name
        ends[table] = index + 1
        continue
      }
      let (name, rest) = Self.path(content)
      let full = table.isEmpty ? name : "\(table).\(name)"
      if lines[full] == nil { lines[full] = index + 1 }
      ends[table] = index + 1
      for sign in ["\"\"\"", "'''"] {
        let parts = rest.split(separator: sign, omittingEmptySubsequences: false)
        if parts.count % 2 == 0 { quote = sign }
      }
      if quote == nil { depth = Self.depth(rest) }
    }
  }

  /// The line of a name, or of the table or list that holds it.
  func line(of name: String) -> Int? {
    var name = name[...]
    while true {
      if let line = lines[String(name)] { return line }
      guard let dot = name.lastIndex(of: ".") else { return nil }
      name = name[..<dot]
    }
  }

  /// The line of a name itself.
  func ownLine(of name: String) -> Int? { lines[name] }

  /// Names with dots between them, quoted or not, and what comes behind.
  private static func path(_ text: Substring) -> (name: String, rest: Substring) {
    var name = ""
    var rest = text
    var quote: Character?
    while let character = rest.first {
      rest = rest.dropFirst()
      if let open = quote {
        if character == open { quote = nil } else { name.append(character) }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "=" || character == "]" {
        break
      } else if character != " " && character != "\t" {
        name.append(character)
      }
    }
    return (name, rest)
  }

  /// Brackets that a line opens and does not close; those of texts and comments do not count.
  private static func depth(_ line: Substring) -> Int {
    var depth = 0
    var quote: Character?
    var isEscaped = false
    for character in line {
      if let open = quote {
        if isEscaped {
          isEscaped = false
        } else if character == "\\", open == "\"" {
          isEscaped = true
        } else if character == open {
          quote = nil
        }
        continue
      }
      switch character {
      case "\"", "'": quote = character
      case "#": return depth
      case "[", "{": depth += 1
      case "]", "}": depth -= 1
      default: break
      }
    }
    return depth
  }
}
