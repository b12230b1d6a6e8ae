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

  /// K or D, C for what the cap drops: never colour alone. A letter set by hand is underlined.
  static func side(_ row: ChunkRow) -> StyledText {
    guard let kept = row.kept else { return [] }
    return StyledText(
      kept ? "K" : row.isCapped ? "C" : "D", kept ? .keep : .drop,
      row.manual ? [.bold, .underline] : .bold)
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
