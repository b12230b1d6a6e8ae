import Foundation
import Numerics

/// The words beside the marks of an axis, all in one notation.
public enum AxisLabels {
  /// One label for every value, in order.
  public static func of(_ values: [Double], scale: AxisScale) -> [String] {
    let sizes = values.map(abs).filter { $0 > 0 }
    guard let largest = sizes.max(), let smallest = sizes.min() else {
      return values.map { Number.fixed($0, 0) }
    }
    // Within a decade marks are even in the values.
    if scale == .logarithmic, largest / smallest >= 10 {
      return largest >= 1e6 || smallest < 1e-3 ? values.map(power) : values.map(plain)
    }
    if largest >= 1e15 || largest < 1e-5 { return values.map(power) }
    let steps = zip(values.dropFirst(), values).map { $0 - $1 }.filter { $0 > 0 }
    let step = steps.min() ?? smallest
    for (size, unit) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    where largest >= size * (unit == "k" ? 10 : 1) {
      let decimals = decimals(step / size)
      // More than three decimals of a unit say less than the digits do.
      if decimals <= 3 {
        return values.map { $0 == 0 ? "0" : Number.fixed($0 / size, decimals) + unit }
      }
    }
    let decimals = decimals(step)
    return values.map {
      decimals == 0 && largest < 1e15
        ? Number.grouped(Int($0.rounded())) : Number.fixed($0, decimals)
    }
  }

  /// Decimals that a step needs to be told.
  private static func decimals(_ step: Double) -> Int {
    guard step > 0, step.isFinite else { return 0 }
    var (scaled, count) = (step, 0)
    while count < 9, abs(scaled - scaled.rounded()) > 1e-6 * max(1, scaled) {
      scaled *= 10
      count += 1
    }
    return count
  }

  private static func plain(_ value: Double) -> String {
    value >= 1000
      ? Number.grouped(Int(value.rounded())) : Number.significant(value, 4)
  }

  /// 10²¹, 2×10²¹; what is no round multiple has up to three digits.
  static func power(_ value: Double) -> String {
    if value == 0 { return "0" }
    var exponent = Int(floor(log10(abs(value))))
    var factor = abs(value) / pow(10, Double(exponent))
    if !factor.isFinite || factor < 1 - 1e-9 || factor >= 9.9995 {
      exponent = Int(log10(abs(value)).rounded())
      factor = abs(value) / pow(10, Double(exponent))
    }
    let sign = value < 0 ? "−" : ""
    let digits = Number.significant(factor, 3)
    let ten = exponent == 0 ? "1" : exponent == 1 ? "10" : "10" + superscript(exponent)
    if digits == "1" { return sign + ten }
    return exponent == 0 ? sign + digits : "\(sign)\(digits)×\(ten)"
  }

  private static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(
      String(number).map { $0 == "-" ? "⁻" : digits[$0.wholeNumberValue ?? 0] })
  }
}
