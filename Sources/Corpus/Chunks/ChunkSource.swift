import Store

/// The packed chunks of a corpus: what is scored, selected, copied, trained and evaluated on.
///
/// Token shards conform; so do a list in memory, a part of others, and shards in the tokens of
/// another tokenizer. A chunk is called by its number, which must be in `0..<count`.
public protocol ChunkSource: Sendable {
  /// Number of chunks.
  var count: Int { get }
  /// Labels of the sources.
  var sources: [String] { get }
  /// The token ids of a chunk.
  func tokens(of chunk: Int) throws -> [Int32]
  /// Replaces `tokens` by the token ids of a chunk, keeping its memory where that can be done.
  func copyTokens(of chunk: Int, into tokens: inout [Int32]) throws
  /// Replaces `tokens` by the ids that stand on disk for a chunk; of converted ones those that they are
  /// converted from.
  func copyStoredTokens(of chunk: Int, into tokens: inout [Int32]) throws
  /// Number of tokens of a chunk; 0 for one that cannot be read, which reading it reports.
  func length(of chunk: Int) -> Int
  /// The index in `sources` of a chunk's source.
  func source(of chunk: Int) -> Int
  /// The documents of a chunk, in order; none where they are not known.
  func documents(of chunk: Int) -> [ChunkPiece]
  /// Refuses results of chunks whose files have changed since they were opened.
  func requireUnchanged() throws
}

extension ChunkSource {
  public func requireUnchanged() throws {}

  public func copyTokens(of chunk: Int, into tokens: inout [Int32]) throws {
    tokens = try self.tokens(of: chunk)
  }

  public func copyStoredTokens(of chunk: Int, into tokens: inout [Int32]) throws {
    try copyTokens(of: chunk, into: &tokens)
  }

  public func documents(of chunk: Int) -> [ChunkPiece] { [] }

  /// The documents of a chunk, in order, with the number of tokens that each contributes.
  public func documentLengths(of chunk: Int) -> [(document: Int64, tokens: Int)] {
    let pieces = documents(of: chunk)
    let ends = pieces.dropFirst().map { Int($0.tokenStart) } + [length(of: chunk)]
    return zip(pieces, ends).map { piece, end in
      (piece.document, max(0, end - Int(piece.tokenStart)))
    }
  }

  /// A digest that changes with the number of chunks, and with the tokens of chunks spread evenly
  /// over the corpus (all of them up to 4096): enough to notice another corpus without reading
  /// gigabytes.
  public func fingerprint() throws -> String {
    var hasher = try Digest.Hasher()
    withUnsafeBytes(of: Int64(count).littleEndian) { hasher.update($0) }
    let samples = min(count, 4096)
    var tokens: [Int32] = []
    for sample in 0..<samples {
      try copyTokens(of: sample * count / samples, into: &tokens)
      withUnsafeBytes(of: Int64(tokens.count).littleEndian) { hasher.update($0) }
      tokens.withUnsafeBytes { hasher.update($0) }
    }
    return hasher.finish()
  }
}

extension TokenShards: ChunkSource {}
