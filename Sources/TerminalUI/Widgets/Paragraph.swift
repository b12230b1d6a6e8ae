/// Wrapped text, from line `top` on.
public struct Paragraph: Widget {
  public var text: StyledText
  /// First line shown, counted from 0.
  public var top: Int

  public init(_ text: StyledText, top: Int = 0) {
    self.text = text
    self.top = top
  }

  /// Number of lines in a view of this width, at most `limit`.
  public func lineCount(width: Int, limit: Int = 100_000) -> Int {
    TextWrap.lines(text, width: width, limit: limit).count
  }

  public func draw(on canvas: inout Canvas) {
    let first = max(0, top)
    let height = canvas.size.height
    guard height > 0, canvas.size.width > 0 else { return }
    let (limit, overflow) = first.addingReportingOverflow(height)
    let lines = TextWrap.lines(
      text, width: canvas.size.width, limit: overflow ? .max : limit)
    for (row, line) in lines.dropFirst(first).prefix(height).enumerated() {
      canvas.put(line, x: 0, y: row, width: canvas.size.width)
    }
  }
}
