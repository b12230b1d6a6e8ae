public import Corpus
import LanguageModels
import Numerics

/// A few chunks of a corpus, drawn by a seed, that tell what a scoring will be like before it costs
/// anything.
///
/// Chunks are cut to `positions` inputs: many short ones tell more of two models than a few long ones
/// of the same cost.
public struct ScoringProbe: Sendable {
  /// Numbers of the chunks in their corpus, ascending.
  public let chunks: [Int]
  /// The lowest and the highest id in them, over their whole length; nil where there is no token.
  public let tokens: ClosedRange<Int32>?
  private let texts: [[Int32]]
  private let positions: Int
  private let mask: LossMask

  /// Chunks that are drawn, and inputs that are scored of each.
  public static let chunkCount = 48
  public static let mostPositions = 256

  /// - Parameters:
  ///   - endOfText: tokens behind it do not count, as in a scoring.
  ///   - positions: most inputs of a chunk.
  /// - Throws: what reading a chunk throws.
  public init(
    of source: any ChunkSource, count: Int = chunkCount, seed: UInt64, endOfText: Int32,
    positions: Int
  ) throws {
    var random = RandomSource(seed: seed).split("scoring probe")
    // Chunks with no target tell nothing; a few draws more make up for them.
    var drawn: Set<Int> = []
    if source.count <= count {
      drawn = Set(0..<source.count)
    } else {
      var tries = 0
      while drawn.count < count, tries < 8 * count {
        let chunk = random.index(below: source.count)
        if source.length(of: chunk) > 1 { drawn.insert(chunk) }
        tries += 1
      }
    }
    chunks = drawn.sorted()
    texts = try chunks.map { try source.tokens(of: $0) }
    let ends = texts.compactMap { text in
      text.min().flatMap { low in text.max().map { (low, $0) } }
    }
    if let low = ends.map(\.0).min(), let high = ends.map(\.1).max() {
      tokens = low...high
    } else {
      tokens = nil
    }
    self.positions = min(positions, Self.mostPositions)
    mask = LossMask(endOfText: endOfText)
  }

  /// What one model says of the probe.
  public struct Outcome: Sendable, Equatable {
    /// Mean negative log-likelihood of every chunk, nats per token; those without a counted token
    /// are left out of everything that is formed of them.
    public let means: [Float]
    /// Counted tokens of every chunk.
    public let counted: [Int]
    /// Log-probabilities that are NaN or infinite.
    public let nonFinite: Int
    /// Standard deviation of the log-probabilities over the tokens: near 0 for a model that holds
    /// all tokens about equally likely.
    public let tokenSpread: Double
    /// Input tokens a second.
    public let tokensPerSecond: Double
  }

  /// Scores the probe in batches of at most `tokensPerBatch` inputs.
  ///
  /// The first batch, which compiles products and touches memory, counts for the speed only where it
  /// is the only one.
  ///
  /// - Parameter goesOn: asked between batches.
  /// - Returns: nil when it was stopped.
  /// - Throws: `ModelError.tokenOutOfRange` for ids that the model has not.
  public func score(
    by scorer: any ChunkScorer, tokensPerBatch: Int, goesOn: () -> Bool
  ) throws -> Outcome? {
    let windows = try zip(texts, chunks).map { text, chunk in
      try ChunkWindow(
        text, number: chunk, length: positions + 1, mask: .none,
        vocabularySize: scorer.vocabularySize)
    }
    let clock = ContinuousClock()
    var values: [[Float]] = []
    var speeds: [(tokens: Int, seconds: Double)] = []
    for batch in Self.batches(windows.map(\.inputCount), most: tokensPerBatch) {
      guard goesOn() else { return nil }
      let start = clock.now
      values += try scorer.logProbabilities(of: Array(windows[batch]))
      speeds.append(
        (windows[batch].reduce(0) { $0 + $1.inputCount }, (clock.now - start) / .seconds(1)))
    }
    if speeds.count > 1 { speeds.removeFirst() }
    let seconds = speeds.reduce(0) { $0 + $1.seconds }
    return outcome(
      windows, values,
      tokensPerSecond: Double(speeds.reduce(0) { $0 + $1.tokens }) / max(seconds, 1e-9))
  }

  private func outcome(
    _ windows: [ChunkWindow], _ values: [[Float]], tokensPerSecond: Double
  ) -> Outcome {
    let means = zip(windows, values).map { mask.meanNLL(tokens: $0.tokens, logProbabilities: $1) }
    let all = values.joined().filter(\.isFinite).map(Double.init)
    let mean = all.reduce(0, +) / Double(max(1, all.count))
    let squares = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Outcome(
      means: means.map(\.nll), counted: means.map(\.counted),
      nonFinite: values.joined().count { !$0.isFinite },
      tokenSpread: (squares / Double(max(1, all.count))).squareRoot(),
      tokensPerSecond: tokensPerSecond)
  }

  private static func batches(_ inputs: [Int], most: Int) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var (start, tokens) = (0, 0)
    for (place, count) in inputs.enumerated() {
      if place > start, tokens + count > most {
        batches.append(start..<place)
        (start, tokens) = (place, 0)
      }
      tokens += count
    }
    if start < inputs.count { batches.append(start..<inputs.count) }
    return batches
  }
}
