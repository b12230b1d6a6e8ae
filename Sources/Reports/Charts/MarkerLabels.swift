/// Named values of x, as dotted lines through the plot with their names above it.
struct MarkerLabels {
  private static let rowHeight = 15.0
  private static let size = 11.0
  private static let widest = 180.0

  private let markers: [XYChart.Marker]
  private let names: [String]
  private let centres: [Double]
  private let rows: [Int]

  /// - Parameters:
  ///   - plot: a frame of the final width; its height does not matter.
  ///   - taken: where the lowest row is free from, since the label of the y axis stands there.
  init(_ markers: [XYChart.Marker], in plot: PlotFrame, taken: Double = 0) {
    let held = markers.filter { plot.xRange.share($0.x).map { (0...1).contains($0) } ?? false }
    let names = held.map { TextWidth.fitted($0.name, size: Self.size, into: Self.widest) }
    let widths = names.map { TextWidth.of($0, size: Self.size) }
    // Names at an edge move inwards.
    centres = zip(held, widths).map { marker, width in
      let x = plot.heldX(marker.x) ?? plot.left
      return max(plot.left + width / 2, min(plot.right - width / 2, x))
    }
    self.markers = held
    self.names = names
    rows = LabelPlaces.rows(centres, widths: widths, gap: 12, taken: taken)
  }

  /// Of all rows.
  var height: Double { markers.isEmpty ? 0 : heightOfMoreRows + Self.rowHeight + 4 }

  /// Of the rows above the lowest one.
  var heightOfMoreRows: Double { Double(rows.max() ?? 0) * Self.rowHeight }

  func draw(on drawing: inout Drawing, _ plot: PlotFrame) {
    for index in markers.indices {
      guard let x = plot.heldX(markers[index].x) else { continue }
      let y = plot.top - 9 - Double(rows[index]) * Self.rowHeight
      drawing.line(
        x, y + 4, x, plot.bottom, colour: Palette.quietText, width: 1, dash: "2 3")
      drawing.text(
        names[index], centres[index], y, size: Self.size, colour: Palette.quietText,
        anchor: .middle, full: markers[index].name)
    }
  }
}
