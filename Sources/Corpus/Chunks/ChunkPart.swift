/// Some chunks of another source, with numbers of their own: what the views below share.
public protocol ChunkPart: ChunkSource {
  /// The source whose chunks they are.
  var base: any ChunkSource { get }
  /// The number in `base` of a chunk of the part.
  func place(of chunk: Int) -> Int
}

extension ChunkPart {
  public var sources: [String] { base.sources }
  public func length(of chunk: Int) -> Int { base.length(of: place(of: chunk)) }
  public func source(of chunk: Int) -> Int { base.source(of: place(of: chunk)) }
  public func documents(of chunk: Int) -> [ChunkPiece] { base.documents(of: place(of: chunk)) }
  public func requireUnchanged() throws { try base.requireUnchanged() }

  /// - Throws: `CorpusError.noSuchChunk`, and what `base` throws.
  public func tokens(of chunk: Int) throws -> [Int32] {
    var tokens: [Int32] = []
    try copyTokens(of: chunk, into: &tokens)
    return tokens
  }

  /// - Throws: `CorpusError.noSuchChunk`, and what `base` throws.
  public func copyTokens(of chunk: Int, into tokens: inout [Int32]) throws {
    guard chunk >= 0, chunk < count else {
      throw CorpusError.noSuchChunk(index: chunk, count: count)
    }
    try base.copyTokens(of: place(of: chunk), into: &tokens)
  }

  /// - Throws: `CorpusError.noSuchChunk`, and what `base` throws.
  public func copyStoredTokens(of chunk: Int, into tokens: inout [Int32]) throws {
    guard chunk >= 0, chunk < count else {
      throw CorpusError.noSuchChunk(index: chunk, count: count)
    }
    try base.copyStoredTokens(of: place(of: chunk), into: &tokens)
  }
}

/// The first chunks of others, such as the 100 000 that MiniPLM evaluates on.
public struct ChunkPrefix: ChunkPart {
  public let count: Int
  public let base: any ChunkSource

  /// At most `limit` chunks of `base`.
  public init(_ base: any ChunkSource, limit: Int) {
    self.base = base
    count = max(0, min(limit, base.count))
  }

  public func place(of chunk: Int) -> Int { chunk }
}

/// Some chunks of others, spread evenly, so that every source has its share.
public struct SpreadChunks: ChunkPart {
  public let count: Int
  public let base: any ChunkSource

  /// At most `limit` chunks of `base`.
  public init(_ base: any ChunkSource, limit: Int) {
    self.base = base
    count = max(0, min(limit, base.count))
  }

  public func place(of chunk: Int) -> Int { chunk * base.count / max(1, count) }
}
