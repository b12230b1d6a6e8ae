/// What it costs to find all matches of a regular expression in a text: a measure without a clock.
package struct RegularExpressionSteps {
  /// Matches found.
  package private(set) var matches = 0
  /// Characters looked at, or instructions run.
  package let steps: Int

  /// Nil when the pattern is not supported.
  package init?(_ pattern: String, in text: String) {
    guard let expression = try? RegularExpression(pattern) else { return nil }
    let bytes = Array(text.utf8)
    let searcher = expression.searcher()
    var found = 0
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let source = UTF8Text(bytes: base)
      switch searcher {
      case .automaton(let automaton):
        AutomatonMatcher(automaton: automaton, origin: 0)
          .forEachMatch(in: source, from: 0, to: buffer.count) { _ in
            found += 1
            return true
          }
      case .backtracking(let backtracker):
        BacktrackingMatcher(backtracker: backtracker, origin: 0)
          .forEachMatch(in: source, from: 0, to: buffer.count) { _ in
            found += 1
            return true
          }
      }
    }
    matches = found
    steps =
      switch searcher {
      case .automaton(let automaton): automaton.stepCount
      case .backtracking(let backtracker): backtracker.stepCount
      }
  }
}
