import Foundation

/// Counts over two quantities of one unit as shades, with the half plane above a diagonal kept.
///
/// Shades go by the logarithm of the count, so that a single value is seen beside thousands. Kept and
/// dropped differ by signs where colours cannot tell them apart.
public struct DensityPlot: Widget {
  /// Row by row from below.
  public var counts: [UInt32]
  public var columns: Int
  public var rows: Int
  /// Values at the outer edges of the grid.
  public var x: ClosedRange<Double>
  public var y: ClosedRange<Double>
  /// What is kept: values with y - x of at least this, or below it for `keepsBelow`; nil = no line.
  public var threshold: Double?
  public var keepsBelow: Bool
  /// Where somebody points, and the rectangle that is marked.
  public var cursor: (x: Double, y: Double)?
  public var marked: (x: ClosedRange<Double>, y: ClosedRange<Double>)?

  public static let hitKind = "density"

  public init(
    counts: [UInt32], columns: Int, rows: Int, x: ClosedRange<Double>, y: ClosedRange<Double>,
    threshold: Double? = nil, keepsBelow: Bool = false
  ) {
    self.counts = counts
    self.columns = columns
    self.rows = rows
    self.x = x
    self.y = y
    self.threshold = threshold
    self.keepsBelow = keepsBelow
  }

  /// The values at the middle of a cell of the data area (`frame.region(DensityPlot.hitKind)`), cut to
  /// the ranges.
  public func value(x column: Int, y row: Int, area: Rect) -> (x: Double, y: Double) {
    func value(_ share: Double, _ range: ClosedRange<Double>) -> Double {
      range.lowerBound + min(1, max(0, share)) * (range.upperBound - range.lowerBound)
    }
    let across = (Double(column - area.x) + 0.5) / Double(max(1, area.width))
    let down = (Double(row - area.y) + 0.5) / Double(max(1, area.height))
    return (value(across, x), value(1 - down, y))
  }

  /// Chunks in a rectangle, as far as the grid tells.
  public func count(x across: ClosedRange<Double>, y up: ClosedRange<Double>) -> Int {
    var sum = 0
    for row in 0..<rows where up.contains(centre(row, of: rows, in: y)) {
      for column in 0..<columns where across.contains(centre(column, of: columns, in: x)) {
        sum += Int(counts[row * columns + column])
      }
    }
    return sum
  }

  private func centre(_ place: Int, of count: Int, in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (Double(place) + 0.5) / Double(count)
      * (range.upperBound - range.lowerBound)
  }

  public func draw(on canvas: inout Canvas) {
    guard !canvas.bounds.isEmpty else { return }
    guard columns > 0, rows > 0, counts.count == columns * rows, counts.contains(where: { $0 > 0 })
    else {
      canvas.put(
        StyledText("no scores yet", .dim), x: 0, y: canvas.size.height / 2,
        width: canvas.size.width, alignment: .centre)
      return
    }
    let axes = Axes(
      x: PlotScale(low: x.lowerBound, high: x.upperBound),
      y: PlotScale(low: y.lowerBound, high: y.upperBound), size: canvas.size)
    axes.draw(on: &canvas)
    canvas.inside(axes.area) { drawCells(on: &$0) }
    canvas.mark(axes.area, as: HitTarget(Self.hitKind))
  }

  /// Counts of the grid, summed into so many cells of the screen.
  private func binned(_ size: Size) -> [Double] {
    var cells = [Double](repeating: 0, count: size.width * size.height)
    for row in 0..<rows {
      let spanY = span(row, of: rows, in: size.height)
      for column in 0..<columns {
        let count = Double(counts[row * columns + column])
        guard count > 0 else { continue }
        let spanX = span(column, of: columns, in: size.width)
        // A grid cell that covers several of the screen's is shared among them.
        let share = count / Double(spanX.count * spanY.count)
        for cellY in spanY {
          for cellX in spanX { cells[(size.height - 1 - cellY) * size.width + cellX] += share }
        }
      }
    }
    return cells
  }

  private func span(_ place: Int, of count: Int, in cells: Int) -> Range<Int> {
    let first = place * cells / count
    return first..<max(first + 1, (place + 1) * cells / count)
  }

  private func drawCells(on canvas: inout Canvas) {
    let size = canvas.size
    let cells = binned(size)
    let peak = log(1 + (cells.max() ?? 1))
    let area = Rect(size)
    let signs = Signs(glyphs: canvas.glyphs, isMonochrome: canvas.isMonochrome)
    for row in 0..<size.height {
      for column in 0..<size.width {
        let place = value(x: column, y: row, area: area)
        let isKept = isKept(place)
        let count = cells[row * size.width + column]
        var style = Style(threshold == nil ? .plot1 : isKept ? .keep : .drop)
        var text = " "
        if count > 0 {
          let level = peak > 0 ? log(1 + count) / peak : 1
          text = signs.sign(min(3, Int(level * 4)), isKept: isKept)
        } else if isBorder(column: column, row: row, area: area) {
          text = canvas.glyphs == .ascii ? "/" : "╱"
          style = Style(.accent)
        }
        if let marked, marked.x.contains(place.x), marked.y.contains(place.y) {
          style.attributes.insert(.reverse)
        }
        canvas.put(text, x: column, y: row, style: style)
      }
    }
    drawCursor(on: &canvas)
  }

  private func isKept(_ place: (x: Double, y: Double)) -> Bool {
    guard let threshold else { return true }
    return (place.y - place.x >= threshold) != keepsBelow
  }

  /// Whether the border passes between this cell and the one to the right of it or below it.
  private func isBorder(column: Int, row: Int, area: Rect) -> Bool {
    guard threshold != nil else { return false }
    let here = isKept(value(x: column, y: row, area: area))
    return here != isKept(value(x: column, y: row + 1, area: area)) && row + 1 < area.height
      || here != isKept(value(x: column + 1, y: row, area: area)) && column + 1 < area.width
  }

  private func drawCursor(on canvas: inout Canvas) {
    guard let cursor else { return }
    let axes = (
      PlotScale(low: x.lowerBound, high: x.upperBound),
      PlotScale(low: y.lowerBound, high: y.upperBound)
    )
    guard let across = axes.0.position(cursor.x), let up = axes.1.position(cursor.y) else { return }
    let column = min(canvas.size.width - 1, max(0, Int(across * Double(canvas.size.width))))
    let row = min(
      canvas.size.height - 1, max(0, Int((1 - up) * Double(canvas.size.height))))
    canvas.put(canvas.glyphs == .ascii ? "X" : "✛", x: column, y: row, style: Style(.accent, .bold))
  }

  /// Four shades of both sides.
  private struct Signs {
    let kept, dropped: [String]

    init(glyphs: Glyphs, isMonochrome: Bool) {
      switch (glyphs, isMonochrome) {
      case (.ascii, _):
        kept = ["o", "O", "#", "@"]
        dropped = [".", ":", "-", "="]
      case (.braille, true):
        kept = ["░", "▒", "▓", "█"]
        dropped = ["⠂", "⠢", "⠶", "⡷"]
      case (.block, true):
        kept = ["░", "▒", "▓", "█"]
        dropped = [".", ":", "-", "="]
      default:
        kept = ["░", "▒", "▓", "█"]
        dropped = ["░", "▒", "▓", "█"]
      }
    }

    func sign(_ level: Int, isKept: Bool) -> String { (isKept ? kept : dropped)[level] }
  }
}
