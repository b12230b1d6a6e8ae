/// What a curve does inside one column of dots: enough to draw it as if every point were drawn.
struct ColumnExtremes: Equatable {
  var column: Int
  var first: Double
  var last: Double
  var minimum: Double
  var maximum: Double
  /// True where the curve is broken before it.
  var startsRun: Bool

  /// Reduces points to one entry a column and run, keeping first, last, least and greatest value,
  /// so that a spike of a single point survives any down-sampling. A point without a place (NaN,
  /// infinite, not positive on a log axis) breaks the curve. Positions are 0...1 from the scale.
  static func reduce(
    _ points: ArraySlice<PlotPoint>, x: PlotScale, y: PlotScale, columns: Int
  ) -> [ColumnExtremes] {
    var entries: [ColumnExtremes] = []
    var isBroken = true
    for point in points {
      guard let across = x.position(point.x), let up = y.position(point.y),
        abs(across) < 1e6
      else {
        isBroken = true
        continue
      }
      let column =
        across == 1 ? columns - 1 : Int((across * Double(columns)).rounded(.down))
      if !isBroken, let last = entries.indices.last, entries[last].column == column {
        entries[last].last = up
        entries[last].minimum = min(entries[last].minimum, up)
        entries[last].maximum = max(entries[last].maximum, up)
      } else {
        entries.append(
          ColumnExtremes(
            column: column, first: up, last: up, minimum: up, maximum: up, startsRun: isBroken))
      }
      isBroken = false
    }
    return entries
  }
}
