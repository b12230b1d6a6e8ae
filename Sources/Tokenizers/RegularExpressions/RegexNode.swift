/// A regular expression as it is written.
indirect enum RegexNode: Sendable {
  case set(ScalarSet)
  case sequence([RegexNode])
  /// The first alternative that leads to a match counts.
  case alternation([RegexNode])
  case loop(RegexNode, atLeast: Int, atMost: Int, RegexLoopKind)
  /// What follows must match, or must not; takes no text.
  case lookahead(RegexNode, isNegative: Bool)

  /// Whether the node can match without taking text.
  var isNullable: Bool {
    switch self {
    case .set: false
    case .sequence(let nodes): nodes.allSatisfy(\.isNullable)
    case .alternation(let nodes): nodes.contains(where: \.isNullable)
    case .loop(let node, let atLeast, _, _): atLeast == 0 || node.isNullable
    case .lookahead: true
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
