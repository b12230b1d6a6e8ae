/// Changes one value of a TOML text and leaves everything else, comments too, as a person wrote it.
public enum TOMLEdit {
  /// The text with `name` (tables and key with dots between them) set to a value in TOML.
  public static func setting(_ name: String, to value: String, in text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let places = TOMLLines(text)
    let parts = name.split(separator: ".").map(String.init)
    let (table, key) = (parts.dropLast().joined(separator: "."), parts.last ?? name)
    if let line = places.ownLine(of: name), lines.indices.contains(line - 1),
      let sign = lines[line - 1].firstIndex(of: "=")
    {
      let comment = comment(of: lines[line - 1][sign...].dropFirst())
      lines[line - 1] = lines[line - 1][...sign] + " " + value + comment
      return lines.joined(separator: "\n")
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    if table.isEmpty {
      // Behind a table's name a bare key would be the table's.
      let firstTable = lines.firstIndex { $0.drop { $0 == " " || $0 == "\t" }.first == "[" }
      lines.insert("\(key) = \(value)", at: places.ends[""] ?? firstTable ?? lines.count)
    } else if let end = places.ends[table] {
      lines.insert("\(key) = \(value)", at: min(end, lines.count))
    } else {
      if !lines.isEmpty { lines.append("") }
      lines += ["[\(table)]", "\(key) = \(value)"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The comment behind a value, with its blanks.
  private static func comment(of value: Substring) -> String {
    var quote: Character?
    var index = value.startIndex
    while index < value.endIndex {
      let character = value[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "#" {
        return "  " + value[index...]
      }
      index = value.index(after: index)
    }
    return ""
  }
}
