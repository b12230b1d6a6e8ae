import EngineInterface
import Numerics
import TerminalUI

/// Prices in sentences.
enum PriceText {
  /// "floor of dictionary 60 %: 312 chunks in, 312 out, mean d -0.021".
  static func part(_ part: SelectionPrice.Part) -> StyledText {
    let change = part.meanChange.map { ", mean d \(Number.signed($0, 3))" } ?? ""
    return StyledText(
      "\(part.name): \(Number.grouped(part.chunksIn)) chunks in, "
        + "\(Number.grouped(part.chunksOut)) out\(change)", .accent)
  }

  /// One line for the Select screen; nil while nothing is known.
  static func line(_ price: SelectionPrice, width: Int) -> StyledText {
    var parts: [String] = []
    if let change = price.meanChange, !price.parts.isEmpty {
      parts.append("d \(Number.signed(change, 3))")
    }
    if let training = price.training {
      parts.append("\(Number.grouped(training.steps)) steps")
      parts.append("\(BudgetText.operationsText(training.operations)) FLOPs")
      if let seconds = training.seconds { parts.append(Number.duration(seconds)) }
    }
    // Whole figures only.
    while parts.count > 1, "price: ".count + parts.joined(separator: ", ").count > width {
      parts.removeLast()
    }
    return parts.isEmpty ? [] : StyledText("price: " + parts.joined(separator: ", "))
  }

  /// What is counted, and by what the time is known.
  static func measure(_ training: TrainingPrice?) -> String {
    guard let training else { return "The student's shape is not known yet." }
    let tokens = "A student reads \(Number.short(training.tokens)) tokens"
    guard training.seconds != nil else {
      return "\(tokens). No speed is known before the project has trained something."
    }
    return "\(tokens); time by the speed of \(training.speed)."
  }
}
