import Foundation
import Numerics

/// Counts of values in equal bins as columns; a threshold splits them into dropped and kept.
///
/// Dropped columns are drawn with another character, and a line stands at the threshold, so that
/// the split can be read without colour. The height of a column is the mean count of the bins under it.
public struct Histogram: Widget {
  /// Count of each bin, lowest values first.
  public var counts: [Int]
  /// Lower edge of the first bin and upper edge of the last.
  public var range: ClosedRange<Double>
  /// What is shown of the range; nil = all of it.
  public var window: ClosedRange<Double>?
  /// Values from here on are kept.
  public var threshold: Double?
  public var isLogarithmic: Bool
  /// Where somebody points.
  public var readout: PlotReadout?
  /// A range that is marked.
  public var brush: ClosedRange<Double>?
  /// What the data area is for the mouse.
  public var target = HitTarget(hitKind)

  public static let hitKind = "histogram"

  public init(
    counts: [Int], range: ClosedRange<Double>, window: ClosedRange<Double>? = nil,
    threshold: Double? = nil, isLogarithmic: Bool = false
  ) {
    self.counts = counts
    self.range = range
    self.window = window
    self.threshold = threshold
    self.isLogarithmic = isLogarithmic
  }

  private var shown: ClosedRange<Double> { window ?? range }

  /// The value under a column of the data area (`frame.region(Histogram.hitKind)`), cut to what is
  /// shown.
  public func value(atColumn x: Int, area: Rect) -> Double {
    PlotScale(low: shown.lowerBound, high: shown.upperBound)
      .value(atColumn: x - area.x, of: area.width)
  }

  public func draw(on canvas: inout Canvas) {
    guard !canvas.bounds.isEmpty else { return }
    let isEmpty = counts.allSatisfy { $0 <= 0 }
    guard !isEmpty, range.lowerBound.isFinite, range.upperBound.isFinite else {
      canvas.put(
        StyledText("no scores yet", .dim), x: 0, y: canvas.size.height / 2,
        width: canvas.size.width, alignment: .centre)
      return
    }
    let hasHead = threshold != nil && canvas.size.height >= 6
    let body = Rect(
      x: 0, y: hasHead ? 1 : 0, width: canvas.size.width,
      height: canvas.size.height - (hasHead ? 1 : 0))
    let axes = axes(body.size)
    canvas.inside(body) { view in
      axes.draw(on: &view)
      view.inside(axes.area) { area in
        drawColumns(axes, on: &area)
        readout?.drawRuler(axes, on: &area)
        readout?.drawLines(axes, on: &area)
      }
      drawBrush(axes, on: &view)
      view.mark(axes.area, as: target)
    }
    if hasHead {
      drawThresholdLabel(axes, area: axes.area.offset(x: body.x, y: body.y), on: &canvas)
    }
  }

  private func axes(_ size: Size) -> Axes {
    let x = PlotScale(low: shown.lowerBound, high: shown.upperBound)
    // The area's width depends on the labels, the labels on the height of the columns: estimate
    // the columns at full width first.
    let peak = columnHeights(size.width).max() ?? 1
    let y = PlotScale(
      low: isLogarithmic ? 0.5 : 0, high: max(1, peak), isLogarithmic: isLogarithmic)
    return Axes(x: x, y: y, size: size)
  }

  /// Mean count of the bins under each of `width` columns.
  func columnHeights(_ width: Int) -> [Double] {
    let length = range.upperBound - range.lowerBound
    guard width > 0, !counts.isEmpty else { return [] }
    let isWhole = window == nil || !(length > 0)
    let first = isWhole ? 0 : (shown.lowerBound - range.lowerBound) / length
    let last = isWhole ? 1 : (shown.upperBound - range.lowerBound) / length
    let bins = Double(counts.count)
    let scale = (last - first) * bins / Double(width)
    guard scale > 0, scale.isFinite else { return [] }
    return (0..<width).map { column in
      let start = max(0, first * bins + Double(column) * scale)
      let end = min(bins, first * bins + Double(column + 1) * scale)
      var sum = 0.0
      var bin = Int(start)
      while bin < counts.count && Double(bin) < end {
        let overlap = min(end, Double(bin + 1)) - max(start, Double(bin))
        sum += Double(max(0, counts[bin])) * max(0, overlap)
        bin += 1
      }
      return sum / scale
    }
  }

  private func drawColumns(_ axes: Axes, on canvas: inout Canvas) {
    let split = threshold.map { thresholdColumn($0, axes) }
    let glyphs = canvas.glyphs
    for (x, height) in columnHeights(canvas.size.width).enumerated() where height > 0 {
      let isKept = split.map { x >= $0 } ?? true
      let role: StyleRole = split == nil ? .plot1 : isKept ? .keep : .drop
      let share = min(1, max(0, axes.y.position(height) ?? 0))
      // What is there must be seen, however little it is.
      let eighths = max(1, Int((share * Double(canvas.size.height * 8)).rounded()))
      for row in 0..<((eighths + 7) / 8) {
        let level = min(8, eighths - row * 8)
        let text: String
        switch (glyphs == .ascii, isKept) {
        case (true, true): text = level >= 3 || row == 0 ? "#" : " "
        case (true, false): text = level >= 3 || row == 0 ? "." : " "
        case (false, false) where canvas.isMonochrome: text = "░"
        default: text = glyphs.columns[level - 1]
        }
        canvas.put(text, x: x, y: canvas.size.height - 1 - row, role: role)
      }
    }
    guard let split, split >= 0, split < canvas.size.width else { return }
    for y in 0..<canvas.size.height {
      let isFree = canvas.cell(x: split, y: y).text == " "
      canvas.put(
        glyphs.box.vertical, x: split, y: y, style: Style(.accent, isFree ? [] : .bold))
    }
  }

  /// The column at which keeping begins; outside the view when everything or nothing is kept.
  private func thresholdColumn(_ value: Double, _ axes: Axes) -> Int {
    guard let position = axes.x.position(value) else { return value > 0 ? axes.area.width : -1 }
    if position < 0 { return -1 }
    if position > 1 { return axes.area.width }
    return min(axes.area.width - 1, Int(position * Double(axes.area.width)))
  }

  /// The marked range as a beam on the x axis, with its ends.
  private func drawBrush(_ axes: Axes, on canvas: inout Canvas) {
    guard let brush, canvas.size.height > axes.area.height else { return }
    let first = max(0, thresholdColumn(brush.lowerBound, axes))
    let last = min(axes.area.width - 1, thresholdColumn(brush.upperBound, axes))
    guard first <= last else { return }
    let (beam, end) = canvas.glyphs == .ascii ? ("=", "#") : ("━", "┻")
    canvas.fill(
      Rect(x: axes.area.x + first, y: axes.area.height, width: last - first + 1, height: 1),
      with: beam, style: Style(.accent, .bold))
    for column in [first, last] {
      canvas.put(
        end, x: axes.area.x + column, y: axes.area.height, style: Style(.accent, .bold))
    }
  }

  private func drawThresholdLabel(_ axes: Axes, area: Rect, on canvas: inout Canvas) {
    guard let threshold else { return }
    let sign = canvas.glyphs == .ascii ? ">=" : "≥"
    let label = "d\(sign)\(Number.fixed(threshold, 3))"
    let width = VisibleText.width(label)
    let centre = area.x + thresholdColumn(threshold, axes)
    let start = max(0, min(centre - width / 2, canvas.size.width - width))
    canvas.put(label, x: start, y: 0, role: .accent)
  }
}
