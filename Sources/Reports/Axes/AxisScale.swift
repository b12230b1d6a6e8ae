import Foundation

/// How values lie along an axis.
public enum AxisScale: Sendable, Equatable {
  case linear
  /// Values at or below zero have no place.
  case logarithmic

  /// Largest magnitude that is drawn: differences of two such values still are numbers.
  static let largest = 1e300

  /// Whether a value has a place on such an axis.
  public func holds(_ value: Double) -> Bool {
    guard value.isFinite, abs(value) <= Self.largest else { return false }
    return self == .linear || value > 1e-300
  }

  /// What is even along the axis.
  func place(_ value: Double) -> Double { self == .linear ? value : log10(value) }

  func value(at place: Double) -> Double { self == .linear ? place : pow(10, place) }
}

/// The values that an axis spans; never empty, never of no width.
public struct AxisRange: Sendable, Equatable {
  public let scale: AxisScale
  public let low: Double
  public let high: Double

  /// Spans those of `values` that have a place, with a margin; 0 to 1 (1 to 10) when none has.
  ///
  /// - Parameters:
  ///   - margin: share of the width that is added on each side.
  ///   - includesZero: for bars, which start there.
  public init(
    of values: some Sequence<Double>, scale: AxisScale, margin: Double = 0.04,
    includesZero: Bool = false
  ) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where scale.holds(value) {
      low = min(low, value)
      high = max(high, value)
    }
    if includesZero, scale == .linear, low <= high { (low, high) = (min(0, low), max(0, high)) }
    if low > high { (low, high) = scale == .linear ? (0, 1) : (1, 10) }
    let (a, b) = (scale.place(low), scale.place(high))
    // All equal: a tenth of the value around it, or a fifth of a decade.
    let width = Self.isWide(a, b, scale) ? b - a : 0
    let alone = scale == .linear ? (abs(a) < Self.least ? 1 : abs(a) * 0.1) : 0.2
    let space = width > 0 ? width * margin : alone
    let isOnZero = includesZero && scale == .linear
    self.scale = scale
    self.low = isOnZero && low == 0 ? 0 : scale.value(at: a - space)
    self.high = isOnZero && high == 0 && width > 0 ? 0 : scale.value(at: b + space)
  }

  /// Exactly from `low` to `high`, which must be rising; as of the two values else.
  public init(from low: Double, to high: Double, scale: AxisScale) {
    guard scale.holds(low), scale.holds(high), low < high,
      Self.isWide(scale.place(low), scale.place(high), scale)
    else {
      self = AxisRange(of: [low, high], scale: scale)
      return
    }
    self.scale = scale
    self.low = low
    self.high = high
  }

  /// Magnitude below which a value is taken for zero: its steps would be no numbers.
  private static let least = 1e-290

  /// Whether marks between two places can be told from one another.
  private static func isWide(_ low: Double, _ high: Double, _ scale: AxisScale) -> Bool {
    let step = scale == .linear ? max(max(abs(low), abs(high)) * 1e-9, least) : 1e-9
    return high - low > step
  }

  /// 0 at the low end, 1 at the high one; nil for what has no place.
  public func share(_ value: Double) -> Double? {
    guard scale.holds(value) else { return nil }
    let (a, b) = (scale.place(low), scale.place(high))
    return (scale.place(value) - a) / (b - a)
  }
}
