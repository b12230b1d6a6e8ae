import Foundation

/// Maps values to 0...1, linearly or by logarithm.
public struct PlotScale: Hashable, Sendable {
  public let low: Double
  public let high: Double
  public let isLogarithmic: Bool

  /// A range that is empty or not finite is widened to something that can be drawn.
  public init(low: Double, high: Double, isLogarithmic: Bool = false) {
    let isLogarithmic = isLogarithmic && high > 0
    var low = low.isFinite ? low : 0
    var high = high.isFinite ? high : low + 1
    if isLogarithmic && low <= 0 { low = min(high / 1000, 1) }
    if high <= low || !(high - low).isFinite {
      let spread = low == 0 ? 1 : max(abs(low) * 0.05, 1e-6)
      (low, high) = isLogarithmic ? (low / 2, low * 2) : (low - spread, low + spread)
    }
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
  }

  /// 0 at `low`, 1 at `high`, beyond for values outside; nil for what has no place.
  public func position(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    if !isLogarithmic { return (value - low) / (high - low) }
    guard value > 0 else { return nil }
    return log(value / low) / log(high / low)
  }

  /// Round numbers on it.
  public func ticks(maximum: Int) -> [Tick] {
    isLogarithmic
      ? Ticks.logarithmic(from: low, to: high, maximum: maximum)
      : Ticks.linear(from: low, to: high, maximum: maximum)
  }
}
