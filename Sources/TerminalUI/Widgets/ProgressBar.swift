/// `[########    ] 62%`
public struct ProgressBar: Widget {
  /// 0...1; anything else draws an empty bar and "--".
  public var fraction: Double

  public init(_ fraction: Double) {
    self.fraction = fraction
  }

  /// Whole per cent, rounded down: 100 only when all is done.
  public static func percent(_ fraction: Double) -> String {
    guard fraction.isFinite, fraction >= 0 else { return "--" }
    return "\(Int(min(1, fraction) * 100))%"
  }

  public func draw(on canvas: inout Canvas) {
    let label = Self.padded(Self.percent(fraction))
    let labelWidth = VisibleText.width(label)
    let bar = canvas.size.width - 3 - labelWidth
    guard bar >= 1 else {
      canvas.put(StyledText(label), x: 0, y: 0, width: canvas.size.width)
      return
    }
    canvas.put("[", x: 0, y: 0, role: .dim)
    canvas.put("]", x: bar + 1, y: 0, role: .dim)
    canvas.put(label, x: bar + 3, y: 0)
    let value = fraction.isFinite ? min(1, max(0, fraction)) : 0
    let text = HorizontalBar.text(value * Double(bar), glyphs: canvas.glyphs)
    canvas.put(text, x: 1, y: 0, role: .accent)
  }

  private static func padded(_ text: String) -> String {
    String(repeating: " ", count: max(0, 4 - text.count)) + text
  }
}

/// Bars that grow to the right.
public enum HorizontalBar {
  /// A bar of so many cells, in eighths where the glyphs allow it.
  public static func text(_ cells: Double, glyphs: Glyphs) -> String {
    guard cells.isFinite, cells > 0 else { return "" }
    let eighths = Int((min(cells, 10_000) * 8).rounded())
    let rest = eighths % 8
    return String(repeating: glyphs.full, count: eighths / 8)
      + (rest > 0 ? glyphs.rows[rest - 1] : "")
  }

  /// `#####.....`: a share of `width` cells, at least one if it is not zero, the rest as track.
  public static func share(
    _ fraction: Double, width: Int, role: StyleRole, glyphs: Glyphs
  ) -> StyledText {
    let value = fraction.isFinite ? min(1, max(0, fraction)) : 0
    let full = min(width, max(value > 0 ? 1 : 0, Int((value * Double(width)).rounded())))
    return [
      Span(String(repeating: glyphs.full, count: max(0, full)), role),
      Span(String(repeating: glyphs.track, count: max(0, width - full)), .dim),
    ]
  }

  /// `<<<<` or `>>>>`: a signed change scaled so that `largest` fills `width` cells.
  ///
  /// The direction is in the characters, not in the colour alone.
  public static func change(
    _ value: Double, largest: Double, width: Int, negative: StyleRole, positive: StyleRole
  ) -> StyledText {
    guard value.isFinite, largest.isFinite, largest > 0, value != 0 else { return [] }
    let length = min(width, max(1, Int((abs(value) / largest * Double(width)).rounded())))
    guard length > 0 else { return [] }
    return value < 0
      ? StyledText(String(repeating: "<", count: length), negative)
      : StyledText(String(repeating: ">", count: length), positive)
  }
}
