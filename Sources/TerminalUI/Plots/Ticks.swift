import Foundation
import Numerics

/// A value on an axis and how it is written.
public struct Tick: Hashable, Sendable {
  public var value: Double
  public var label: String
}

/// Round numbers for axes.
public enum Ticks {
  /// At most `maximum` (at least 2) values 1, 2 or 5 times a power of ten inside low...high, with as
  /// many decimals as their step needs. Empty if the range is empty or not finite.
  public static func linear(from low: Double, to high: Double, maximum: Int) -> [Tick] {
    guard low.isFinite, high.isFinite, high > low, (high - low).isFinite else { return [] }
    let step = niceStep((high - low) / Double(max(1, maximum - 1)))
    guard step > 0, step.isFinite else { return [] }
    let indices = multiples(of: step, from: low, to: high)
    guard let first = indices.first, let last = indices.last else { return [] }
    let notation = Notation(step: step, largest: max(abs(first), abs(last)) * step)
    return indices.map { Tick(value: $0 * step, label: notation.label($0 * step)) }
  }

  /// Powers of ten inside low...high (both above 0), thinned to at most `maximum`; where there are
  /// few of them 2 and 5 times powers as well, and on less than that the round numbers of a linear
  /// axis.
  public static func logarithmic(from low: Double, to high: Double, maximum: Int) -> [Tick] {
    guard low > 0, high > low, high.isFinite else { return [] }
    let first = Int((log10(low) - 1e-9).rounded(.up))
    let last = Int((log10(high) + 1e-9).rounded(.down))
    let decades = last - first + 1
    if decades >= 3 {
      let step = (decades + max(1, maximum) - 1) / max(1, maximum)
      return stride(from: first, through: last, by: max(1, step)).map { exponent in
        let value = pow(10, Double(exponent))
        return Tick(value: value, label: short(value))
      }
    }
    var rounds: [Double] = []
    for exponent in (first - 1)...(last + 1) {
      for factor in [1.0, 2.0, 5.0] {
        let value = factor * pow(10, Double(exponent))
        if value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9) { rounds.append(value) }
      }
    }
    if rounds.count >= 3, rounds.count <= maximum {
      return rounds.map { Tick(value: $0, label: short($0)) }
    }
    if rounds.count < 3 { return linear(from: low, to: high, maximum: maximum) }
    let powers = rounds.filter { log10($0).rounded() == log10($0) }
    return (powers.count >= 2 ? powers : Array(rounds.prefix(max(2, maximum)))).map {
      Tick(value: $0, label: short($0))
    }
  }

  /// Lengths of time, in seconds, that people call round.
  private static let roundTimes: [Double] = {
    let sixtieths: [Double] = [1, 2, 5, 10, 15, 30]
    let hours: [Double] = [3600, 7200, 10_800, 21_600, 43_200]
    let days: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500]
    return sixtieths + sixtieths.map { $0 * 60 } + hours + days.map { $0 * 86_400 }
  }()

  /// As `linear` and `logarithmic`, for seconds: 30s, 5m, 2h.
  static func durations(
    from low: Double, to high: Double, maximum: Int, isLogarithmic: Bool
  ) -> [Tick] {
    guard low.isFinite, high.isFinite, high > low else { return [] }
    let inside = roundTimes.filter { $0 >= low * (1 - 1e-9) && $0 <= high * (1 + 1e-9) }
    if isLogarithmic, inside.count >= 3 {
      let step = (inside.count + max(1, maximum) - 1) / max(1, maximum)
      return stride(from: 0, to: inside.count, by: max(1, step)).map {
        Tick(value: inside[$0], label: duration(inside[$0]))
      }
    }
    let rough = (high - low) / Double(max(1, maximum - 1))
    guard rough >= 1, let step = roundTimes.first(where: { $0 >= rough * (1 - 1e-9) }) else {
      return linear(from: low, to: high, maximum: maximum).map {
        Tick(value: $0.value, label: $0.label + "s")
      }
    }
    return multiples(of: step, from: low, to: high).map {
      Tick(value: $0 * step, label: duration($0 * step))
    }
  }

  /// 0 -> "0", 90 -> "1m30s", 7,200 -> "2h".
  private static func duration(_ seconds: Double) -> String {
    let total = Int(seconds.rounded())
    let parts = [
      (total / 86_400, "d"), (total / 3600 % 24, "h"), (total / 60 % 60, "m"), (total % 60, "s"),
    ].filter { $0.0 > 0 }
    return total == 0 ? "0" : parts.prefix(2).map { "\($0.0)\($0.1)" }.joined()
  }

  /// The whole numbers whose multiples of `step` lie inside low...high; none where they would be
  /// thousands.
  private static func multiples(of step: Double, from low: Double, to high: Double) -> [Double] {
    let slack = step * 1e-9
    let first = ((low - slack) / step).rounded(.up)
    let last = ((high + slack) / step).rounded(.down)
    guard last >= first, last - first < 1000 else { return [] }
    return Array(stride(from: first, through: last, by: 1))
  }

  /// The smallest of 1, 2, 5 times a power of ten that is not below `rough`.
  static func niceStep(_ rough: Double) -> Double {
    guard rough.isFinite, rough > 0 else { return 0 }
    let power = pow(10, (log10(rough)).rounded(.down))
    for factor in [1.0, 2.0, 5.0] where factor * power >= rough * (1 - 1e-9) {
      return factor * power
    }
    return 10 * power
  }

  private static let units = [
    (1e21, "Z"), (1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"),
  ]

  /// A round number as short as it can be: 0.2, 50, 1k, 20M.
  private static func short(_ value: Double) -> String {
    let (unit, suffix) = units.first { value >= $0.0 * (1 - 1e-9) } ?? (1, "")
    return String(format: "%.4g", value / unit) + suffix
  }

  /// One way of writing for all ticks of an axis: unit and decimals follow from the step.
  private struct Notation {
    let unit: Double
    let suffix: String
    let decimals: Int
    /// Digits that tell one value from the next.
    let digits: Int

    init(step: Double, largest: Double) {
      let fitting = largest >= 10_000 ? Ticks.units.first { largest >= $0.0 } : nil
      (unit, suffix) = fitting ?? (1, "")
      decimals = max(0, Int(-(log10(step / unit) + 1e-9).rounded(.down)))
      digits = min(9, max(2, Int(log10(max(1, largest / step)).rounded(.up)) + 1))
    }

    func label(_ value: Double) -> String {
      // Beyond what fixed digits can say in the width of an axis.
      if decimals > 4 || abs(value / unit) >= 1e6 { return String(format: "%.\(digits)g", value) }
      if value == 0 && !suffix.isEmpty { return "0" }
      return Number.fixed(value / unit, decimals) + suffix
    }
  }
}
