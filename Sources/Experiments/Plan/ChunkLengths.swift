import Corpus

/// How many chunks of a corpus have how many input positions.
public struct ChunkLengths: Sendable, Equatable {
  /// Number of chunks by inputs.
  public private(set) var counts: [Int: Int]
  public let chunks: Int
  /// Input positions of all chunks.
  public let inputs: Int

  init(counts: [Int: Int]) {
    self.counts = counts
    chunks = counts.values.reduce(0, +)
    inputs = counts.reduce(0) { $0 + $1.key * $1.value }
  }

  /// Those of shards, of whose chunks at most `chunkTokens` tokens are taken.
  init(_ shards: TokenShards, chunkTokens: Int) {
    var counts: [Int: Int] = [:]
    shards.forEachChunk(in: 0..<shards.count) { _, _, length in
      counts[max(0, min(length, chunkTokens) - 1), default: 0] += 1
      return true
    }
    self.init(counts: counts)
  }

  /// A guess: so many tokens in full chunks, which are cut back to the end of a sentence by a few.
  init(estimatedTokens tokens: Double, chunkTokens: Int) {
    let length = max(1, Int(Double(chunkTokens) * Self.usualFilling) - 1)
    self.init(counts: [length: max(1, Int(tokens) / (length + 1))])
  }

  /// The part that a ratio keeps, if lengths were the same everywhere.
  func share(_ ratio: Double) -> ChunkLengths {
    ChunkLengths(counts: counts.mapValues { max(1, Int((Double($0) * ratio).rounded())) })
  }

  private static let usualFilling = 0.93
}
