public import Corpus
import Store

/// Chunks of token ids with a source label each: what is trained and evaluated on.
///
/// Token shards conform; so does a list in memory.
public protocol TokenChunks: Sendable {
  /// Number of chunks.
  var count: Int { get }
  /// Names of the sources.
  var sources: [String] { get }
  /// The token ids of a chunk.
  func tokens(of chunk: Int) throws -> [Int32]
  /// The index in `sources` of a chunk's source; `chunk` must be in `0..<count`.
  func source(of chunk: Int) -> Int
}

extension TokenShards: TokenChunks {}
extension ConvertedChunks: TokenChunks {}

extension TokenChunks {
  /// A digest that changes with the number of chunks, and with the tokens of chunks spread evenly
  /// over the corpus (all of them up to 4096): enough to notice that a run continues on other data,
  /// without reading a corpus of gigabytes.
  public func fingerprint() throws -> String {
    var hasher = try Digest.Hasher()
    withUnsafeBytes(of: Int64(count).littleEndian) { hasher.update($0) }
    let samples = min(count, 4096)
    for sample in 0..<samples {
      let tokens = try tokens(of: sample * count / samples)
      withUnsafeBytes(of: Int64(tokens.count).littleEndian) { hasher.update($0) }
      tokens.withUnsafeBytes { hasher.update($0) }
    }
    return hasher.finish()
  }
}

/// Chunks held in memory.
public struct ChunkList: TokenChunks {
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

  public func tokens(of chunk: Int) throws -> [Int32] {
    guard chunks.indices.contains(chunk) else {
      throw TrainingError.noSuchChunk(chunk: chunk, count: chunks.count)
    }
    return chunks[chunk]
  }
}

/// The first chunks of others, such as the 100 000 that MiniPLM evaluates on.
public struct ChunkPrefix: TokenChunks {
  public let count: Int
  private let base: any TokenChunks

  /// At most `limit` chunks of `base`.
  public init(_ base: any TokenChunks, limit: Int) {
    self.base = base
    count = max(0, min(limit, base.count))
  }

  public var sources: [String] { base.sources }
  public func source(of chunk: Int) -> Int { base.source(of: chunk) }

  public func tokens(of chunk: Int) throws -> [Int32] {
    guard chunk < count else { throw TrainingError.noSuchChunk(chunk: chunk, count: count) }
    return try base.tokens(of: chunk)
  }
}
