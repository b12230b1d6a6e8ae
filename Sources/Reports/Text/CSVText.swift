/// Comma-separated values as RFC 4180 has them: CRLF at line ends, quotes where a field needs them.
public enum CSVText {
  public static func text(of table: ReportTable) -> String {
    line(table.columns.map(\.title)) + table.rows.map { line($0.map(\.exact)) }.joined()
  }

  private static func line(_ fields: [String]) -> String {
    fields.map(field).joined(separator: ",") + "\r\n"
  }

  static func field(_ text: String) -> String {
    let special: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]
    guard
      text.unicodeScalars.contains(where: special.contains) || text.first == " "
        || text.last == " "
    else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
