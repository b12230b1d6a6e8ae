import EngineInterface
import TerminalUI

/// Questions answered with a line of text.
extension Reducer {
  mutating func answerPrompt(_ key: Key) {
    guard var prompt = state.prompt else { return }
    switch key {
    case .escape, .control("c"): state.prompt = nil
    case .enter:
      switch answer(prompt) {
      case nil: state.prompt = nil
      case let complaint?:
        prompt.complaint = complaint
        state.prompt = prompt
      }
    default:
      if prompt.field.handle(key) { prompt.complaint = nil }
      state.prompt = prompt
    }
  }

  /// Does what the answer says; a sentence when it cannot be read.
  private mutating func answer(_ prompt: Prompt) -> String? {
    let text = prompt.field.text.filter { !$0.isWhitespace }
    switch prompt.question {
    case .search:
      let wanted = prompt.field.text
      showDocuments { $0.text = wanted.isEmpty ? nil : wanted }
      focus(.documents)
      return nil
    case .floor(let source):
      if text.isEmpty {
        send(.setFloor(source: source, share: nil))
        return nil
      }
      guard let share = RatioText.share(text) else { return "a share such as 0.06 or 6%" }
      send(.setFloor(source: source, share: share))
      return nil
    case .ratio:
      if let threshold = RatioText.threshold(text) {
        setThreshold(threshold)
        return nil
      }
      guard let share = RatioText.share(text) else { return "0...1, 45%, or d0.6" }
      setRatio(share)
      return nil
    }
  }

  private mutating func setThreshold(_ threshold: Double) {
    state.select.requestedRatio =
      state.engine.selection?.histogram.share(atLeast: threshold)
    state.select.requestedAt = state.clock
    send(.setThreshold(threshold))
  }
}

/// Reads ratios and thresholds as people type them.
enum RatioText {
  /// "0.45", ".45", "45%" -> 0.45; nil outside 0...1.
  static func share(_ text: String) -> Double? {
    let isPercent = text.hasSuffix("%")
    guard let number = Double(isPercent ? String(text.dropLast()) : text), number.isFinite else {
      return nil
    }
    let share = isPercent ? number / 100 : number
    return (0...1).contains(share) ? share : nil
  }

  /// "d0.6", "d>=0.6", ">0.6" -> 0.6; nil when it does not begin so.
  static func threshold(_ text: String) -> Double? {
    let rest = text.drop { "d>=".contains($0) }
    guard rest.count < text.count, let number = Double(rest), number.isFinite else { return nil }
    return number
  }
}
