public import Corpus
import Numerics

/// A uniform sample of chunks with a given number of tokens: what a refined corpus is compared with.
public struct UniformSample: Sendable, Equatable {
  /// Sampled chunks in the order of the corpus.
  public let chunks: [Int]
  /// Their tokens.
  public let tokens: Int
  /// Tokens that were asked for.
  public let tokenBudget: Int
  /// Seed.
  public let seed: UInt64

  /// Takes chunks in a seeded random order until `tokenBudget` is reached; the last one only if it
  /// brings the total closer to the budget. Without replacement; all chunks if they do not suffice.
  public init(source: some ChunkSource, tokenBudget: Int, seed: UInt64) {
    var order = (0..<source.count).map { UInt32($0) }
    var random = RandomSource(seed: seed).split("uniform sample")
    random.shuffle(&order)
    var total = 0
    var taken = 0
    for chunk in order {
      if total >= tokenBudget { break }
      let next = total + source.length(of: Int(chunk))
      if next > tokenBudget, next - tokenBudget >= tokenBudget - total { break }
      total = next
      taken += 1
    }
    chunks = order.prefix(taken).map { Int($0) }.sorted()
    tokens = total
    self.tokenBudget = tokenBudget
    self.seed = seed
  }
}
