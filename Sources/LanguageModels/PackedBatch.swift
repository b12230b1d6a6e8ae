/// Several sequences end to end, without padding.
///
/// Positions, convolution windows and states restart at every sequence; they do not restart at an
/// end-of-text token inside one, because a packed chunk is one sequence (MiniPLM trains and scores
/// so).
public struct PackedBatch: Sendable, Equatable {
  /// Input tokens [T].
  public var tokens: [Int32]
  /// The token after each input [T]; -1 where none is counted.
  public var targets: [Int32]
  /// Weight of each target's negative log-likelihood in the loss [T].
  public var weights: [Float]
  /// First position of each sequence, then T.
  public var sequenceOffsets: [Int]

  public init(tokens: [Int32], targets: [Int32], weights: [Float], sequenceOffsets: [Int]) {
    self.tokens = tokens
    self.targets = targets
    self.weights = weights
    self.sequenceOffsets = sequenceOffsets
  }

  /// How the negative log-likelihoods of a batch make one loss. The counts are those of the whole
  /// optimiser step, so that micro-batches add up exactly.
  public enum Weighting: Sendable, Equatable {
    /// Mean over chunks of each chunk's mean, as MiniPLM trains.
    case chunkMean(chunks: Int)
    /// Mean over all counted targets.
    case tokenMean(countedTargets: Int)
    /// Sum over counted targets.
    case sum
  }

  /// Packs chunks: inputs are all tokens but the last, targets all but the first.
  ///
  /// A target is not counted where the input is `endOfText` (MiniPLM masks inputs equal to the
  /// padding token, which is its end-of-text token); predicting `endOfText` counts. Chunks of less
  /// than two tokens hold no target and are skipped.
  public init(
    chunks: some Sequence<some RandomAccessCollection<Int32>>, endOfText: Int32?,
    weighting: Weighting
  ) {
    self.init(tokens: [], targets: [], weights: [], sequenceOffsets: [0])
    for chunk in chunks where chunk.count > 1 {
      let start = tokens.count
      tokens.append(contentsOf: chunk.dropLast())
      targets.append(contentsOf: chunk.dropFirst())
      var counted = 0
      for position in start..<tokens.count {
        if tokens[position] == endOfText {
          targets[position] = -1
        } else {
          counted += 1
        }
      }
      let weight: Float =
        switch weighting {
        case .chunkMean(let chunks): 1 / (Float(max(1, counted)) * Float(max(1, chunks)))
        case .tokenMean(let total): 1 / Float(max(1, total))
        case .sum: 1
        }
      for position in start..<tokens.count { weights.append(targets[position] < 0 ? 0 : weight) }
      sequenceOffsets.append(tokens.count)
    }
  }

  /// The targets of a chunk that count towards its loss.
  public static func countedTargets(
    of chunk: some RandomAccessCollection<Int32>, endOfText: Int32?
  ) -> Int {
    chunk.dropLast().reduce(0) { $0 + ($1 == endOfText ? 0 : 1) }
  }

  /// Number of input positions, T.
  public var tokenCount: Int { tokens.count }
  public var sequenceCount: Int { max(0, sequenceOffsets.count - 1) }

  /// Sum of weight times negative log-likelihood over the counted targets, in double.
  public func loss(of negativeLogLikelihoods: [Float]) -> Double {
    var sum = 0.0
    for (position, value) in negativeLogLikelihoods.enumerated() where targets[position] >= 0 {
      sum += Double(weights[position]) * Double(value)
    }
    return sum
  }

  /// Mean negative log-likelihood over the counted targets of each sequence; nan without any.
  public func sequenceMeans(of negativeLogLikelihoods: [Float]) -> [Double] {
    zip(sequenceOffsets, sequenceOffsets.dropFirst()).map { start, end in
      var sum = 0.0
      var counted = 0
      for position in start..<end where targets[position] >= 0 {
        sum += Double(negativeLogLikelihoods[position])
        counted += 1
      }
      return sum / Double(counted)
    }
  }

  /// Refuses a batch that a model could not index.
  func check(vocabularySize: Int, maximumTokens: Int) throws(ModelError) {
    guard targets.count == tokens.count, weights.count == tokens.count else {
      throw .batch(
        found: "\(tokens.count) tokens, \(targets.count) targets, \(weights.count) weights",
        expected: "as many of each")
    }
    guard sequenceOffsets.first == 0, sequenceOffsets.last == tokens.count,
      zip(sequenceOffsets, sequenceOffsets.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw .batch(
        found: "sequence offsets that do not partition \(tokens.count) tokens",
        expected: "ascending offsets from 0 to the number of tokens")
    }
    if tokens.count > maximumTokens {
      throw .batch(
        found: "\(tokens.count) tokens", expected: "at most \(maximumTokens), as planned")
    }
    if let token = tokens.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
      throw .batch(found: "token \(token)", expected: "ids below \(vocabularySize)")
    }
    if let target = targets.first(where: { Int($0) >= vocabularySize }) {
      throw .batch(found: "target \(target)", expected: "ids below \(vocabularySize)")
    }
  }
}
