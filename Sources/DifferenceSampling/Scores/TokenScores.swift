/// What both models think of every token of one chunk.
public struct TokenScores: Sendable, Equatable {
  /// The chunk's tokens that were scored: the inputs and the last target.
  public let tokens: [Int32]
  /// log p of each token given those before it, nats; nil for the first token and for a token after
  /// end-of-text, which do not count.
  public let teacher: [Float?]
  public let reference: [Float?]

  /// Scores a chunk with both models.
  ///
  /// - Parameter tokens: the whole chunk; at most `maximumPositions` inputs are used, as in scoring.
  public init(
    tokens: [Int32], mask: LossMask, maximumPositions: Int = 1024,
    teacher: any ChunkScorer, reference: any ChunkScorer
  ) throws {
    let window = Array(tokens.prefix(maximumPositions + 1))
    self.tokens = window
    self.teacher = try Self.values(window, mask: mask, scorer: teacher, name: "teacher")
    self.reference = try Self.values(window, mask: mask, scorer: reference, name: "reference")
  }

  private static func values(
    _ tokens: [Int32], mask: LossMask, scorer: any ChunkScorer, name: String
  ) throws -> [Float?] {
    guard tokens.count > 1 else { return tokens.map { _ in nil } }
    let result = try scorer.logProbabilities(of: [tokens])
    guard result.count == 1, let values = result.first, values.count == tokens.count - 1 else {
      throw DifferenceSamplingError.scorerOutput(
        scorer: name, found: "\(result.map(\.count)) log-probabilities",
        expected: "\(tokens.count - 1)")
    }
    return [nil] + zip(tokens, values).map { mask.counts(input: $0) ? $1 : nil }
  }

  /// log p teacher - log p reference of the token at `position`: high where only the larger model
  /// expected it. nil where the token does not count.
  public func difference(at position: Int) -> Float? {
    guard let teacher = teacher[position], let reference = reference[position] else { return nil }
    return teacher - reference
  }

  /// Mean difference over the counted tokens: the chunk's score; nil if none counts.
  public var meanDifference: Double? {
    let differences = tokens.indices.compactMap { difference(at: $0) }
    if differences.isEmpty { return nil }
    return differences.reduce(0.0) { $0 + Double($1) } / Double(differences.count)
  }
}
