public import TensorKit

/// The order in which chunks are scored.
public enum ScoringOrder: String, Sendable, Codable, CaseIterable {
  /// A seeded permutation: at any time the scored chunks are a uniform sample, so the histogram and
  /// the threshold are unbiased estimates.
  case random
  /// The order of the corpus.
  case sequential
}

/// How two models share the memory.
public enum ScoringPasses: String, Sendable, Codable, CaseIterable {
  /// Both models loaded, batch by batch in turn: differences appear at once.
  case alternating
  /// The teacher over everything, then the reference: one model in memory at a time.
  case onePassEach
}

/// Everything that decides how a corpus is scored.
public struct ScoringSettings: Sendable, Codable, Equatable {
  /// Chunks in a block, the unit that is saved; at most one block is lost by a crash.
  public var blockSize: Int
  /// Most input tokens in one forward pass; a single longer chunk still goes alone.
  public var tokensPerBatch: Int
  /// Order of the chunks.
  public var order: ScoringOrder
  /// Seed of the random order.
  public var seed: UInt64
  /// Most positions of a chunk that are scored: inputs are the first 1024 tokens (data[:1025]).
  public var maximumPositions: Int
  /// The end-of-text token, which also pads (see `LossMask`).
  public var endOfText: Int32
  /// In which both models are run; scores of two precisions are never mixed.
  public var precision: Precision
  /// Whether both models are in memory; does not change the scores.
  public var passes: ScoringPasses

  public init(
    endOfText: Int32, seed: UInt64 = 0, order: ScoringOrder = .random, blockSize: Int = 64,
    tokensPerBatch: Int = 2048, maximumPositions: Int = 1024, precision: Precision = .f32,
    passes: ScoringPasses = .alternating
  ) {
    self.endOfText = endOfText
    self.seed = seed
    self.order = order
    self.blockSize = blockSize
    self.tokensPerBatch = tokensPerBatch
    self.maximumPositions = maximumPositions
    self.precision = precision
    self.passes = passes
  }

  /// A block size that loses little and still makes at most some 2,000 parts: 64 chunks up to
  /// 128,000, then the next power of two.
  public static func blockSize(chunkCount: Int) -> Int {
    var size = 64
    while chunkCount / size > 2000 { size *= 2 }
    return size
  }

  func validate() throws(DifferenceSamplingError) {
    let positive = [
      ("block size", blockSize), ("tokens per batch", tokensPerBatch),
      ("maximum positions", maximumPositions),
    ]
    for (name, value) in positive where value < 1 {
      throw .invalidSetting(name: name, found: "\(value)", expected: "at least 1")
    }
  }
}
