import Corpus
import CorpusStudy
import DifferenceSampling
import EngineInterface

/// What a search has found so far, in the order of the corpus.
struct FoundChunks {
  var key: SearchKey
  var chunks: [Int] = []
  var searched = 0
  var isDone = false
  /// They are of the same filter under another selection, and stay until the first of it are there.
  var isStale = false
}

/// A stretch of a list that was made away from the desk.
struct ChunkWindow: Sendable {
  /// What a list is about, whatever part of it is looked at.
  struct Key: Sendable, Equatable {
    var filter: Filter?
    var order: ChunkQuery.Order
    /// Of the scores.
    var version: Int
    /// Chunks that a search had found.
    var found: Int
    /// Whether the index of lists was there.
    var isIndexed: Bool
  }

  var key: Key
  /// Place of the first chunk in the list.
  var start: Int
  var chunks: [Int]
  /// Chunks of the list.
  var total: Int

  /// The chunks at these places; nil when they are not all here.
  func chunks(at places: Range<Int>) -> [Int]? {
    let wanted = places.clamped(to: 0..<total)
    if wanted.isEmpty { return [] }
    guard wanted.lowerBound >= start, wanted.upperBound <= start + chunks.count else { return nil }
    return Array(chunks[wanted.lowerBound - start..<wanted.upperBound - start])
  }
}

/// Which chunks stand where in a list: at once where that takes a look at a few of them, else from a
/// window that is made away from the desk.
struct ChunkLists {
  let shards: TokenShards
  /// The index of lists; nil while it is made.
  var listing: ChunkListing?
  /// What the search at work has found.
  var found: FoundChunks?
  /// The window that was made last.
  var window: ChunkWindow?

  enum Page {
    case ready([Int], total: Int)
    /// `maker` gives the window that holds it.
    case later(WindowMaker)
  }

  init(_ shards: TokenShards) { self.shards = shards }

  /// The chunks that a query asks for, but for the border of a selection.
  func page(_ query: ChunkQuery, index: SelectionIndex?, version: Int) -> Page {
    let start = max(0, query.offset)
    let places = start..<start + max(0, query.count)
    var source: Int?
    if let name = query.filter?.onlySource {
      guard let id = shards.sources.firstIndex(of: name) else { return .ready([], total: 0) }
      source = id
    }
    let isSearched = query.filter != nil && source == nil
    let chunks = isSearched ? found?.chunks ?? [] : nil
    let isByScore = query.order == .difference && index != nil
    let isByLength = query.order == .tokens && (isSearched || listing != nil)
    if source == nil, !isByScore, !isByLength {
      let count = chunks?.count ?? shards.count
      let wanted = places.clamped(to: 0..<count)
      return .ready(chunks.map { Array($0[wanted]) } ?? Array(wanted), total: count)
    }
    if source == nil, chunks == nil, isByScore, let index,
      places.upperBound <= index.rankedCount || index.rankedCount == shards.count
    {
      return .ready(index.scores(atRanks: places).map(\.chunk), total: shards.count)
    }
    let key = ChunkWindow.Key(
      filter: query.filter, order: query.order,
      version: isByScore ? version : 0, found: chunks?.count ?? 0, isIndexed: listing != nil)
    if let window, window.key == key, let chunks = window.chunks(at: places) {
      return .ready(chunks, total: window.total)
    }
    return .later(
      WindowMaker(
        key: key, places: places, shards: shards, listing: listing, found: chunks,
        index: isByScore ? index : nil, source: source))
  }
}

/// Makes a window of a list: a pass over the corpus, or over what a search has found.
struct WindowMaker: Sendable {
  let key: ChunkWindow.Key
  let places: Range<Int>
  let shards: TokenShards
  let listing: ChunkListing?
  let found: [Int]?
  let index: SelectionIndex?
  let source: Int?
  /// Places made before and after those that are wanted, so that scrolling goes on without waiting.
  private static let margin = 1000

  func window() -> ChunkWindow {
    if let found {
      return ChunkWindow(key: key, start: 0, chunks: sorted(found), total: found.count)
    }
    if let index { return byScore(index) }
    let wide = max(0, places.lowerBound - Self.margin)..<places.upperBound + Self.margin
    if let listing {
      let chunks =
        key.order == .tokens
        ? listing.longestChunks(source: source, at: wide)
        : listing.chunks(source: source, at: wide)
      return ChunkWindow(
        key: key, start: wide.lowerBound, chunks: chunks, total: listing.count(source: source))
    }
    // The index of lists is not there yet: in the order of the corpus, as far as need be.
    var (place, chunks) = (0, [Int]())
    shards.forEachChunk(in: 0..<shards.count) { chunk, own, _ in
      if source == nil || own == source {
        if wide.contains(place) { chunks.append(chunk) }
        place += 1
      }
      return place < wide.upperBound
    }
    return ChunkWindow(key: key, start: wide.lowerBound, chunks: chunks, total: place)
  }

  private func sorted(_ chunks: [Int]) -> [Int] {
    if let index { return byRank(chunks, index) }
    return chunks.sorted { (shards.length(of: $1), $0) < (shards.length(of: $0), $1) }
  }

  private func byRank(_ chunks: [Int], _ index: SelectionIndex) -> [Int] {
    let ranked = chunks.map { (chunk: $0, rank: index.rank(ofChunk: $0) ?? .max) }
    return ranked.sorted { ($0.rank, $0.chunk) < ($1.rank, $1.chunk) }.map(\.chunk)
  }

  /// The best chunks come from the index; those that it cannot select, or does not hold, follow in the
  /// order of the corpus, as far as they are looked at.
  private func byScore(_ index: SelectionIndex) -> ChunkWindow {
    let total =
      source.map { listing?.count(source: $0) ?? shards.chunkCounts()[$0] } ?? shards.count
    let wide = max(0, places.lowerBound - Self.margin)..<places.upperBound + Self.margin
    let ranked =
      source.map { index.chunks(ofSource: $0, at: wide) }
      ?? index.scores(atRanks: wide).map(\.chunk)
    let count = source.map(index.selectableCount) ?? index.rankedCount
    var rest: [Int] = []
    if places.upperBound > count, count < total {
      var place = count
      shards.forEachChunk(in: 0..<shards.count) { chunk, own, _ in
        guard source == nil || own == source else { return true }
        let isRanked = index.score(ofChunk: chunk).map { score in
          score.isFinite && (source == nil || !index.caps(score))
        }
        if isRanked != true {
          if wide.contains(place) { rest.append(chunk) }
          place += 1
        }
        return place < wide.upperBound
      }
    }
    return ChunkWindow(
      key: key, start: min(wide.lowerBound, total), chunks: ranked + rest, total: total)
  }
}
