/// Where labels go that each want a place of their own on a line, so that none overlap.
enum LabelPlaces {
  /// Places nearest the wanted ones (in least squares) that keep `gap` apart and stay in `room`, in
  /// the order of `wanted`; nil when they do not fit.
  static func spread(_ wanted: [Double], gap: Double, room: ClosedRange<Double>) -> [Double]? {
    guard Double(max(0, wanted.count - 1)) * gap <= room.upperBound - room.lowerBound else {
      return nil
    }
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    // Labels that touch form a block, which stands at the mean of what its labels want.
    var blocks: [(first: Double, count: Int)] = []
    for index in order {
      blocks.append((wanted[index], 1))
      while blocks.count > 1 {
        let (above, last) = (blocks[blocks.count - 2], blocks[blocks.count - 1])
        if last.first >= above.first + Double(above.count) * gap { break }
        let shifted = last.first - Double(above.count) * gap
        let count = above.count + last.count
        let first =
          (above.first * Double(above.count) + shifted * Double(last.count)) / Double(count)
        blocks.replaceSubrange((blocks.count - 2)..., with: [(first, count)])
      }
    }
    var places = blocks.flatMap { block in
      (0..<block.count).map { block.first + Double($0) * gap }
    }
    var least = room.lowerBound
    for index in places.indices {
      places[index] = max(places[index], least)
      least = places[index] + gap
    }
    var most = room.upperBound
    for index in places.indices.reversed() {
      places[index] = min(places[index], most)
      most = places[index] - gap
    }
    var result = wanted
    for (place, index) in zip(places, order) { result[index] = place }
    return result
  }

  /// The row of every label, the lowest of each that is free, for labels that may stand in several
  /// rows over one another: `centres` in any order. The lowest row is `taken` up to there.
  static func rows(
    _ centres: [Double], widths: [Double], gap: Double, taken: Double = 0
  ) -> [Int] {
    var ends = [taken]
    var result = [Int](repeating: 0, count: centres.count)
    for index in centres.indices.sorted(by: { (centres[$0], $0) < (centres[$1], $1) }) {
      let start = centres[index] - widths[index] / 2
      let row = ends.firstIndex { $0 + gap <= start } ?? ends.count
      if row == ends.count { ends.append(taken) }
      ends[row] = centres[index] + widths[index] / 2
      result[index] = row
    }
    return result
  }
}
