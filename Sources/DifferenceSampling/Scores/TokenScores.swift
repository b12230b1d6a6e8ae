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

  /// Positions of counted tokens, ascending.
  public var countedPositions: [Int] { tokens.indices.filter { teacher[$0] != nil } }

  /// Mean difference over the counted tokens: the chunk's score; nil if none counts.
  public var meanDifference: Double? { runningMean.last ?? nil }

  /// Mean difference of all counted tokens up to each position; nil before the first.
  public var runningMean: [Double?] {
    var sum = 0.0
    var counted = 0
    return tokens.indices.map { position in
      if let difference = difference(at: position) {
        sum += Double(difference)
        counted += 1
      }
      return counted > 0 ? sum / Double(counted) : nil
    }
  }

  /// Positions of the `count` counted tokens with the largest |difference|, largest first, equal
  /// ones in the order of the text.
  public func top(_ count: Int) -> [Int] { Array(byMagnitude.prefix(count)) }

  /// The smallest share of the counted tokens that carries `share` (0...1) of the sum of
  /// |difference|; 0 if there is none to carry.
  public func tokenShare(carrying share: Double) -> Double {
    let ordered = byMagnitude
    let total = ordered.reduce(0.0) { $0 + magnitude($1) }
    guard total > 0 else { return 0 }
    var sum = 0.0
    for (index, position) in ordered.enumerated() {
      if sum >= share * total { return Double(index) / Double(ordered.count) }
      sum += magnitude(position)
    }
    return 1
  }

  private func magnitude(_ position: Int) -> Double {
    difference(at: position).map { abs(Double($0)) } ?? 0
  }

  private var byMagnitude: [Int] {
    countedPositions.sorted { (magnitude($1), $0) < (magnitude($0), $1) }
  }
}
