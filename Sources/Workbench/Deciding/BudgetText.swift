import EngineInterface
import Numerics

/// Reads budgets as people type them, and writes amounts of training.
enum BudgetText {
  static let hint = "20M tokens, 3h, 1h30m or 1e16 FLOPs"

  /// "20M" or "20e6 tokens" -> tokens; "3h", "90 min", "1h30m" -> seconds; "1e16" or "10 PFLOP" ->
  /// operations; nil for what is none of them, or not above 0.
  static func amount(_ text: String) -> TrainingAmount? {
    let words = text.compact
    if let seconds = seconds(words) { return seconds > 0 ? .seconds(seconds) : nil }
    let lower = words.lowercased()
    for unit in ["flops", "flop", "f"] where lower.hasSuffix(unit) {
      return number(String(words.dropLast(unit.count))).map(TrainingAmount.operations)
    }
    for unit in ["tokens", "token", "tok"] where lower.hasSuffix(unit) {
      return number(String(words.dropLast(unit.count))).map(TrainingAmount.tokens)
    }
    guard let value = number(words) else { return nil }
    // Nobody reads so many tokens, and no model is so small.
    return value >= 1e13 ? .operations(value) : .tokens(value)
  }

  /// "20M" -> 20,000,000; only what is above 0 and not without end.
  private static func number(_ text: String) -> Double? {
    let factors: [Character: Double] = [
      "k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "G": 1e9, "B": 1e9, "b": 1e9, "T": 1e12, "P": 1e15,
      "E": 1e18,
    ]
    var digits = text
    var factor = 1.0
    if let last = text.last, let found = factors[last] {
      factor = found
      digits.removeLast()
    }
    guard let value = Double(digits.filter { $0 != "," }) else { return nil }
    let amount = value * factor
    return amount.isFinite && amount > 0 ? amount : nil
  }

  /// A run of numbers with "d", "h", "min" or "m", "s"; nil for anything else.
  private static func seconds(_ text: String) -> Double? {
    var (sum, digits, unit) = (0.0, "", "")
    func value() -> Double? {
      let factors = ["d": 86_400.0, "h": 3600, "min": 60, "m": 60, "s": 1]
      guard let factor = factors[unit], let number = Double(digits) else { return nil }
      return number * factor
    }
    for character in text {
      if character.isNumber || character == "." {
        if !unit.isEmpty {
          guard let part = value() else { return nil }
          sum += part
          (digits, unit) = ("", "")
        }
        digits.append(character)
      } else {
        unit.append(character)
      }
    }
    return value().map { sum + $0 }
  }

  // MARK: - Writing

  /// "20M tokens", "3h00m", "1.0e16 FLOPs".
  static func text(_ amount: TrainingAmount) -> String {
    switch amount {
    case .tokens(let tokens): "\(Number.short(tokens)) tokens"
    case .seconds(let seconds): Number.duration(seconds)
    case .operations(let operations): "\(operationsText(operations)) FLOPs"
    }
  }

  /// 12,345,678 -> "1.2e7".
  static func operationsText(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "-" }
    var exponent = 0
    var digits = value
    while digits >= 9.95 {
      digits /= 10
      exponent += 1
    }
    return "\(Number.fixed(digits, 1))e\(exponent)"
  }

  /// "150 steps, 2.0 epochs, 1.3e12 FLOPs, 2m10s".
  static func text(_ price: TrainingPrice) -> String {
    let time = price.seconds.map { ", \(Number.duration($0))" } ?? ""
    return "\(Number.grouped(price.steps)) steps, \(operationsText(price.operations)) FLOPs\(time)"
  }
}
