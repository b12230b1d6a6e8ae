/// A value for each of some names, as bars from zero with the value in words behind them.
public struct BarChart: Sendable, Equatable {
  public struct Bar: Sendable, Equatable {
    public var name: String
    /// Not negative.
    public var value: Double
    /// The value in words.
    public var words: String

    public init(_ name: String, _ value: Double, _ words: String) {
      self.name = name
      self.value = value
      self.words = words
    }
  }

  /// Most bars; the rest is counted.
  private static let most = 40
  private static let rowHeight = 24.0

  public var title: String
  public var subtitle: String
  public var xLabel: String
  public var bars: [Bar]
  /// The end of the axis; nil for what the bars need.
  public var end: Double?
  /// A value that all bars are seen against, with its name.
  public var reference: XYChart.Marker?
  public var notes: [String]
  public var width = 760.0

  public init(
    title: String, subtitle: String = "", xLabel: String, bars: [Bar], end: Double? = nil,
    reference: XYChart.Marker? = nil, notes: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.bars = bars
    self.end = end
    self.reference = reference
    self.notes = notes
  }

  public var svg: String { drawing.svg }

  public var drawing: Drawing {
    let shown = Array(bars.prefix(Self.most))
    let left = bars.count - shown.count
    let text = ChartText(
      title, subtitle: subtitle, notes: notes + (left > 0 ? ["\(left) more are not drawn."] : []),
      width: width)
    let rows = NameRows(shown.map(\.name), width: width, rowHeight: Self.rowHeight)
    let words = shown.map { TextWidth.of($0.words, size: 12) }.max() ?? 0
    let values = shown.map(\.value).filter { $0.isFinite && $0 >= 0 }
    let axis =
      end.map { AxisRange(from: 0, to: $0, scale: .linear) }
      ?? AxisRange(of: values + [0], scale: .linear, margin: 0, includesZero: true)
    let marks = reference.map { [$0] } ?? []
    func frame(_ top: Double) -> RowFrame {
      RowFrame(
        rows, left: ChartText.margin, top: top,
        right: width - ChartText.margin - words - 10, axis: axis)
    }
    let labels = MarkerLabels(marks, in: frame(0).plot)
    let plot = frame(text.bottomOfHead + labels.height + 6)
    var drawing = Drawing(
      width: width, height: plot.plot.bottom + PlotFrame.heightOfXLabels + text.notesHeight + 12,
      title: title, description: subtitle)
    text.draw(on: &drawing)
    plot.draw(on: &drawing, xLabel: xLabel)
    labels.draw(on: &drawing, plot.plot)
    for (index, bar) in shown.enumerated() {
      let y = plot.y(index)
      if bar.value.isFinite, bar.value >= 0, let end = plot.plot.heldX(bar.value) {
        drawing.rectangle(
          plot.plot.left, y - 7, end - plot.plot.left, 14, fill: Palette.kept, radius: 1)
        drawing.text(bar.words, end + 7, y + 4, hasHalo: true)
      } else {
        drawing.text(bar.words, plot.plot.left + 7, y + 4, colour: Palette.quietText)
      }
    }
    return drawing
  }
}
