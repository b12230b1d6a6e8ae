/// Markdown as hosting sites show it (GitHub's), in which names mean nothing but themselves.
public enum MarkdownText {
  /// Text in which no character is markup; line ends become spaces.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n", "\r", "\t", "\u{2028}", "\u{2029}": result += " "
      case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "$":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case _
      where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Escaped, and at the start of a line nothing that would begin a list.
  public static func line(_ text: String) -> String {
    let escaped = escaped(text)
    if let first = escaped.first, "-+=".contains(first) { return "\\" + escaped }
    let digits = escaped.prefix { $0.isNumber }
    let rest = escaped.dropFirst(digits.count)
    if !digits.isEmpty, let next = rest.first, ".)".contains(next) {
      return digits + "\\" + rest
    }
    return escaped
  }

  /// A table whose columns line up in plain text, too.
  public static func table(_ table: ReportTable) -> String {
    guard !table.columns.isEmpty else { return "" }
    let header = table.columns.map { escaped($0.title) }
    let rows = table.rows.map { row in
      row.map { cell in
        let text = escaped(cell.shown)
        return cell.isBest && !text.isEmpty ? "**\(text)**" : text
      }
    }
    // Wide names do not widen every line.
    let widths = header.indices.map { column in
      min(48, max(3, ([header] + rows).map { $0[column].count }.max() ?? 0))
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
        return table.columns[column].isText ? cell + space : space + cell
      }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    let rule = widths.enumerated().map { column, width in
      table.columns[column].isText
        ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
    }
    return line(header) + line(rule) + rows.map(line).joined()
  }
}
