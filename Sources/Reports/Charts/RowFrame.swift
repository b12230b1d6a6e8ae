/// Names at the left of a chart, one a row.
struct NameRows {
  static let size = 12.0
  private static let widest = 200.0

  let full: [String]
  let shown: [String]
  let rowHeight: Double

  init(_ names: [String], width: Double, rowHeight: Double) {
    full = names
    shown = names.map { TextWidth.fitted($0, size: Self.size, into: Self.widest) }
    self.rowHeight = rowHeight
  }

  var width: Double { max(24, shown.map { TextWidth.of($0, size: Self.size) }.max() ?? 0) }
  var height: Double { Double(max(1, shown.count)) * rowHeight }
}

/// The frame of a chart of rows: a value axis below, a name at each row.
struct RowFrame {
  private let rows: NameRows
  private let edge: Double
  let plot: PlotFrame

  init(_ rows: NameRows, left: Double, top: Double, right: Double, axis: AxisRange) {
    self.rows = rows
    edge = left
    plot = PlotFrame(
      margin: left, top: top, right: right, height: rows.height, x: axis,
      y: AxisRange(from: 0, to: 1, scale: .linear), left: left + rows.width + 10)
  }

  /// Middle of a row.
  func y(_ row: Int) -> Double { plot.top + (Double(row) + 0.5) * rows.rowHeight }

  func draw(on drawing: inout Drawing, xLabel: String) {
    plot.drawAcross(on: &drawing, xLabel: xLabel, margin: edge)
    for (index, name) in rows.shown.enumerated() {
      drawing.text(
        name, plot.left - 10, y(index) + 4, size: NameRows.size, anchor: .end,
        full: rows.full[index])
    }
    if rows.shown.isEmpty {
      drawing.text(
        "no data", (plot.left + plot.right) / 2, y(0) + 4, size: 13, colour: Palette.quietText,
        anchor: .middle)
    }
  }
}
