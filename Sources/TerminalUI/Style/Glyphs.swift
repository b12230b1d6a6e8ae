/// Which characters may be used for lines, bars and curves, best first.
public enum Glyphs: String, CaseIterable, Hashable, Sendable {
  /// Box lines, eighth blocks, and 2x4 dots a cell for curves.
  case braille
  /// Box lines, eighth and half blocks; for fonts without braille.
  case block
  /// Characters 32...126 only.
  case ascii

  var box: BoxGlyphs { self == .ascii ? .ascii : .lines }
  /// Partly filled cells from below, one to eight eighths.
  var columns: [String] {
    self == .ascii
      ? [".", ".", ":", ":", "+", "+", "#", "#"] : ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  }
  /// Partly filled cells from the left, one to eight eighths.
  var rows: [String] {
    self == .ascii
      ? ["", "", "", "", "#", "#", "#", "#"] : ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  }
  var full: String { self == .ascii ? "#" : "█" }
  /// The empty part of a bar.
  var track: String { self == .ascii ? "." : "░" }
  var cursor: String { self == .ascii ? ">" : "▶" }
  var ellipsis: String { self == .ascii ? "~" : "…" }
  var handle: String { self == .ascii ? "O" : "●" }
  /// Levels of a sparkline, lowest first.
  var spark: [String] {
    self == .ascii
      ? [".", ":", "-", "=", "+", "*", "#", "@"] : ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  }
  /// Marks of plot series where a cell shows one series only.
  var seriesMarks: [String] {
    self == .ascii
      ? ["*", "o", "+", "x", "@", "%", "&", "$"] : ["●", "○", "◆", "◇", "■", "□", "▲", "△"]
  }
}

/// The pieces of a frame and of axes.
struct BoxGlyphs {
  let horizontal, vertical, topLeft, topRight, bottomLeft, bottomRight, cross, tickDown: String

  static let lines = BoxGlyphs(
    horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└",
    bottomRight: "┘", cross: "┼", tickDown: "┬")
  static let ascii = BoxGlyphs(
    horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+",
    bottomRight: "+", cross: "+", tickDown: "+")
}
