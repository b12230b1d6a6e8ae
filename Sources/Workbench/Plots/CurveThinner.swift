import TerminalUI

/// Thins a curve that has more points than a plot has places for.
///
/// The part of the axis that is shown is cut into strips; of the points in a strip the first, the
/// least, the greatest and the last stay. One pass, without a logarithm for any point.
struct CurveThinner {
  private(set) var points: [PlotPoint] = []
  /// Upper ends of the strips, ascending.
  private let edges: [Double]
  private let low: Double
  private var strip = 0
  private var held: Held?
  private var before: PlotPoint?

  private struct Held {
    var first, last, least, greatest: PlotPoint
  }

  /// Several strips for each column of dots of a wide terminal.
  private static let strips = 2048

  init(window: PlotScale) {
    low = window.low
    edges = (1...Self.strips).map { window.value(at: Double($0) / Double(Self.strips)) }
  }

  /// Takes the next point; false when it lies behind the window and no further one is needed.
  mutating func add(x: Double, y: Double) -> Bool {
    guard x >= low else {
      // Of what lies before the window one point stays, for the way into it.
      if x < low { before = PlotPoint(x: x, y: y) }
      return true
    }
    if let point = before {
      points.append(point)
      before = nil
    }
    guard y.isFinite else {
      flush()
      if points.last?.y.isFinite != false { points.append(PlotPoint(x: x, y: .nan)) }
      return true
    }
    while strip < edges.count, x > edges[strip] {
      flush()
      strip += 1
    }
    let point = PlotPoint(x: x, y: y)
    guard strip < edges.count else {
      flush()
      points.append(point)
      return false
    }
    guard var held else {
      held = Held(first: point, last: point, least: point, greatest: point)
      return true
    }
    held.last = point
    if y < held.least.y { held.least = point }
    if y > held.greatest.y { held.greatest = point }
    self.held = held
    return true
  }

  /// What is left of the curve.
  mutating func finish() -> [PlotPoint] {
    flush()
    return points
  }

  private mutating func flush() {
    guard let held else { return }
    let (one, other) =
      held.least.x <= held.greatest.x ? (held.least, held.greatest) : (held.greatest, held.least)
    points.append(held.first)
    if one != held.first { points.append(one) }
    if other != points.last, other != held.first { points.append(other) }
    if held.last != points.last { points.append(held.last) }
    self.held = nil
  }
}
