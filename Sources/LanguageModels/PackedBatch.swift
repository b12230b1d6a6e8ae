/// Several sequences end to end, without padding.
///
/// Positions, convolution windows and states restart at every sequence; they do not restart at an
/// end-of-text token inside one, because a packed chunk is one sequence (MiniPLM trains and scores
/// so).
public struct PackedBatch: Sendable, Equatable {
  /// Input tokens [T].
  public private(set) var tokens: [Int32]
  /// The token after each input [T]; -1 where none is counted.
  public private(set) var targets: [Int32]
  /// Weight of each target's negative log-likelihood in the loss [T].
  public private(set) var weights: [Float]
  /// First position of each sequence, then T.
  public private(set) var sequenceOffsets: [Int]
  /// The vocabulary that tokens and targets are known to be in; nil where nobody has looked.
  private var knownVocabulary: Int?

  /// A batch of numbers that nobody has looked at: the model checks them.
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

  /// Packs chunks: inputs are all tokens but the last, targets all but the first, without those that
  /// the mask of a window leaves out. Windows of less than two tokens hold no target and are skipped.
  public init(_ windows: some Sequence<ChunkWindow>, weighting: Weighting) {
    self.init(tokens: [], targets: [], weights: [], sequenceOffsets: [0])
    var vocabularySize = 0
    for window in windows where window.tokens.count > 1 {
      let weight: Float =
        switch weighting {
        case .chunkMean(let chunks):
          1 / (Float(max(1, window.countedTargets)) * Float(max(1, chunks)))
        case .tokenMean(let total): 1 / Float(max(1, total))
        case .sum: 1
        }
      tokens.append(contentsOf: window.tokens.dropLast())
      for (input, target) in zip(window.tokens, window.tokens.dropFirst()) {
        let counts = window.mask.counts(input: input)
        targets.append(counts ? target : -1)
        weights.append(counts ? weight : 0)
      }
      sequenceOffsets.append(tokens.count)
      vocabularySize = max(vocabularySize, window.vocabularySize)
    }
    knownVocabulary = vocabularySize
  }

  /// Packs sequences that were sampled behind prompts: every new token is a target of weight `weight`,
  /// the end of text too, and no token of a prompt is. The last new token is a target only.
  ///
  /// Prompts have a token at least, and so have new tokens.
  public init(
    sampled sequences: some Sequence<(prompt: [Int32], new: [Int32])>, weight: Float
  ) {
    self.init(tokens: [], targets: [], weights: [], sequenceOffsets: [0])
    for (prompt, new) in sequences {
      tokens += prompt
      tokens += new.dropLast()
      let before = prompt.count - 1
      targets += Array(repeating: -1, count: before) + new
      weights += Array(repeating: 0, count: before) + Array(repeating: weight, count: new.count)
      sequenceOffsets.append(tokens.count)
    }
  }

  /// The same with every weight times a factor.
  public func weighted(by factor: Float) -> PackedBatch {
    var batch = self
    for place in batch.weights.indices { batch.weights[place] *= factor }
    return batch
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
    // The ids of windows were compared with a vocabulary when those were made.
    if let knownVocabulary, knownVocabulary <= vocabularySize { return }
    if let token = tokens.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
      throw .batch(found: "token \(token)", expected: "ids below \(vocabularySize)")
    }
    if let target = targets.first(where: { Int($0) >= vocabularySize }) {
      throw .batch(found: "target \(target)", expected: "ids below \(vocabularySize)")
    }
  }
}
