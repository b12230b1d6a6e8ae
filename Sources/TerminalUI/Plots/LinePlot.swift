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
/// Braille gives 2x4 dots a cell, blocks 1x2, ASCII one mark a cell (`*`, `o`, ...). Every curve ends
/// with its sign, the one of the legend; where few colours are to be had it carries the sign on its
/// way as well. The y axis spans what is visible.
public struct LinePlot: Widget {
  public var series: [PlotSeries]
  /// What is shown of the x axis; nil = from the first to the last point. With it points are in the
  /// order of x.
  public var x: PlotScale?
  public var isLogarithmic: Bool
  /// Horizontal lines, such as a threshold.
  public var guides: [Double]
  /// Vertical lines, such as the borders of epochs; only those between the ends of the curves are
  /// drawn, and none where they would stand closer than every fourth column.
  public var borders: [Double]
  /// Where somebody points.
  public var readout: PlotReadout?
  /// Written at the end of the x axis, such as "tok".
  public var xUnit: String
  /// Text shown while there is no point.
  public var emptyText: String
  /// What the data area is for the mouse.
  public var target = HitTarget(hitKind)

  public static let hitKind = "plot"

  public init(
    _ series: [PlotSeries], x: PlotScale? = nil, isLogarithmic: Bool = false,
    guides: [Double] = [], borders: [Double] = [], xUnit: String = "",
    emptyText: String = "no data yet"
  ) {
    self.series = series
    self.x = x
    self.isLogarithmic = isLogarithmic
    self.guides = guides
    self.borders = borders
    self.xUnit = xUnit
    self.emptyText = emptyText
  }

  /// Names of the curves in their colours with their signs, for the title of the box around it.
  public func legend(glyphs: Glyphs) -> StyledText {
    let drawn = series.filter { !$0.isFaint }
    return StyledText(
      drawn.enumerated().flatMap { index, curve in
        [
          Span(index == 0 ? "" : "  "), Span(Self.sign(index, glyphs), curve.role, .bold),
          Span(" \(curve.name)", curve.role),
        ]
      })
  }

  /// The sign of a curve, counted from 0 without the faint ones.
  public static func sign(_ index: Int, _ glyphs: Glyphs) -> String {
    glyphs.seriesMarks[index % glyphs.seriesMarks.count]
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
      readout?.drawRuler(axes, on: &view)
      CurveDrawing(plot: self, axes: axes, canvas: view).draw(on: &view)
      readout?.drawLines(axes, on: &view)
    }
    canvas.mark(axes.area, as: target)
  }

  /// The points of a curve that are seen, and one on both sides for the way to them.
  func visible(_ curve: PlotSeries) -> ArraySlice<PlotPoint> {
    guard let x else { return curve.points[...] }
    let points = curve.points
    let first = points.firstPlace { $0.x >= x.low }
    let last = points.firstPlace { $0.x > x.high }
    return points[max(0, first - 1)..<min(points.count, max(first, last) + 1)]
  }

  private func axes(_ size: Size) -> Axes? {
    var across: (Double, Double)?
    var up: (Double, Double)?
    // Of the neighbours outside, for a window between two points.
    var beside: (Double, Double)?
    func wider(_ range: (Double, Double)?, _ value: Double) -> (Double, Double) {
      (min(range?.0 ?? value, value), max(range?.1 ?? value, value))
    }
    for curve in series {
      for point in visible(curve) where point.x.isFinite && point.y.isFinite {
        if isLogarithmic && point.y <= 0 { continue }
        across = wider(across, point.x)
        if let x, point.x < x.low || point.x > x.high {
          beside = wider(beside, point.y)
        } else {
          up = wider(up, point.y)
        }
      }
    }
    if let x {
      for curve in series {
        for y in crossings(of: visible(curve), x) where !(isLogarithmic && y <= 0) {
          up = wider(up, y)
        }
      }
    }
    up = up ?? beside
    guard let across, var up else { return nil }
    let isPositive = up.0 >= 0
    for guide in guides where guide.isFinite && !(isLogarithmic && guide <= 0) {
      up = (min(up.0, guide), max(up.1, guide))
    }
    let margin = isLogarithmic ? 0 : (up.1 - up.0) * 0.03
    return Axes(
      x: x ?? PlotScale(low: across.0, high: across.1),
      y: PlotScale(
        // Losses are never below zero: nor is their axis.
        low: isPositive && up.0 >= 0 ? max(0, up.0 - margin) : up.0 - margin,
        high: up.1 + margin, isLogarithmic: isLogarithmic),
      size: size)
  }

  /// Where a curve comes into what is shown of the x axis, and where it leaves it.
  private func crossings(of points: ArraySlice<PlotPoint>, _ x: PlotScale) -> [Double] {
    func between(_ one: PlotPoint, _ other: PlotPoint, _ edge: Double) -> Double? {
      guard one.x < edge, edge < other.x, let start = x.position(one.x),
        let end = x.position(other.x), let place = x.position(edge), end > start
      else { return nil }
      let value = one.y + (other.y - one.y) * (place - start) / (end - start)
      return value.isFinite ? value : nil
    }
    guard points.count > 1 else { return [] }
    let (first, last) = (points.startIndex, points.endIndex - 1)
    return [
      between(points[first], points[first + 1], x.low),
      between(points[last - 1], points[last], x.high),
    ].compactMap { $0 }
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
}

extension RandomAccessCollection where Index == Int {
  /// The first index at which `isBehind` holds, in a list in which it holds from there to the end.
  public func firstPlace(where isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
