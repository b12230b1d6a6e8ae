import TerminalUI

/// The points of a curve that a window shows, cut into strips of the axis.
///
/// Where a curve has more points than a plot has places for, of the points in a strip the first, the
/// least, the greatest and the last stay. The ends of strips are searched, so that of most points only
/// the value is read, and none needs a logarithm.
struct CurveThinner {
  /// The point before the window and the one behind it, for the way into it and out of it.
  private let before: Int?
  private let after: Int?
  /// The first point in the window.
  private let first: Int
  /// Behind the last point of every strip, in ascending order; every point by itself where it is nil.
  private let ends: [Int]?
  private let end: Int

  /// Several strips for each column of dots of a wide terminal.
  private static let strips = 2048

  /// - Parameters:
  ///   - indices: of the points that may be shown, whose places `x` gives in ascending order.
  init(_ indices: Range<Int>, window: PlotScale, x: (Int) -> Double) {
    first = indices.firstPlace { x($0) >= window.low }
    end = max(first, indices.firstPlace { x($0) > window.high })
    before = first > indices.lowerBound ? first - 1 : nil
    after = end < indices.upperBound ? end : nil
    guard end - first > 4 * Self.strips else {
      ends = nil
      return
    }
    var ends: [Int] = []
    var start = first
    for strip in 1..<Self.strips {
      let edge = window.value(at: Double(strip) / Double(Self.strips))
      start = (start..<end).firstPlace { x($0) > edge }
      ends.append(start)
    }
    self.ends = ends + [end]
  }

  /// The first point whose value is asked for.
  var start: Int { before ?? first }

  /// The points that stay. `value` is asked once for every point from `start` on, in their order.
  @inline(__always)
  func points(x: (Int) -> Double, value: (Int) -> Double) -> [PlotPoint] {
    var points: [PlotPoint] = []
    func take(_ index: Int) { points.append(PlotPoint(x: x(index), y: value(index))) }
    if let before { take(before) }
    if let ends {
      points.reserveCapacity(4 * ends.count)
      var index = first
      for end in ends {
        while index < end { Self.thin(&index, end, x: x, value: value, into: &points) }
      }
    } else {
      points.reserveCapacity(end - first + 2)
      for index in first..<end { take(index) }
    }
    if let after { take(after) }
    return points
  }

  /// Takes the points of a strip up to its end, or up to the first one without a value.
  @inline(__always)
  private static func thin(
    _ index: inout Int, _ end: Int, x: (Int) -> Double, value: (Int) -> Double,
    into points: inout [PlotPoint]
  ) {
    let head = index
    let opening = value(head)
    index += 1
    guard opening.isFinite else {
      // A gap is one however many points it has.
      if points.last?.y.isFinite != false { points.append(PlotPoint(x: x(head), y: .nan)) }
      return
    }
    var (least, greatest, last) = (opening, opening, opening)
    var (leastPlace, greatestPlace) = (head, head)
    var isBroken = false
    while index < end {
      let y = value(index)
      guard y.isFinite else {
        isBroken = true
        break
      }
      if y < least {
        (least, leastPlace) = (y, index)
      } else if y > greatest {
        (greatest, greatestPlace) = (y, index)
      }
      last = y
      index += 1
    }
    points.append(PlotPoint(x: x(head), y: opening))
    let extremes = [(leastPlace, least), (greatestPlace, greatest)].sorted { $0.0 < $1.0 }
    for (place, y) in extremes where place > head { points.append(PlotPoint(x: x(place), y: y)) }
    let tail = index - 1
    if tail > max(leastPlace, greatestPlace) { points.append(PlotPoint(x: x(tail), y: last)) }
    if isBroken {
      points.append(PlotPoint(x: x(index), y: .nan))
      index += 1
    }
  }
}
