/// Chunks held in memory.
public struct ChunkList: ChunkSource {
  public let sources: [String]
  private let chunks: [[Int32]]
  private let sourceOfChunk: [Int]

  /// A list of chunks; `sourceOfChunk` has one index into `sources` for each.
  public init(chunks: [[Int32]], sourceOfChunk: [Int], sources: [String]) {
    precondition(chunks.count == sourceOfChunk.count, "one source a chunk")
    precondition(sourceOfChunk.allSatisfy(sources.indices.contains), "every source has a name")
    self.chunks = chunks
    self.sourceOfChunk = sourceOfChunk
    self.sources = sources
  }

  /// A list of chunks of one source.
  public init(chunks: [[Int32]], source: String = "all") {
    self.init(
      chunks: chunks, sourceOfChunk: Array(repeating: 0, count: chunks.count), sources: [source])
  }

  public var count: Int { chunks.count }
  public func source(of chunk: Int) -> Int { sourceOfChunk[chunk] }
  public func length(of chunk: Int) -> Int { chunks[chunk].count }

  /// - Throws: `CorpusError.noSuchChunk`.
  public func tokens(of chunk: Int) throws -> [Int32] {
    guard chunks.indices.contains(chunk) else {
      throw CorpusError.noSuchChunk(index: chunk, count: chunks.count)
    }
    return chunks[chunk]
  }
}
