/// Wrapped text, from line `top` on.
public struct Paragraph: Widget {
  public var text: StyledText
  /// First line shown, counted from 0.
  public var top: Int
  /// Without wrapping, lines end at line feeds and are cut.
  public var isWrapped: Bool

  public init(_ text: StyledText, top: Int = 0, isWrapped: Bool = true) {
    self.text = text
    self.top = top
    self.isWrapped = isWrapped
  }

  /// Number of lines in a view of this width, at most `limit`.
  public func lineCount(width: Int, limit: Int = 100_000) -> Int {
    TextWrap.lines(text, width: isWrapped ? width : .max, limit: limit).count
  }

  public func draw(on canvas: inout Canvas) {
    let first = max(0, top)
    let height = canvas.size.height
    guard height > 0, canvas.size.width > 0 else { return }
    let (limit, overflow) = first.addingReportingOverflow(height)
    let lines = TextWrap.lines(
      text, width: isWrapped ? canvas.size.width : .max, limit: overflow ? .max : limit)
    for (row, line) in lines.dropFirst(first).prefix(height).enumerated() {
      canvas.put(line, x: 0, y: row, width: canvas.size.width)
    }
  }
}
