/// A point of a curve; a y that is not finite makes a gap.
public struct PlotPoint: Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// A curve. `isFaint` draws it dim and behind the others: raw values under their smoothed curve.
public struct PlotSeries: Hashable, Sendable {
  public var name: String
  public var points: [PlotPoint]
  public var role: StyleRole
  public var isFaint: Bool

  public init(_ name: String, points: [PlotPoint], role: StyleRole, isFaint: Bool = false) {
    self.name = name
    self.points = points
    self.role = role
    self.isFaint = isFaint
  }
}

/// Curves over a common x axis.
///
/// Braille gives 2x4 dots a cell, blocks 1x2, ASCII one mark a cell (`*`, `o`, ...). In monochrome
/// several curves are drawn with marks as well, because dots cannot be told apart without colour.
public struct LinePlot: Widget {
  public var series: [PlotSeries]
  public var isLogarithmic: Bool
  /// Horizontal lines, such as a threshold.
  public var guides: [Double]
  /// Vertical lines, such as the borders of epochs; only those between the ends of the curves are
  /// drawn, and none where they would stand closer than every fourth column.
  public var borders: [Double]
  /// A vertical line in the accent's colour: where somebody points.
  public var cursor: Double?
  /// Written at the end of the x axis, such as "tok".
  public var xUnit: String
  /// Text shown while there is no point.
  public var emptyText: String

  public static let hitKind = "plot"

  public init(
    _ series: [PlotSeries], isLogarithmic: Bool = false, guides: [Double] = [],
    borders: [Double] = [], xUnit: String = "", emptyText: String = "no data yet"
  ) {
    self.series = series
    self.isLogarithmic = isLogarithmic
    self.guides = guides
    self.borders = borders
    self.xUnit = xUnit
    self.emptyText = emptyText
  }

  /// Names of the curves in their colours with their marks, for the title of the box around it.
  public func legend(glyphs: Glyphs) -> StyledText {
    let marks = glyphs.seriesMarks
    let drawn = series.filter { !$0.isFaint }
    return StyledText(
      drawn.enumerated().flatMap { index, curve in
        [
          Span(index == 0 ? "" : "  "), Span(marks[index % marks.count], curve.role, .bold),
          Span(" \(curve.name)", curve.role),
        ]
      })
  }

  public func draw(on canvas: inout Canvas) {
    guard !canvas.bounds.isEmpty else { return }
    guard let axes = axes(canvas.size) else {
      canvas.put(
        StyledText(emptyText, .dim), x: 0, y: canvas.size.height / 2,
        width: canvas.size.width, alignment: .centre)
      return
    }
    axes.draw(on: &canvas, xUnit: xUnit)
    canvas.inside(axes.area) { view in
      drawBorders(axes, on: &view)
      drawGuides(axes, on: &view)
      drawCursor(axes, on: &view)
      drawCurves(axes, on: &view)
    }
    canvas.mark(axes.area, as: HitTarget(Self.hitKind))
  }

  private func axes(_ size: Size) -> Axes? {
    var x: (Double, Double)?
    var y: (Double, Double)?
    for curve in series {
      for point in curve.points where point.x.isFinite && point.y.isFinite {
        if isLogarithmic && point.y <= 0 { continue }
        x = (min(x?.0 ?? point.x, point.x), max(x?.1 ?? point.x, point.x))
        y = (min(y?.0 ?? point.y, point.y), max(y?.1 ?? point.y, point.y))
      }
    }
    guard let x, var y else { return nil }
    for guide in guides where guide.isFinite && !(isLogarithmic && guide <= 0) {
      y = (min(y.0, guide), max(y.1, guide))
    }
    let margin = isLogarithmic ? 0 : (y.1 - y.0) * 0.03
    return Axes(
      x: PlotScale(low: x.0, high: x.1),
      y: PlotScale(
        low: y.0 - margin, high: y.1 + margin,
        isLogarithmic: isLogarithmic),
      size: size)
  }

  private func drawGuides(_ axes: Axes, on canvas: inout Canvas) {
    for guide in guides {
      guard let row = axes.row(guide) else { continue }
      let mark = canvas.glyphs == .ascii ? "-" : "╌"
      canvas.fill(
        Rect(x: 0, y: row, width: canvas.size.width, height: 1), with: mark, style: Style(.dim))
    }
  }

  private func drawBorders(_ axes: Axes, on canvas: inout Canvas) {
    let inside = Set(borders.filter { axes.x.low < $0 && $0 < axes.x.high })
    guard inside.count * 4 <= canvas.size.width else { return }
    for border in inside {
      guard let column = axes.column(border) else { continue }
      let mark = canvas.glyphs == .ascii ? ":" : "┊"
      canvas.fill(
        Rect(x: column, y: 0, width: 1, height: canvas.size.height), with: mark, style: Style(.dim))
    }
  }

  private func drawCursor(_ axes: Axes, on canvas: inout Canvas) {
    guard let cursor, let column = axes.column(cursor) else { return }
    let mark = canvas.glyphs == .ascii ? "|" : "│"
    canvas.fill(
      Rect(x: column, y: 0, width: 1, height: canvas.size.height), with: mark,
      style: Style(.accent))
  }

  private func drawCurves(_ axes: Axes, on canvas: inout Canvas) {
    let drawn = series.filter(\.isFaint) + series.filter { !$0.isFaint }
    let faint = series.count { $0.isFaint }
    let usesMarks =
      canvas.glyphs == .ascii || (canvas.isMonochrome && drawn.count - faint > 1)
    let (across, down) = usesMarks ? (1, 1) : canvas.glyphs == .braille ? (2, 4) : (1, 2)
    var dots = DotGrid(
      columns: canvas.size.width, rows: canvas.size.height, across: across, down: down)
    for (index, curve) in drawn.enumerated() { plot(curve, index: index, axes: axes, on: &dots) }
    let solid = canvas.glyphs.seriesMarks
    let marks = Array(repeating: canvas.glyphs == .ascii ? "." : "·", count: faint) + solid
    for y in 0..<dots.rows {
      for x in 0..<dots.columns {
        guard let cell = dots.cell(x: x, y: y, marks: marks), drawn.indices.contains(cell.series)
        else { continue }
        let curve = drawn[cell.series]
        canvas.put(cell.text, x: x, y: y, role: curve.isFaint ? .dim : curve.role)
      }
    }
  }

  private func plot(_ curve: PlotSeries, index: Int, axes: Axes, on dots: inout DotGrid) {
    // A share beyond the edge is cut just outside it: the line still leaves at the right angle.
    func row(_ share: Double) -> Int {
      let cut = min(2, max(-1, share))
      let height = Double(dots.height)
      return share == 1 ? 0 : dots.height - 1 - Int((cut * height).rounded(.down))
    }
    let entries = ColumnExtremes.reduce(
      curve.points, x: axes.x, y: axes.y, columns: dots.width)
    var previous: Point?
    for entry in entries {
      let column = min(dots.width + 1, max(-2, entry.column))
      if !entry.startsRun, let previous {
        dots.line(from: previous, to: Point(x: column, y: row(entry.first)), series: index)
      }
      dots.line(
        from: Point(x: column, y: row(entry.minimum)), to: Point(x: column, y: row(entry.maximum)),
        series: index)
      previous = Point(x: column, y: row(entry.last))
    }
  }
}
