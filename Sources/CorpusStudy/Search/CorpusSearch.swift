public import Corpus
import Tokenizers

/// One chunk that matches.
public struct SearchHit: Sendable, Equatable {
  /// The chunk's number.
  public var chunk: Int
  /// Id of its source.
  public var source: Int
  /// Matches in the chunk, at most 1,000 counted.
  public var matches: Int
  /// The first match with some text around it.
  public var excerpt: String
  /// Place of the match in the bytes of the excerpt.
  public var match: Range<Int>
}

/// How far a search is.
public struct SearchProgress: Sendable, Equatable {
  /// Chunks looked at, of all.
  public var searched = 0
  public var total: Int
  /// Chunks that match so far.
  public var hits = 0
}

/// Looks for text in every chunk of a corpus, on several threads, in the order of the chunks.
///
/// A chunk is searched as its tokens decode, end-of-text tokens included; a match that runs from one
/// chunk into the next is not found.
public struct CorpusSearch: Sendable {
  private let shards: TokenShards
  private let texts: TokenTexts
  private let pattern: SearchPattern
  private let source: Int?
  /// Chunks that a thread takes at a time: some milliseconds of work, so that a search ends soon
  /// after it was cancelled.
  static let blockSize = 128
  private static let context = 80

  /// - Parameter source: only chunks of this source; nil = all.
  /// - Throws: `CorpusStudyError.noSuchSource`.
  public init(
    _ shards: TokenShards, texts: TokenTexts, pattern: SearchPattern, source: String? = nil
  ) throws(CorpusStudyError) {
    self.shards = shards
    self.texts = texts
    self.pattern = pattern
    if let source {
      guard let id = shards.sources.firstIndex(of: source) else {
        throw .noSuchSource(name: source, sources: shards.sources)
      }
      self.source = id
    } else {
      self.source = nil
    }
  }

  /// Searches all chunks.
  ///
  /// - Parameter report: gets every block's hits as they come, in order; false ends the search
  ///   within some milliseconds.
  /// - Returns: how far it came.
  public func run(
    threads: Int, report: (SearchProgress, [SearchHit]) throws -> Bool
  ) throws -> SearchProgress {
    var progress = SearchProgress(total: shards.count)
    let (count, size) = (shards.count, Self.blockSize)
    _ = try OrderedBlocks.run(count: (count + size - 1) / size, threads: threads) {
      Buffers()
    } produce: { buffers, block in
      try hits(in: block * size..<min(count, (block + 1) * size), &buffers)
    } consume: { block, hits in
      let chunks = block * size..<min(count, (block + 1) * size)
      progress.searched = chunks.upperBound
      progress.hits += hits.count
      shards.release(chunks)
      return try report(progress, hits)
    }
    return progress
  }

  private struct Buffers {
    var tokens: [Int32] = []
    var text: [UInt8] = []
  }

  private func hits(in chunks: Range<Int>, _ buffers: inout Buffers) throws -> [SearchHit] {
    var hits: [SearchHit] = []
    for chunk in chunks {
      let own = shards.source(of: chunk)
      if let source, source != own { continue }
      try shards.copyTokens(of: chunk, into: &buffers.tokens)
      buffers.text.removeAll(keepingCapacity: true)
      buffers.tokens.withUnsafeBufferPointer { texts.append($0, to: &buffers.text) }
      let hit = buffers.text.withUnsafeBufferPointer { self.hit(in: $0, chunk: chunk, source: own) }
      if let hit { hits.append(hit) }
    }
    return hits
  }

  private func hit(
    in text: UnsafeBufferPointer<UInt8>, chunk: Int, source: Int
  ) -> SearchHit? {
    guard let first = pattern.firstMatch(in: text) else { return nil }
    var (matches, next) = (1, max(first.upperBound, first.lowerBound + 1))
    while matches < 1000, let more = pattern.firstMatch(in: text, from: next) {
      matches += 1
      next = max(more.upperBound, more.lowerBound + 1)
    }
    var start = max(0, first.lowerBound - Self.context)
    var end = min(text.count, min(first.upperBound, first.lowerBound + 400) + Self.context)
    // Not inside a character.
    while start > 0, start < text.count, text[start] & 0xC0 == 0x80 { start -= 1 }
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    let excerpt = String(
      decoding: UnsafeBufferPointer(rebasing: text[start..<end]), as: UTF8.self)
    return SearchHit(
      chunk: chunk, source: source, matches: matches, excerpt: excerpt,
      match: first.lowerBound - start..<min(first.upperBound, end) - start)
  }
}
