import Foundation

/// What the numbers of an axis are: says how round they are and how they are written.
public enum PlotUnit: Hashable, Sendable {
  case number
  /// Written as durations.
  case seconds
}

/// Maps values to 0...1, linearly or by logarithm.
public struct PlotScale: Hashable, Sendable {
  public let low: Double
  public let high: Double
  public let isLogarithmic: Bool
  public let unit: PlotUnit

  /// A range that is empty or not finite is widened to something that can be drawn, which lies above
  /// zero where its value does.
  public init(
    low: Double, high: Double, isLogarithmic: Bool = false, unit: PlotUnit = .number
  ) {
    let isLogarithmic = isLogarithmic && high > 0
    var low = low.isFinite ? low : 0
    var high = high.isFinite ? high : low + 1
    if isLogarithmic && low <= 0 { low = min(high / 1000, 1) }
    if high <= low || !(high - low).isFinite {
      let spread = max(abs(low) * 0.05, 1e-6)
      (low, high) =
        isLogarithmic ? (low / 2, low * 2) : low == 0 ? (0, 1) : (low - spread, low + spread)
    }
    self.low = low
    self.high = high
    self.isLogarithmic = isLogarithmic
    self.unit = unit
  }

  /// 0 at `low`, 1 at `high`, beyond for values outside; nil for what has no place.
  public func position(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    if !isLogarithmic { return (value - low) / (high - low) }
    guard value > 0 else { return nil }
    return log(value / low) / log(high / low)
  }

  /// The value at a position: what `position` undoes.
  public func value(at position: Double) -> Double {
    isLogarithmic ? low * pow(high / low, position) : low + position * (high - low)
  }

  /// The value in the middle of a column of a plot that is so many columns wide, cut to the range.
  public func value(atColumn column: Int, of width: Int) -> Double {
    guard width > 0 else { return low }
    return value(at: min(1, max(0, (Double(column) + 0.5) / Double(width))))
  }

  /// Round numbers on it.
  public func ticks(maximum: Int) -> [Tick] {
    switch (unit, isLogarithmic) {
    case (.number, false): Ticks.linear(from: low, to: high, maximum: maximum)
    case (.number, true): Ticks.logarithmic(from: low, to: high, maximum: maximum)
    case (.seconds, let isLogarithmic):
      Ticks.durations(from: low, to: high, maximum: maximum, isLogarithmic: isLogarithmic)
    }
  }

  /// Round numbers for so many rows: about every second row has one, and there are three wherever
  /// there is room.
  func ticks(rows: Int) -> [Tick] {
    let usual = max(2, min(8, rows / 2))
    var best = ticks(maximum: usual)
    for most in usual + 1...max(usual, rows) + 3 where best.count < 3 {
      let more = ticks(maximum: most)
      if more.count > best.count, more.count <= rows { best = more }
    }
    // One number says nothing of a scale: then the roundest ones near both ends.
    if best.count < 2, rows >= 2, unit == .number {
      let fine = Ticks.linear(from: low, to: high, maximum: 11)
      if let first = fine.first, let last = fine.last, fine.count > 1 { best = [first, last] }
    }
    return best
  }
}
