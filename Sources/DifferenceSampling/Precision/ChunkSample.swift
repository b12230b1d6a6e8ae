public import Corpus
import Numerics

/// A seeded choice of another source's chunks, in its order and with numbers of its own: every choice
/// of that size is equally likely, and the same seed makes the same one.
public struct ChunkSample: ChunkPart {
  public let base: any ChunkSource
  /// Number in the other source, by number in the sample; ascending.
  public let chunks: [Int]

  /// - Parameter count: how many chunks; all of them when the source has no more.
  /// - Throws: `DifferenceSamplingError.invalidSetting` for a count below 2: there is no rank then.
  public init(
    of source: any ChunkSource, count: Int, seed: UInt64
  ) throws(DifferenceSamplingError) {
    guard min(count, source.count) >= 2 else {
      throw .invalidSetting(
        name: "sample", found: "\(count) of \(source.count) chunks", expected: "at least 2")
    }
    base = source
    var random = RandomSource(seed: seed).split("chunk sample")
    var wanted = min(count, source.count)
    // Selection sampling (Knuth, volume 2, algorithm S).
    chunks = (0..<source.count).filter { chunk in
      guard random.index(below: source.count - chunk) < wanted else { return false }
      wanted -= 1
      return true
    }
  }

  public var count: Int { chunks.count }
  public func place(of chunk: Int) -> Int { chunks[chunk] }
}
