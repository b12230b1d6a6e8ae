/// The rectangle of a plot with its two axes: where values lie in it, its grid, marks and labels.
struct PlotFrame {
  static let labelSize = 12.0
  /// Below the plot: labels of the marks and of the axis.
  static let heightOfXLabels = 42.0
  /// Above the plot: the label of the y axis.
  static let heightOfYLabel = 22.0

  let left: Double
  let top: Double
  let right: Double
  let bottom: Double
  let xRange: AxisRange
  let yRange: AxisRange
  private let yTicks: [Double]
  private let yLabels: [String]
  private let xTicks: [Double]
  private let xLabels: [String]

  /// - Parameters:
  ///   - margin: left edge of what is drawn; labels of the y axis stand between it and the plot.
  ///   - given: left edge of the plot; nil for what the labels of the y axis need.
  init(
    margin: Double, top: Double, right: Double, height: Double, x: AxisRange, y: AxisRange,
    left given: Double? = nil
  ) {
    self.top = top
    self.right = right
    bottom = top + height
    xRange = x
    yRange = y
    yTicks = AxisTicks.values(y, most: max(2, Int(height / 36)))
    yLabels = AxisLabels.of(yTicks, scale: y.scale)
    let widest = yLabels.map { TextWidth.of($0, size: Self.labelSize) }.max() ?? 0
    left = given ?? margin + max(16, widest) + 8
    (xTicks, xLabels) = Self.fitting(x, width: right - left)
  }

  func x(_ value: Double) -> Double? { xRange.share(value).map { left + $0 * (right - left) } }

  func y(_ value: Double) -> Double? { yRange.share(value).map { bottom - $0 * (bottom - top) } }

  /// As `x`, held inside the plot.
  func heldX(_ value: Double) -> Double? { x(value).map { min(right, max(left, $0)) } }

  /// As `y`, held inside the plot.
  func heldY(_ value: Double) -> Double? { y(value).map { min(bottom, max(top, $0)) } }

  /// Grid, marks, labels; what is plotted comes after it.
  func draw(on drawing: inout Drawing, xLabel: String, yLabel: String, margin: Double) {
    for minor in AxisTicks.minor(xRange) {
      guard let x = x(minor) else { continue }
      drawing.line(x, bottom, x, bottom + 3, colour: Palette.axis)
    }
    for minor in AxisTicks.minor(yRange) {
      guard let y = y(minor) else { continue }
      drawing.line(left - 3, y, left, y, colour: Palette.axis)
    }
    for (value, label) in zip(yTicks, yLabels) {
      guard let y = y(value) else { continue }
      drawing.line(left, y, right, y, colour: Palette.grid)
      drawing.text(
        label, left - 7, y + 4, size: Self.labelSize, colour: Palette.quietText, anchor: .end)
    }
    drawing.text(
      TextWidth.fitted(yLabel, size: Self.labelSize, into: right - margin), margin, top - 9,
      size: Self.labelSize, full: yLabel)
    drawAcross(on: &drawing, xLabel: xLabel, margin: margin)
  }

  /// The x axis alone, for charts whose rows are names.
  func drawAcross(on drawing: inout Drawing, xLabel: String, margin: Double) {
    for (value, label) in zip(xTicks, xLabels) {
      guard let x = x(value) else { continue }
      drawing.line(x, top, x, bottom, colour: Palette.grid)
      drawing.line(x, bottom, x, bottom + 5, colour: Palette.axis)
      drawing.text(
        label, x, bottom + 19, size: Self.labelSize, colour: Palette.quietText, anchor: .middle)
    }
    drawing.line(left, bottom, right, bottom, colour: Palette.axis)
    drawing.text(
      TextWidth.fitted(xLabel, size: Self.labelSize, into: right - margin), (left + right) / 2,
      bottom + 38, size: Self.labelSize, anchor: .middle, full: xLabel)
  }

  /// The most marks whose labels keep apart.
  private static func fitting(_ range: AxisRange, width: Double) -> ([Double], [String]) {
    var most = max(2, Int(width / 60))
    while true {
      let ticks = AxisTicks.values(range, most: most)
      let labels = AxisLabels.of(ticks, scale: range.scale)
      let places = ticks.map { (range.share($0) ?? 0) * width }
      let widths = labels.map { TextWidth.of($0, size: labelSize) }
      let isApart = places.indices.dropFirst().allSatisfy {
        places[$0] - places[$0 - 1] >= (widths[$0] + widths[$0 - 1]) / 2 + 10
      }
      if isApart || most <= 1 { return isApart ? (ticks, labels) : ([], []) }
      most -= 1
    }
  }
}
