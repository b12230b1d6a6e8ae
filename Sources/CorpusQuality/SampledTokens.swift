public import Corpus
import Numerics

/// The tokens of sampled chunks of one group, cut to an amount that other groups have, too.
public struct SampledTokens: Sendable {
  /// In an order drawn by the seed, so that what is cut off is no end of the corpus.
  public private(set) var chunks: [[Int32]]

  /// Reads chunks.
  ///
  /// - Parameter progress: called now and then with the chunks read; it throws to end the work.
  public init(
    _ source: some ChunkSource, chunks numbers: [Int], seed: UInt64,
    progress: (_ done: Int) throws -> Void = { _ in }
  ) throws {
    chunks = []
    chunks.reserveCapacity(numbers.count)
    for (place, number) in numbers.enumerated() {
      if place % 256 == 0 { try progress(place) }
      chunks.append(try source.tokens(of: number))
    }
    var random = RandomSource(seed: seed).split("sampled tokens")
    random.shuffle(&chunks)
  }

  public var tokenCount: Int { chunks.reduce(0) { $0 + $1.count } }

  /// Leaves the first `count` tokens.
  public mutating func cut(to count: Int) {
    var left = count
    var kept: [[Int32]] = []
    for chunk in chunks where left > 0 {
      kept.append(chunk.count <= left ? chunk : Array(chunk.prefix(left)))
      left -= chunk.count
    }
    chunks = kept
  }

  /// Cuts every group to the tokens that the smallest has.
  public static func equalise(_ groups: inout [ChunkGroup: SampledTokens]) {
    let fewest = groups.values.map(\.tokenCount).min() ?? 0
    for group in groups.keys { groups[group]?.cut(to: fewest) }
  }
}
