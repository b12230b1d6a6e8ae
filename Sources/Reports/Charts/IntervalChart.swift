/// Values with intervals for each of some names: losses or accuracies of several models, or paired
/// differences around zero.
public struct IntervalChart: Sendable, Equatable {
  public struct Value: Sendable, Equatable {
    public var value: Double
    /// Ends of its interval; nil where it is not known.
    public var low: Double?
    public var high: Double?

    /// - Parameter halfWidth: half the width of its interval.
    public init(_ value: Double, halfWidth: Double? = nil) {
      let half = halfWidth.flatMap { $0.isFinite ? abs($0) : nil }
      self.init(value, low: half.map { value - $0 }, high: half.map { value + $0 })
    }

    public init(_ value: Double, low: Double?, high: Double?) {
      self.value = value
      self.low = low
      self.high = high
    }
  }

  public struct Row: Sendable, Equatable {
    public var name: String
    /// One for every series; nil where it has none.
    public var values: [Value?]

    public init(_ name: String, _ values: [Value?]) {
      self.name = name
      self.values = values
    }
  }

  /// Most rows; the rest is counted.
  private static let most = 40

  public var title: String
  public var subtitle: String
  public var xLabel: String
  public var series: [String]
  public var rows: [Row]
  /// Whether zero is marked, for differences.
  public var marksZero: Bool
  public var notes: [String]
  public var width = 760.0

  public init(
    title: String, subtitle: String = "", xLabel: String, series: [String], rows: [Row],
    marksZero: Bool = false, notes: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.series = series
    self.rows = rows
    self.marksZero = marksZero
    self.notes = notes
  }

  public var svg: String { drawing.svg }

  public var drawing: Drawing {
    let shown = Array(rows.prefix(Self.most))
    let left = rows.count - shown.count
    let text = ChartText(
      title, subtitle: subtitle, notes: notes + (left > 0 ? ["\(left) more are not drawn."] : []),
      width: width)
    let names = NameRows(
      shown.map(\.name), width: width, rowHeight: max(24, Double(series.count) * 10 + 10))
    let ends = shown.flatMap { row in
      row.values.compactMap { $0 }.flatMap { [$0.value, $0.low ?? $0.value, $0.high ?? $0.value] }
    }
    let axis = AxisRange(of: ends + (marksZero ? [0] : []), scale: .linear)
    let labels = series.map { TextWidth.fitted($0, size: 12, into: 220) }
    let legend =
      series.count > 1
      ? Legend(
        names: labels, width: width - 2 * ChartText.margin,
        widest: labels.map { TextWidth.of($0, size: 12) }.max() ?? 0) : nil
    let top = text.bottomOfHead + 6 + (legend?.height ?? 0)
    let plot = RowFrame(
      names, left: ChartText.margin, top: top, right: width - ChartText.margin - 8, axis: axis)
    var drawing = Drawing(
      width: width, height: plot.plot.bottom + PlotFrame.heightOfXLabels + text.notesHeight + 12,
      title: title, description: subtitle)
    text.draw(on: &drawing)
    legend?.draw(on: &drawing, x: ChartText.margin, y: text.bottomOfHead + 2, full: series) {
      drawing, index, x, y in
      mark(x + 9, y, half: 9, style: index, on: &drawing)
    }
    plot.draw(on: &drawing, xLabel: xLabel)
    if marksZero, let zero = plot.plot.x(0) {
      drawing.line(zero, plot.plot.top, zero, plot.plot.bottom, colour: Palette.text, width: 1.2)
    }
    for (index, row) in shown.enumerated() { draw(row, at: plot.y(index), on: &drawing, plot.plot) }
    return drawing
  }

  private func draw(_ row: Row, at middle: Double, on drawing: inout Drawing, _ plot: PlotFrame) {
    for (style, value) in row.values.prefix(series.count).enumerated() {
      guard let value, let x = plot.heldX(value.value) else { continue }
      let y = middle + (Double(style) - Double(series.count - 1) / 2) * 10
      if let low = value.low.flatMap(plot.heldX), let high = value.high.flatMap(plot.heldX) {
        drawing.line(low, y, high, y, colour: Palette.colour(style), width: 1.8)
        drawing.line(low, y - 3, low, y + 3, colour: Palette.colour(style), width: 1.4)
        drawing.line(high, y - 3, high, y + 3, colour: Palette.colour(style), width: 1.4)
      }
      drawing.dot(
        x, y, radius: 3.6, colour: Palette.colour(style), isHollow: style >= Palette.series.count)
    }
  }

  private func mark(
    _ x: Double, _ y: Double, half: Double, style: Int, on drawing: inout Drawing
  ) {
    drawing.line(x - half, y, x + half, y, colour: Palette.colour(style), width: 1.8)
    drawing.dot(
      x, y, radius: 3.6, colour: Palette.colour(style), isHollow: style >= Palette.series.count)
  }
}
