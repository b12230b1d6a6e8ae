import Numerics

/// Histograms of several groups over one axis, a row each: names and figures left, columns of eighths
/// right, the threshold as a line through all of them.
public struct Ridges: Widget {
  public struct Row: Sendable {
    public var name: StyledText
    /// Right of the name, such as a count and a median.
    public var figures: String
    /// Equal bins over the range.
    public var counts: [Int32]

    public init(name: StyledText, figures: String, counts: [Int32]) {
      self.name = name
      self.figures = figures
      self.counts = counts
    }
  }

  public var rows: [Row]
  public var range: ClosedRange<Double>
  public var threshold: Double?
  /// First row shown, and the one that is selected.
  public var top: Int
  public var selected: Int?

  public static let hitKind = "ridge"

  public init(
    _ rows: [Row], range: ClosedRange<Double>, threshold: Double? = nil, top: Int = 0,
    selected: Int? = nil
  ) {
    self.rows = rows
    self.range = range
    self.threshold = threshold
    self.top = top
    self.selected = selected
  }

  /// Rows of groups in a view of this height: a line or two each, as there is room.
  public func visibleRows(height: Int) -> Int {
    max(1, (height - Self.axisRows) / lines(height: height))
  }

  private static let axisRows = 2

  private func lines(height: Int) -> Int {
    height - Self.axisRows >= 2 * rows.count && height >= 8 ? 2 : 1
  }

  public func draw(on canvas: inout Canvas) {
    let lines = lines(height: canvas.size.height)
    let figures = rows.map { VisibleText.width($0.figures) }.max() ?? 0
    let names = min(
      rows.map(\.name.width).max() ?? 0, max(6, canvas.size.width / 3 - figures - 1))
    let left = names + figures + 3
    guard canvas.size.width > left + 8, canvas.size.height > Self.axisRows else { return }
    let width = canvas.size.width - left
    let scale = PlotScale(low: range.lowerBound, high: range.upperBound)
    let split = threshold.flatMap(scale.position).map { Int(($0 * Double(width)).rounded(.down)) }
    for (line, row) in rows.dropFirst(top).prefix(visibleRows(height: canvas.size.height))
      .enumerated()
    {
      let y = line * lines + lines - 1
      let isSelected = top + line == selected
      canvas.put(
        isSelected ? row.name.tinted(.accent) : row.name, x: 0, y: y, width: names)
      canvas.put(StyledText(row.figures, .dim), x: names + 1, y: y, width: figures)
      drawRidge(row, left: left, width: width, bottom: y, lines: lines, split: split, on: &canvas)
      canvas.mark(
        Rect(x: 0, y: y - lines + 1, width: canvas.size.width, height: lines),
        as: HitTarget(Self.hitKind, top + line))
    }
    let axis = canvas.size.height - Self.axisRows
    canvas.inside(Rect(x: left, y: axis - 1, width: width, height: Self.axisRows + 1)) { view in
      var axes = Axes(x: scale, y: PlotScale(low: 0, high: 1), size: view.size)
      axes.area = Rect(x: 0, y: 0, width: width, height: 1)
      axes.draw(on: &view)
    }
  }

  private func drawRidge(
    _ row: Row, left: Int, width: Int, bottom: Int, lines: Int, split: Int?,
    on canvas: inout Canvas
  ) {
    // Each group by its own peak: what matters is where it lies, its size stands beside its name.
    let heights = Histogram(counts: row.counts.map(Int.init), range: range).columnHeights(width)
    let peak = heights.max() ?? 0
    for (column, height) in heights.enumerated() {
      let isKept = split.map { column >= $0 } ?? true
      let role: StyleRole = split == nil ? .plot1 : isKept ? .keep : .drop
      let full = lines * 8
      let eighths =
        height > 0 && peak > 0 ? max(1, Int((height / peak * Double(full)).rounded())) : 0
      for line in 0..<lines {
        let level = min(8, eighths - line * 8)
        let isBorder = column == split
        if level > 0 {
          canvas.put(
            sign(level, isKept: isKept, canvas), x: left + column, y: bottom - line,
            style: Style(isBorder ? .accent : role))
        } else if isBorder {
          canvas.put(
            canvas.glyphs.box.vertical, x: left + column, y: bottom - line, role: .accent)
        }
      }
    }
  }

  private func sign(_ level: Int, isKept: Bool, _ canvas: Canvas) -> String {
    switch (canvas.glyphs == .ascii, isKept) {
    case (true, true): level >= 4 ? "#" : "+"
    case (true, false): level >= 4 ? ":" : "."
    case (false, false) where canvas.isMonochrome: "░"
    default: canvas.glyphs.columns[level - 1]
    }
  }
}
