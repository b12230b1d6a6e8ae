extension Canvas {
  /// Draws a frame with text in its top and bottom lines and empties its inside.
  ///
  /// Returns the inside without `padding` columns left and right. The title stands at the left of
  /// the top line, the footer at the right of the bottom line.
  @discardableResult
  public mutating func box(
    _ rect: Rect, title: StyledText = [], footer: StyledText = [], isFocused: Bool = false,
    padding: Int = 1
  ) -> Rect {
    let inner = Rect(
      x: rect.x + 1 + padding, y: rect.y + 1, width: rect.width - 2 - 2 * padding,
      height: rect.height - 2)
    guard rect.width >= 2, rect.height >= 2 else {
      return Rect(x: rect.x, y: rect.y, width: 0, height: 0)
    }
    let line = Style(isFocused ? .borderFocus : .border)
    let box = glyphs.box
    inside(rect) { view in
      let right = rect.width - 1
      let bottom = rect.height - 1
      view.fill(view.bounds)
      view.fill(Rect(x: 1, y: 0, width: right - 1, height: 1), with: box.horizontal, style: line)
      view.fill(
        Rect(x: 1, y: bottom, width: right - 1, height: 1), with: box.horizontal, style: line)
      view.fill(Rect(x: 0, y: 1, width: 1, height: bottom - 1), with: box.vertical, style: line)
      view.fill(Rect(x: right, y: 1, width: 1, height: bottom - 1), with: box.vertical, style: line)
      view.put(box.topLeft, x: 0, y: 0, style: line)
      view.put(box.topRight, x: right, y: 0, style: line)
      view.put(box.bottomLeft, x: 0, y: bottom, style: line)
      view.put(box.bottomRight, x: right, y: bottom, style: line)
      view.edgeText(title.tinted(.title), row: 0, alignment: .left, line: line)
      view.edgeText(footer.tinted(.dim), row: bottom, alignment: .right, line: line)
    }
    return inner
  }

  /// Text with a space on both sides, over a line of the frame.
  private mutating func edgeText(
    _ text: StyledText, row: Int, alignment: Alignment, line: Style
  ) {
    let room = size.width - 6
    guard !text.isEmpty, room > 0 else { return }
    let width = min(text.width, room)
    let start = alignment == .left ? 2 : size.width - 4 - width
    fill(Rect(x: start, y: row, width: width + 2, height: 1))
    put(text, x: start + 1, y: row, width: width)
  }
}
