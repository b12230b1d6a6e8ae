/// A regular expression as it is written.
indirect enum RegexNode: Sendable {
  case set(ScalarSet)
  case sequence([RegexNode])
  /// The first alternative that leads to a match counts.
  case alternation([RegexNode])
  case loop(RegexNode, atLeast: Int, atMost: Int, RegexLoopKind)
  /// What follows must match, or must not; takes no text.
  case lookahead(RegexNode, isNegative: Bool)
  /// What stands before must match up to here, or must not; takes no text.
  case lookbehind(RegexNode, isNegative: Bool)
  /// Takes what its first match takes, and never less.
  case atomic(RegexNode)
  /// Holds between two characters, or at an end of the text; takes no text.
  case assertion(RegexAssertion)

  /// Whether the node can match without taking text.
  var isNullable: Bool {
    switch self {
    case .set: false
    case .sequence(let nodes): nodes.allSatisfy(\.isNullable)
    case .alternation(let nodes): nodes.contains(where: \.isNullable)
    case .loop(let node, let atLeast, _, _): atLeast == 0 || node.isNullable
    case .atomic(let node): node.isNullable
    case .lookahead, .lookbehind, .assertion: true
    }
  }

  /// The node without the match of nothing, where that is what it tries last; nil where it is not so.
  var withoutEmptyMatch: RegexNode? {
    if !isNullable { return self }
    switch self {
    case .loop(let node, atLeast: 0, let atMost, .greedy) where !node.isNullable && atMost > 0:
      return .loop(node, atLeast: 1, atMost: atMost, .greedy)
    case .alternation(let nodes):
      guard let last = nodes.last, !nodes.dropLast().contains(where: \.isNullable) else {
        return nil
      }
      if case .sequence(let parts) = last, parts.isEmpty { return .alternation(nodes.dropLast()) }
      return last.withoutEmptyMatch.map { .alternation(nodes.dropLast() + [$0]) }
    case .sequence(let nodes):
      guard let first = nodes.first, let some = first.withoutEmptyMatch else { return nil }
      let rest = Array(nodes.dropFirst())
      if rest.isEmpty { return some }
      guard let others = RegexNode.sequence(rest).withoutEmptyMatch else { return nil }
      return .alternation([.sequence([some] + rest), others])
    default: return nil
    }
  }

  /// The set, when the node takes exactly one character of it.
  var singleSet: ScalarSet? {
    switch self {
    case .set(let set): set
    case .sequence(let nodes): nodes.count == 1 ? nodes[0].singleSet : nil
    case .atomic(let node): node.singleSet
    case .alternation(let nodes):
      nodes.reduce(ScalarSet.empty) { sum, node in
        node.singleSet.flatMap { set in sum?.union(set) }
      }
    default: nil
    }
  }
}

/// What an assertion asks of the characters before and after a place.
enum RegexAssertion: Sendable, Hashable {
  /// `(?=[...])`, or `(?![...])` when negative.
  case next(ScalarSet, isNegative: Bool)
  /// `(?<=[...])`, or `(?<![...])` when negative.
  case previous(ScalarSet, isNegative: Bool)
  /// `\b` with the characters that make words, or `\B` when negative.
  case wordBoundary(ScalarSet, isNegative: Bool)
  /// `^`: at the start, or after a line feed that does not end the text.
  case lineStart
  /// `$`: at the end, or before a line feed.
  case lineEnd
  /// `\A`
  case textStart
  /// `\z`
  case textEnd

  /// Whether it holds between two characters; nil stands for an end of the text.
  func holds(after previous: UInt32?, before next: UInt32?) -> Bool {
    switch self {
    case .next(let set, let isNegative):
      return (next.map(set.contains) ?? false) != isNegative
    case .previous(let set, let isNegative):
      return (previous.map(set.contains) ?? false) != isNegative
    case .wordBoundary(let set, let isNegative):
      let isBoundary = (previous.map(set.contains) ?? false) != (next.map(set.contains) ?? false)
      return isBoundary != isNegative
    case .lineStart: return previous == nil || previous == 0x0A && next != nil
    case .lineEnd: return next == nil || next == 0x0A
    case .textStart: return previous == nil
    case .textEnd: return next == nil
    }
  }

  /// Whether the character before the place counts.
  var looksBack: Bool {
    switch self {
    case .next, .lineEnd, .textEnd: false
    case .previous, .wordBoundary, .lineStart, .textStart: true
    }
  }

  /// Sets whose members the assertion tells apart from others.
  var sets: [ScalarSet] {
    switch self {
    case .next(let set, _), .previous(let set, _), .wordBoundary(let set, _): [set]
    case .lineStart, .lineEnd: [ScalarSet(0x0A)]
    case .textStart, .textEnd: []
    }
  }
}

/// How a loop chooses its number of rounds.
enum RegexLoopKind: Sendable {
  /// As many as lead to a match.
  case greedy
  /// As few as lead to a match.
  case lazy
  /// As many as there are, never fewer.
  case possessive
}
