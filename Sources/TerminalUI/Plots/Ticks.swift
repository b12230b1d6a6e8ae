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
    let slack = step * 1e-9
    let first = ((low - slack) / step).rounded(.up)
    let last = ((high + slack) / step).rounded(.down)
    guard last >= first, last - first < 1000 else { return [] }
    let notation = Notation(step: step, largest: max(abs(first), abs(last)) * step)
    return stride(from: first, through: last, by: 1).map { index in
      Tick(value: index * step, label: notation.label(index * step))
    }
  }

  /// Powers of ten inside low...high (both above 0), thinned to at most `maximum`; if fewer than two
  /// lie inside, 2 and 5 times powers as well.
  public static func logarithmic(from low: Double, to high: Double, maximum: Int) -> [Tick] {
    guard low > 0, high > low, high.isFinite else { return [] }
    let first = Int((log10(low) - 1e-9).rounded(.up))
    let last = Int((log10(high) + 1e-9).rounded(.down))
    if last - first + 1 >= 2 {
      let step = (last - first + max(1, maximum)) / max(1, maximum)
      return stride(from: first, through: last, by: max(1, step)).map { exponent in
        let value = pow(10, Double(exponent))
        return Tick(value: value, label: Number.short(value))
      }
    }
    var ticks: [Tick] = []
    for exponent in (first - 1)...(last + 1) {
      for factor in [1.0, 2.0, 5.0] {
        let value = factor * pow(10, Double(exponent))
        if value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9) {
          ticks.append(Tick(value: value, label: Number.short(value)))
        }
      }
    }
    return Array(ticks.prefix(max(2, maximum)))
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

  /// One way of writing for all ticks of an axis: unit and decimals follow from the step.
  private struct Notation {
    let unit: Double
    let suffix: String
    let decimals: Int

    init(step: Double, largest: Double) {
      let units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
      let fitting = largest >= 10_000 ? units.first { largest >= $0.0 } : nil
      (unit, suffix) = fitting ?? (1, "")
      decimals = max(0, Int(-(log10(step / unit) + 1e-9).rounded(.down)))
    }

    func label(_ value: Double) -> String {
      // Beyond what fixed digits can say in the width of an axis.
      if decimals > 4 || abs(value / unit) >= 1e6 { return String(format: "%.2g", value) }
      if value == 0 && !suffix.isEmpty { return "0" }
      return Number.fixed(value / unit, decimals) + suffix
    }
  }
}
