import CorpusStudy
import Engine
import Numerics

/// A study as a table of text.
enum StudyTable {
  static func lines(_ report: StudyReport) -> [String] {
    let head = [
      "source", "texts", "bytes", "tokens", "B/token", "dup %", "near %", "len 10%", "len 50%",
      "len 90%", "longest", "scripts",
    ]
    let rows = [head] + (report.sources + [report.all]).map(row)
    let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = ["texts are \(report.unit)"]
    lines += rows.map { row in
      row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        let isText = column == 0 || column == row.count - 1
        return isText ? row[column] + space : space + row[column]
      }.joined(separator: "  ").trimmed
    }
    if report.rejected > 0 { lines.append("\(Number.grouped(report.rejected)) inputs not used") }
    return lines
  }

  private static func row(_ source: StudyReport.Source) -> [String] {
    func percent(_ count: Int) -> String {
      Number.fixed(100 * Double(count) / Double(max(1, source.texts)), 2)
    }
    let scripts = source.scripts.filter { $0.key != .space && $0.key != .punctuation }
      .sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.prefix(4)
      .map {
        let share = 100 * Double($0.value) / Double(max(1, source.bytes))
        return "\($0.key.name) \(Number.fixed(share, 1))"
      }
    return [
      source.name, Number.grouped(source.texts), Number.grouped(source.bytes),
      source.tokens > 0 ? Number.grouped(source.tokens) : "-",
      source.bytesPerToken.map { Number.fixed($0, 2) } ?? "-", percent(source.duplicates),
      source.nearDuplicates.map(percent) ?? "-",
    ] + source.lengths.map { Number.grouped($0) } + [scripts.joined(separator: ", ")]
  }
}

extension String {
  /// Without spaces at the end.
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
