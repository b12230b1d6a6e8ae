/// What it costs to find all matches of a regular expression in a text: a measure without a clock.
package struct RegularExpressionSteps {
  /// Matches found.
  package private(set) var matches = 0
  /// Characters looked at, or instructions run.
  package let steps: Int

  /// Nil when the pattern is not supported.
  package init?(_ pattern: String, in text: String) {
    guard let expression = RegularExpression(pattern) else { return nil }
    let bytes = Array(text.utf8)
    let searcher = expression.searcher()
    var found = 0
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let source = UTF8Text(bytes: base)
      var offset = 0
      while let match = Self.nextMatch(searcher, source, from: offset, to: buffer.count) {
        found += 1
        offset = match.upperBound
      }
    }
    matches = found
    steps =
      switch searcher {
      case .automaton(let automaton): automaton.stepCount
      case .backtracking(let backtracker): backtracker.stepCount
      }
  }

  private static func nextMatch(
    _ searcher: RegexSearcher, _ text: UTF8Text, from start: Int, to end: Int
  ) -> Range<Int>? {
    switch searcher {
    case .automaton(let automaton):
      AutomatonMatcher(automaton: automaton, origin: 0).nextMatch(in: text, from: start, to: end)
    case .backtracking(let backtracker):
      BacktrackingMatcher(backtracker: backtracker, origin: 0)
        .nextMatch(in: text, from: start, to: end)
    }
  }
}
