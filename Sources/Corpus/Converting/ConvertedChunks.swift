import Foundation
public import Tokenizers

/// A tokenized corpus as another tokenizer would have it, converted when it is read.
///
/// The same chunks as `ShardConversion` writes, without a second corpus on disk. Safe to share
/// between threads.
public final class ConvertedChunks: ChunkSource, @unchecked Sendable {
  // Sendable: what changes, the idle converters, is guarded by `lock`; one that is taken belongs to
  // its taker alone.

  /// The corpus that is read.
  public let shards: TokenShards
  /// The rule.
  public let settings: ConversionSettings
  private let texts: TokenTexts
  private let tokenizer: Tokenizer
  private let lock = NSLock()
  private var idle: [ChunkConverter] = []

  /// - Throws: `setting` for a length that no chunk can have.
  public init(
    shards: TokenShards, from old: Tokenizer, to new: Tokenizer, settings: ConversionSettings
  ) throws(CorpusError) {
    try settings.validate()
    self.shards = shards
    self.settings = settings
    texts = TokenTexts(old, skipsSpecialTokens: true)
    tokenizer = new
  }

  /// Number of chunks.
  public var count: Int { shards.count }
  /// Source labels.
  public var sources: [String] { shards.sources }
  /// Id in `sources` of a chunk's source. `chunk` must be in `0..<count`.
  public func source(of chunk: Int) -> Int { shards.source(of: chunk) }

  /// Refuses results of shards that have changed since they were opened.
  public func requireUnchanged() throws(CorpusError) { try shards.requireUnchanged() }

  /// The new tokens of a chunk.
  public func tokens(of chunk: Int) throws(CorpusError) -> [Int32] {
    let old = try shards.tokens(of: chunk)
    return withConverter { $0.convert(old) }
  }

  /// The old tokens of a chunk.
  public func copyStoredTokens(of chunk: Int, into tokens: inout [Int32]) throws(CorpusError) {
    try shards.copyTokens(of: chunk, into: &tokens)
  }

  /// Number of the new tokens of a chunk; converts it.
  public func length(of chunk: Int) -> Int { (try? tokens(of: chunk).count) ?? 0 }

  /// The documents in a chunk that are left after converting; converts it.
  public func documents(of chunk: Int) -> [ChunkPiece] {
    guard let old = try? shards.tokens(of: chunk) else { return [] }
    let pieces = shards.documents(of: chunk)
    return withConverter { $0.convert(old, source: 0, pieces: pieces).pieces }
  }

  /// Lends an idle converter.
  private func withConverter<Result>(_ body: (ChunkConverter) -> Result) -> Result {
    let converter = lock.withLock { idle.popLast() } ?? makeConverter()
    defer { lock.withLock { idle.append(converter) } }
    return body(converter)
  }

  /// A converter for one thread.
  func makeConverter() -> ChunkConverter {
    ChunkConverter(texts: texts, to: tokenizer, settings: settings)
  }

  /// A chunk with its labels.
  func chunk(_ chunk: Int, by converter: ChunkConverter) throws(CorpusError) -> PackedChunk {
    converter.convert(
      try shards.tokens(of: chunk), source: UInt16(shards.source(of: chunk)),
      pieces: shards.documents(of: chunk))
  }
}
