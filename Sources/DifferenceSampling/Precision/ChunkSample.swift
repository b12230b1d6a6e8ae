import Numerics

/// A seeded choice of another source's chunks, in its order and with numbers of its own: every choice
/// of that size is equally likely, and the same seed makes the same one.
public struct ChunkSample: ChunkSource {
  private let source: any ChunkSource
  /// Number in the other source, by number in the sample; ascending.
  public let chunks: [Int]

  /// - Parameter count: how many chunks; all of them when the source has no more.
  /// - Throws: `DifferenceSamplingError.invalidSetting` for a count below 2: there is no rank then.
  public init(
    of source: any ChunkSource, count: Int, seed: UInt64
  ) throws(DifferenceSamplingError) {
    guard min(count, source.chunkCount) >= 2 else {
      throw .invalidSetting(
        name: "sample", found: "\(count) of \(source.chunkCount) chunks", expected: "at least 2")
    }
    self.source = source
    var random = RandomSource(seed: seed).split("chunk sample")
    var wanted = min(count, source.chunkCount)
    // Selection sampling (Knuth, volume 2, algorithm S).
    chunks = (0..<source.chunkCount).filter { chunk in
      guard random.index(below: source.chunkCount - chunk) < wanted else { return false }
      wanted -= 1
      return true
    }
  }

  public var chunkCount: Int { chunks.count }
  public var sourceNames: [String] { source.sourceNames }

  public func tokens(ofChunk chunk: Int) throws -> [Int32] {
    try source.tokens(ofChunk: chunks[chunk])
  }
  public func length(ofChunk chunk: Int) -> Int { source.length(ofChunk: chunks[chunk]) }
  public func source(ofChunk chunk: Int) -> Int { source.source(ofChunk: chunks[chunk]) }
  public func documents(ofChunk chunk: Int) -> [DocumentPiece] {
    source.documents(ofChunk: chunks[chunk])
  }
}
