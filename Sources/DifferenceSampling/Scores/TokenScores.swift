public import LanguageModels

/// What both models think of every token of one chunk.
public struct TokenScores: Sendable, Equatable {
  /// The chunk's tokens that were scored: the inputs and the last target.
  public let tokens: [Int32]
  /// log p of each token given those before it, nats; nil for the first token and for a token after
  /// end-of-text, which do not count.
  public let teacherLogProbabilities: [Float?]
  public let referenceLogProbabilities: [Float?]

  /// Scores a chunk with both models.
  ///
  /// - Parameters:
  ///   - tokens: the whole chunk; at most `maximumPositions` inputs are used, as in scoring.
  ///   - chunk: its number, for what an error says.
  /// - Throws: `ModelError.tokenOutOfRange`, `DifferenceSamplingError.scorerOutput`.
  public init(
    tokens: [Int32], chunk: Int, mask: LossMask, maximumPositions: Int = 1024,
    teacher: any ChunkScorer, reference: any ChunkScorer
  ) throws {
    func values(_ scorer: any ChunkScorer, _ name: String) throws -> [Float?] {
      let window = try ChunkWindow(
        tokens, number: chunk, length: maximumPositions + 1, mask: .none,
        vocabularySize: scorer.vocabularySize)
      guard window.inputCount > 0 else { return window.tokens.map { _ in nil } }
      let result = try scorer.logProbabilities(of: [window])
      guard result.count == 1, let values = result.first, values.count == window.inputCount else {
        throw DifferenceSamplingError.scorerOutput(
          scorer: name, found: "\(result.map(\.count)) log-probabilities",
          expected: "\(window.inputCount)")
      }
      return [nil] + zip(window.tokens, values).map { mask.counts(input: $0) ? $1 : nil }
    }
    self.tokens = Array(tokens.prefix(maximumPositions + 1))
    teacherLogProbabilities = try values(teacher, "teacher")
    referenceLogProbabilities = try values(reference, "reference")
  }

  /// log p teacher - log p reference of the token at `position`: high where only the larger model
  /// expected it. nil where the token does not count.
  public func difference(at position: Int) -> Float? {
    guard let teacher = teacherLogProbabilities[position],
      let reference = referenceLogProbabilities[position]
    else { return nil }
    return teacher - reference
  }

  /// Mean difference over the counted tokens: the chunk's score; nil if none counts.
  public var meanDifference: Double? {
    let differences = tokens.indices.compactMap { difference(at: $0) }
    if differences.isEmpty { return nil }
    return differences.reduce(0.0) { $0 + Double($1) } / Double(differences.count)
  }
}
