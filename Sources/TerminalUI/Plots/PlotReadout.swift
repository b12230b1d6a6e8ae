/// Where somebody points on a plot, and what it says there.
public struct PlotReadout: Hashable, Sendable {
  /// On the x axis.
  public var x: Double
  /// Written beside the ruler: the place, then a line for every series.
  public var lines: [StyledText]

  public init(x: Double, lines: [StyledText] = []) {
    self.x = x
    self.lines = lines
  }

  /// A ruler from top to bottom; curves are drawn over it.
  func drawRuler(_ axes: Axes, on canvas: inout Canvas) {
    guard let column = axes.column(x) else { return }
    canvas.fill(
      Rect(x: column, y: 0, width: 1, height: canvas.size.height), with: canvas.glyphs.box.vertical,
      style: Style(.accent))
  }

  /// The lines in the free corner beside the ruler; what there is no room for is left out.
  func drawLines(_ axes: Axes, on canvas: inout Canvas) {
    guard let column = axes.column(x), let longest = lines.map(\.width).max() else { return }
    let size = canvas.size
    let width = longest + 2
    let height = min(lines.count, size.height)
    guard width < size.width, height > 0 else { return }
    let right = column + 1
    let left = column - width
    let isRight = right + width <= size.width && (left < 0 || column < size.width / 2)
    guard isRight || left >= 0 || right + width <= size.width else { return }
    let start = isRight || left < 0 ? right : left
    let top = Rect(x: start, y: 0, width: width, height: height)
    let bottom = Rect(x: start, y: size.height - height, width: width, height: height)
    let isTop = Self.count(top, canvas) <= Self.count(bottom, canvas)
    let rect = isTop ? top : bottom
    canvas.fill(rect)
    for (row, line) in lines.prefix(height).enumerated() {
      canvas.put(line, x: rect.x + 1, y: rect.y + row, width: longest)
    }
  }

  /// Cells that are not free.
  private static func count(_ rect: Rect, _ canvas: Canvas) -> Int {
    var count = 0
    for y in rect.y..<rect.maxY {
      for x in rect.x..<rect.maxX where canvas.cell(x: x, y: y).text != " " { count += 1 }
    }
    return count
  }
}
