public import LanguageModels
import Numerics

/// How fast this machine does passes of a model, tokens a second, from a few of them.
public enum MeasuredPace {
  /// Repeats `pass` for about `seconds`.
  ///
  /// A first pass, which compiles products and touches memory, does not count unless it takes that long
  /// by itself.
  ///
  /// - Parameters:
  ///   - tokens: of one pass.
  ///   - most: passes that are enough, however short they are.
  /// - Throws: `WorkStopped`, and what the pass throws.
  public static func tokensPerSecond(
    tokens: Int, seconds: Double, most: Int = .max, _ work: Work, pass: () throws -> Void
  ) throws -> Double {
    let clock = ContinuousClock()
    let first = try clock.measure(pass) / .seconds(1)
    if first >= seconds { return Double(tokens) / first }
    var (passes, elapsed) = (0, 0.0)
    repeat {
      try work.checkpoint()
      elapsed += try clock.measure(pass) / .seconds(1)
      passes += 1
    } while elapsed < seconds && passes < most
    return Double(tokens * passes) / max(elapsed, 1e-9)
  }

  /// A batch of random tokens, which all count.
  public static func batch(
    chunks: Int, inputs: Int, vocabularySize: Int, seed: UInt64 = 1
  ) throws(ModelError) -> PackedBatch {
    var random = RandomSource(seed: seed)
    var windows: [ChunkWindow] = []
    for number in 0..<chunks {
      windows.append(
        try ChunkWindow(
          (0...inputs).map { _ in Int32(random.index(below: vocabularySize)) }, number: number,
          mask: LossMask(endOfText: nil), vocabularySize: vocabularySize))
    }
    return PackedBatch(windows, weighting: .chunkMean(chunks: chunks))
  }
}
