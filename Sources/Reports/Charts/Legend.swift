/// Names below a plot, in columns: for more series than have room beside it.
struct Legend {
  private static let rowHeight = 18.0
  private let names: [String]
  private let columns: Int
  private let columnWidth: Double

  init(names: [String], width: Double, widest: Double) {
    self.names = names
    columnWidth = min(width, widest + 48)
    columns = max(1, min(names.count, Int(width / columnWidth)))
  }

  private var rows: Int { (names.count + columns - 1) / max(1, columns) }

  var height: Double { Double(rows) * Self.rowHeight }

  /// - Parameter swatch: draws the sign of a series at a place, 18 wide.
  func draw(
    on drawing: inout Drawing, x: Double, y: Double, full: [String],
    swatch: (inout Drawing, Int, Double, Double) -> Void
  ) {
    for (index, name) in names.enumerated() {
      let column = x + Double(index / max(1, rows)) * columnWidth
      let row = y + Double(index % max(1, rows)) * Self.rowHeight
      swatch(&drawing, index, column, row)
      drawing.text(name, column + 24, row + 4, full: full[index])
    }
  }
}
