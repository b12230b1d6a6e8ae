/// How many values lie where, kept and dropped ones stacked, with the threshold between them.
public struct HistogramChart: Sendable, Equatable {
  /// Bins of one width beside each other.
  public struct Bins: Sendable, Equatable {
    /// Lower end of the first bin.
    public var start: Double
    public var width: Double
    public var kept: [Int]
    public var dropped: [Int]

    /// - Parameter dropped: as many as `kept`; what one lacks counts as 0.
    public init(start: Double, width: Double, kept: [Int], dropped: [Int]) {
      self.start = start
      self.width = width
      self.kept = kept
      self.dropped = dropped
    }

    var count: Int { max(kept.count, dropped.count) }
    func kept(_ bin: Int) -> Int { bin < kept.count ? max(0, kept[bin]) : 0 }
    func dropped(_ bin: Int) -> Int { bin < dropped.count ? max(0, dropped[bin]) : 0 }
    func edge(_ bin: Int) -> Double { start + Double(bin) * width }

    /// At most `most` bins: neighbours are joined.
    func joined(most: Int) -> Bins {
      let each = (count + most - 1) / max(1, most)
      guard each > 1 else { return self }
      func sums(_ value: (Int) -> Int) -> [Int] {
        stride(from: 0, to: count, by: each).map { first in
          (first..<min(count, first + each)).reduce(0) { $0 + value($1) }
        }
      }
      return Bins(
        start: start, width: width * Double(each), kept: sums(kept), dropped: sums(dropped))
    }
  }

  /// Most bars of a picture.
  private static let most = 160

  public var title: String
  public var subtitle: String
  public var xLabel: String
  public var yLabel: String
  public var bins: Bins
  /// Where kept values begin; nil where there is no such value.
  public var threshold: Double?
  public var thresholdName: String
  public var notes: [String]
  public var width = 760.0
  public var plotHeight = 260.0

  public init(
    title: String, subtitle: String = "", xLabel: String, yLabel: String, bins: Bins,
    threshold: Double?, thresholdName: String = "threshold", notes: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.bins = bins
    self.threshold = threshold
    self.thresholdName = thresholdName
    self.notes = notes
  }

  public var svg: String { drawing.svg }

  public var drawing: Drawing {
    let text = ChartText(title, subtitle: subtitle, notes: notes, width: width)
    let margin = ChartText.margin
    let isDrawable =
      bins.count > 0 && bins.width > 0 && bins.start.isFinite && bins.edge(bins.count).isFinite
    let bins =
      isDrawable
      ? self.bins.joined(most: Self.most)
      : Bins(
        start: 0, width: 1, kept: [], dropped: [])
    let edges = isDrawable ? [bins.edge(0), bins.edge(bins.count)] : []
    let heights = (0..<bins.count).map { Double(bins.kept($0) + bins.dropped($0)) }
    let legendHeight = 20.0
    let frame = PlotFrame(
      margin: margin, top: text.bottomOfHead + PlotFrame.heightOfYLabel + legendHeight,
      right: width - margin - 8, height: plotHeight,
      x: AxisRange(of: edges, scale: .linear, margin: 0.02),
      y: AxisRange(of: heights + [0, 1], scale: .linear, includesZero: true))
    var drawing = Drawing(
      width: width, height: frame.bottom + PlotFrame.heightOfXLabels + text.notesHeight + 12,
      title: title, description: subtitle)
    text.draw(on: &drawing)
    drawLegend(on: &drawing, y: text.bottomOfHead + 6)
    frame.draw(on: &drawing, xLabel: xLabel, yLabel: yLabel, margin: margin)
    if !heights.contains(where: { $0 > 0 }) {
      drawing.text(
        "no data", (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2, size: 13,
        colour: Palette.quietText, anchor: .middle)
    }
    var bars:
      (kept: [(Double, Double, Double, Double)], dropped: [(Double, Double, Double, Double)])
    bars = ([], [])
    for bin in 0..<bins.count {
      guard let left = frame.heldX(bins.edge(bin)), let right = frame.heldX(bins.edge(bin + 1)),
        let top = frame.y(Double(bins.kept(bin) + bins.dropped(bin))),
        let middle = frame.y(Double(bins.dropped(bin)))
      else { continue }
      let space = right - left > 4 ? 1.0 : 0
      if bins.dropped(bin) > 0 {
        bars.dropped.append((left, middle, right - left - space, frame.bottom - middle))
      }
      if bins.kept(bin) > 0 {
        bars.kept.append((left, top, right - left - space, middle - top))
      }
    }
    drawing.rectangles(bars.dropped, fill: Palette.dropped)
    drawing.rectangles(bars.kept, fill: Palette.kept)
    drawThreshold(on: &drawing, frame)
    return drawing
  }

  private func drawLegend(on drawing: inout Drawing, y: Double) {
    var x = ChartText.margin
    let kept = bins.kept.reduce(0, +) > 0
    let dropped = bins.dropped.reduce(0, +) > 0
    for (name, colour, isThere) in [
      ("kept", Palette.kept, kept), ("dropped", Palette.dropped, dropped),
    ] where isThere {
      drawing.rectangle(x, y - 9, 12, 12, fill: colour, radius: 2)
      drawing.text(name, x + 18, y + 1)
      x += 18 + TextWidth.of(name, size: 12) + 20
    }
  }

  private func drawThreshold(on drawing: inout Drawing, _ frame: PlotFrame) {
    guard let threshold, let x = frame.x(threshold), x >= frame.left, x <= frame.right else {
      return
    }
    drawing.line(
      x, frame.top - 6, x, frame.bottom, colour: Palette.threshold, width: 1.5, dash: "5 3")
    let name = TextWidth.fitted(thresholdName, size: 12, into: 240)
    let fits = x + 6 + TextWidth.of(name, size: 12) <= frame.right
    drawing.text(
      name, fits ? x + 6 : x - 6, frame.top - 9, colour: Palette.threshold,
      anchor: fits ? .start : .end, full: thresholdName)
  }
}
