/// Draws the curves of a plot into its data area.
struct CurveDrawing {
  private let axes: Axes
  /// Faint ones first.
  private let curves: [PlotSeries]
  private let solidSigns: [String]
  private let plot: LinePlot
  private var dots: DotGrid
  private let hasSignsOnTheWay: Bool
  private let isMarks: Bool

  /// A sign on the way of a curve stands in every so many columns.
  private static let signDistance = 8

  init(plot: LinePlot, axes: Axes, canvas: Canvas) {
    self.plot = plot
    self.axes = axes
    let solid = plot.series.filter { !$0.isFaint }
    curves = plot.series.filter(\.isFaint) + solid
    solidSigns = solid.indices.map { LinePlot.sign($0, canvas.glyphs) }
    isMarks = canvas.glyphs == .ascii
    hasSignsOnTheWay = !isMarks && canvas.hasFewColours && solid.count > 1
    let (across, down) = isMarks ? (1, 1) : canvas.glyphs == .braille ? (2, 4) : (1, 2)
    dots = DotGrid(
      columns: canvas.size.width, rows: canvas.size.height, across: across, down: down,
      isFaint: curves.map(\.isFaint))
    for layer in curves.indices { add(layer) }
  }

  private var faint: Int { curves.count - solidSigns.count }

  func draw(on canvas: inout Canvas) {
    let faintMark = isMarks ? "." : "·"
    for y in 0..<dots.rows {
      for x in 0..<dots.columns {
        guard let layer = dots.owner(x: x, y: y) else { continue }
        let mark = layer < faint ? faintMark : solidSigns[layer - faint]
        let curve = curves[layer]
        canvas.put(
          dots.text(x: x, y: y, layer: layer, mark: mark, isMerged: canvas.isMonochrome), x: x,
          y: y,
          role: curve.isFaint ? .dim : curve.role)
      }
    }
    // Marks are signs already.
    guard !isMarks else { return }
    var taken: Set<Point> = []
    drawCrossings(&taken, on: &canvas)
    drawEnds(&taken, on: &canvas)
    if hasSignsOnTheWay { drawSignsOnTheWay(&taken, on: &canvas) }
  }

  /// Signs between the ends, those of one curve between those of another.
  private func drawSignsOnTheWay(_ taken: inout Set<Point>, on canvas: inout Canvas) {
    let shift = max(1, Self.signDistance / max(1, solidSigns.count))
    for index in solidSigns.indices {
      let first = (index * shift + Self.signDistance / 2) % Self.signDistance
      for column in stride(from: first, to: dots.columns, by: Self.signDistance) {
        _ = put(index, column: column, &taken, on: &canvas)
      }
    }
  }

  /// The last point of every curve; of two at one place the later curve's sign moves to the left. The
  /// ruler's signs stand for ends beside them.
  private func drawEnds(_ taken: inout Set<Point>, on canvas: inout Canvas) {
    let ruler = plot.readout.flatMap { axes.column($0.x) }
    for index in solidSigns.indices {
      var column = dots.columns - 1
      while column >= 0, middle(index + faint, column: column) == nil { column -= 1 }
      if let ruler, abs(column - ruler) <= 1 { continue }
      while column >= 0, !put(index, column: column, &taken, on: &canvas) { column -= 1 }
    }
  }

  /// Where the ruler crosses the curves; of two at one place the later curve's sign stands beside it.
  private func drawCrossings(_ taken: inout Set<Point>, on canvas: inout Canvas) {
    guard let readout = plot.readout, let ruler = axes.column(readout.x) else { return }
    for index in solidSigns.indices {
      let places = [ruler, ruler - 1, ruler + 1, ruler - 2, ruler + 2]
      _ = places.first { put(index, column: $0, &taken, on: &canvas) }
    }
  }

  /// Puts the sign of a curve on it; false where it has no place there.
  private func put(
    _ index: Int, column: Int, _ taken: inout Set<Point>, on canvas: inout Canvas
  ) -> Bool {
    guard let row = middle(index + faint, column: column),
      taken.insert(Point(x: column, y: row)).inserted
    else { return false }
    canvas.put(
      solidSigns[index], x: column, y: row, style: Style(curves[index + faint].role, .bold))
    return true
  }

  /// The row in the middle of what a curve has in a column.
  private func middle(_ layer: Int, column: Int) -> Int? {
    let rows = dots.rows(ofLayer: layer, column: column)
    return rows.isEmpty ? nil : rows[rows.count / 2]
  }

  private mutating func add(_ layer: Int) {
    // A share beyond the edge is cut just outside it: the line still leaves at the right angle.
    let height = dots.height
    func row(_ share: Double) -> Int {
      let cut = min(2, max(-1, share))
      return share == 1 ? 0 : height - 1 - Int((cut * Double(height)).rounded(.down))
    }
    let entries = ColumnExtremes.reduce(
      plot.visible(curves[layer]), x: axes.x, y: axes.y, columns: dots.width)
    var previous: (column: Int, share: Double)?
    for entry in entries {
      if !entry.startsRun, let previous {
        let start = cut(previous, towards: (entry.column, entry.first))
        let end = cut((entry.column, entry.first), towards: previous)
        dots.line(
          from: Point(x: start.column, y: row(start.share)),
          to: Point(x: end.column, y: row(end.share)), layer: layer)
      }
      previous = (entry.column, entry.last)
      guard entry.column >= 0, entry.column < dots.width else { continue }
      dots.line(
        from: Point(x: entry.column, y: row(entry.minimum)),
        to: Point(x: entry.column, y: row(entry.maximum)), layer: layer)
    }
  }

  /// A place, moved along the way to another so that it lies at most just outside.
  private func cut(
    _ place: (column: Int, share: Double), towards other: (column: Int, share: Double)
  ) -> (column: Int, share: Double) {
    let column = min(dots.width, max(-1, place.column))
    guard column != place.column, other.column != place.column else { return place }
    let part = Double(column - place.column) / Double(other.column - place.column)
    guard (0...1).contains(part) else { return (column, place.share) }
    return (column, place.share + part * (other.share - place.share))
  }
}
