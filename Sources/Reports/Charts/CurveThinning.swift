/// Long curves in few points that look the same.
enum CurveThinning {
  /// Points of a picture in all, so that it stays under 200 kB.
  static let budget = 8000
  typealias Place = (x: Double, y: Double)

  /// At most about `most` points in their order: of many, first the lowest and the highest of every
  /// stretch, then those from which the curve through the others lies farthest.
  ///
  /// - Parameter place: where a point is drawn; nil for one that cannot be, which interrupts the curve.
  static func thinned(
    _ points: [XYChart.Point], most: Int, place: (XYChart.Point) -> Place?
  ) -> [XYChart.Point] {
    guard points.count > most, most >= 4 else { return points }
    let few = extremes(points.map { ($0, place($0)) }, most: most * 8)
    return farthest(few, most: most)
  }

  private typealias Placed = (point: XYChart.Point, place: Place?)

  private static func extremes(_ points: [Placed], most: Int) -> [Placed] {
    guard points.count > most else { return points }
    var result: [Placed] = []
    let stretches = most / 2
    for stretch in 0..<stretches {
      let range =
        (points.count * stretch / stretches)..<(points.count * (stretch + 1) / stretches)
      let shown = range.filter { points[$0].place != nil }
      guard let first = shown.first, let last = shown.last else {
        if let index = range.first { result.append(points[index]) }
        continue
      }
      func height(_ index: Int) -> Double { points[index].place?.y ?? 0 }
      let lowest = shown.min { height($0) < height($1) } ?? first
      let highest = shown.max { height($0) < height($1) } ?? last
      // The ends of the whole curve stay.
      let ends = (stretch == 0 ? [first] : []) + (stretch == stretches - 1 ? [last] : [])
      result += Set([lowest, highest] + ends).sorted().map { points[$0] }
    }
    return result
  }

  /// Ends and interruptions, and then the points farthest from the lines between those that are
  /// taken, one after another.
  private static func farthest(_ points: [Placed], most: Int) -> [XYChart.Point] {
    var isTaken = points.indices.map { index in
      index == 0 || index == points.count - 1 || points[index].place == nil
        || points[index - 1].place == nil || points[index + 1].place == nil
    }
    var taken = isTaken.count { $0 }
    // Interruptions everywhere: nothing to choose.
    guard taken < most else { return extremes(points, most: most).map(\.point) }
    var gaps: [(error: Double, index: Int, from: Int, to: Int)] = []
    func add(_ from: Int, _ to: Int) {
      guard to - from > 1, let a = points[from].place, let b = points[to].place else { return }
      var worst = (error: -1.0, index: from + 1)
      for index in from + 1..<to {
        guard let place = points[index].place else { continue }
        let share = b.x > a.x ? (place.x - a.x) / (b.x - a.x) : 0
        let error = abs(place.y - (a.y + share * (b.y - a.y)))
        if error > worst.error { worst = (error, index) }
      }
      let gap = (worst.error, worst.index, from, to)
      gaps.insert(gap, at: gaps.partitioningIndex { $0.error > worst.error })
    }
    var from = 0
    for index in points.indices where isTaken[index] {
      add(from, index)
      from = index
    }
    while taken < most, let worst = gaps.popLast() {
      isTaken[worst.index] = true
      taken += 1
      add(worst.from, worst.index)
      add(worst.index, worst.to)
    }
    return points.indices.filter { isTaken[$0] }.map { points[$0].point }
  }
}

extension Array {
  /// The first index whose element passes, in an array that is sorted so that all behind it pass.
  fileprivate func partitioningIndex(_ passes: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if passes(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
