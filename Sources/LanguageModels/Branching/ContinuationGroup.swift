/// A text whose last tokens are scored.
public struct ScoredSequence: Sendable, Equatable {
  /// Context and continuation.
  public var tokens: [Int32]
  /// How many tokens at the end are the continuation: at least 1, and fewer than there are tokens.
  public var scored: Int

  public init(tokens: [Int32], scored: Int) {
    self.tokens = tokens
    self.scored = scored
  }
}

/// What a model says of a continuation.
public struct ContinuationScore: Sendable, Equatable {
  /// Sum of log p of its tokens, natural logarithm.
  public var logProbability: Double
  /// Whether every token is the most probable one of its place.
  public var isGreedy: Bool

  public init(logProbability: Double, isGreedy: Bool) {
    self.logProbability = logProbability
    self.isGreedy = isGreedy
  }
}

/// What a model says of a token.
public struct TokenScore: Sendable, Equatable {
  /// log p, natural logarithm.
  public var logProbability: Float
  public var isGreedy: Bool
}
