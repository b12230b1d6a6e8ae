import EngineInterface
import Numerics
import TerminalUI

/// How a chunk is written in lists.
enum RowText {
  /// Text in one line.
  static func flat(_ text: String) -> String {
    String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
  }

  static func difference(_ value: Double?) -> StyledText {
    value.map { StyledText(Number.signed($0, 2)) } ?? StyledText("-", .dim)
  }

  /// K or D by the score, F by a floor, C by the cap, + or - by hand: never colour alone.
  static func side(_ row: ChunkRow) -> StyledText {
    guard let mark = mark(row) else { return [] }
    return StyledText(mark, row.kept == true ? .keep : .drop, .bold)
  }

  private static func mark(_ row: ChunkRow) -> String? {
    guard let kept = row.kept else { return nil }
    if row.manual { return kept ? "+" : "-" }
    return kept ? row.isFloored ? "F" : "K" : row.isCapped ? "C" : "D"
  }

  private static let meanings = [
    ("F", "by a floor"), ("C", "by the cap"), ("+", "kept by hand"), ("-", "dropped by hand"),
    ("K", "kept"), ("D", "dropped"),
  ]

  /// What the marks of some rows mean, the rare ones first; "" without any.
  static func legend(_ rows: some Sequence<ChunkRow>) -> String {
    let marks = Set(rows.compactMap(mark))
    return meanings.filter { marks.contains($0.0) }.map { "\($0.0) \($0.1)" }
      .joined(separator: "  ")
  }

  /// 1,234,567 bytes -> "1.23 MB".
  static func bytes(_ count: Int) -> String {
    count < 1000 ? "\(count) B" : Number.short(Double(count)).replacingUnit
  }
}

extension String {
  /// "1.23M" -> "1.23 MB".
  fileprivate var replacingUnit: String {
    guard let unit = last, unit.isLetter else { return self + " B" }
    return "\(dropLast()) \(unit)B"
  }
}
