/// A regular expression, compiled for the automaton if that can run it, and for backtracking if not.
final class RegularExpression: Sendable {
  enum Engine: Sendable {
    case automaton(AutomatonProgram)
    case backtracking(BacktrackingProgram)
  }

  let engine: Engine
  /// Longer programs are refused.
  static let sizeLimit = 4096

  /// - Throws: `RegexParser.Unsupported` when `pattern` holds something that is not supported.
  init(_ pattern: String) throws(RegexParser.Unsupported) {
    let node = try RegexParser.parse(pattern)
    if let program = AutomatonProgram(node) {
      engine = .automaton(program)
    } else if let program = BacktrackingProgram(node) {
      engine = .backtracking(program)
    } else {
      throw .init(
        reason: "it is longer than \(Self.sizeLimit) steps when its loops are written out")
    }
  }

  /// What searches texts for the expression; one for each thread.
  func searcher() -> RegexSearcher {
    switch engine {
    case .automaton(let program): .automaton(LazyAutomaton(program))
    case .backtracking(let program): .backtracking(Backtracker(program))
    }
  }
}

/// Searches texts for a regular expression with memory that it keeps from one to the next.
enum RegexSearcher {
  case automaton(LazyAutomaton)
  case backtracking(Backtracker)
}

/// Finds the matches of an automaton; its text starts at `origin`.
struct AutomatonMatcher: PieceMatcher {
  let automaton: LazyAutomaton
  let origin: Int

  var findsEmpty: Bool { automaton.program.isNullable }

  @inline(__always)
  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    var offset = start
    while true {
      offset = automaton.nextStart(in: text, from: offset, to: end)
      if offset == end, !findsEmpty { return nil }
      if let last = automaton.matchEnd(in: text, from: offset, to: end, origin: origin) {
        return offset..<last
      }
      if offset == end { return nil }
      offset = text.scalar(at: offset).next
    }
  }
}

/// Finds the matches of a backtracking program; its text starts at `origin`.
struct BacktrackingMatcher: PieceMatcher {
  let backtracker: Backtracker
  let origin: Int

  var findsEmpty: Bool { backtracker.program.isNullable }

  func nextMatch(in text: some ScalarText, from start: Int, to end: Int) -> Range<Int>? {
    var offset = start
    while offset < end || findsEmpty {
      if let last = backtracker.matchEnd(in: text, from: offset, to: end, origin: origin) {
        return offset..<last
      }
      if offset == end { return nil }
      offset = text.scalar(at: offset).next
    }
    return nil
  }
}
