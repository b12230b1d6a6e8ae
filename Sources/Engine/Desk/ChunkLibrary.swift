import Corpus
import CorpusStudy
import DifferenceSampling
import EngineInterface
import Foundation
import Tokenizers

/// The scored corpus as people look at it: lists, previews, texts.
struct ChunkLibrary {
  let shards: TokenShards
  let tokenizer: Tokenizer
  /// Label of planted damage by damaged document; empty when the corpus is not labelled.
  let labels: [Int64: String]
  /// The same by chunk, for reports; nil when the corpus is not labelled.
  let labelIndex: LabelIndex?

  /// The text of tokens, for searching.
  let texts: TokenTexts
  /// The index of lists; nil while it is made.
  var listing: ChunkListing?
  /// What the search at work has found.
  var found: FoundChunks?

  private var view: View?
  /// Characters of a preview: more than a preview pane shows.
  private static let previewLength = 1200

  /// The chunks of the last query, in order, so that scrolling does not sort again.
  private struct View {
    var query: ChunkQuery
    var version: Int
    var searched: Int
    var chunks: [Int]
  }

  init(shards: TokenShards, tokenizer: Tokenizer, labels: [Int64: String]) {
    self.shards = shards
    self.tokenizer = tokenizer
    self.labels = labels
    texts = TokenTexts(tokenizer)
    labelIndex = labels.isEmpty ? nil : LabelIndex(source: shards, labels: labels)
  }

  /// Rows of a list. `version` counts the sets of scores, so that an order by score is made anew.
  mutating func rows(_ query: ChunkQuery, selection: Selection?, version: Int) throws -> ChunkRows {
    if query.order == .border, let selection {
      let start = max(0, selection.ruleCount + query.offset)
      let rows = try selection.chunks(ranks: start..<(start + query.count)).map {
        try row($0.score.chunk, selection: selection)
      }
      return ChunkRows(query: query, rows: rows, total: selection.index.rankedCount)
    }
    let start = max(0, query.offset)
    let places = start..<start + max(0, query.count)
    let hasText = !(query.text ?? "").isEmpty
    if !hasText, let page = page(query, places) {
      return ChunkRows(
        query: query, rows: try page.chunks.map { try row($0, selection: selection) },
        total: page.total)
    }
    var key = query
    key.offset = 0
    key.count = 0
    let searched = hasText ? found?.chunks.count ?? 0 : 0
    if view?.query != key || view?.version != version || view?.searched != searched {
      view = View(
        query: key, version: version, searched: searched,
        chunks: sorted(query, hasText ? found?.chunks ?? [] : nil, selection: selection))
    }
    let chunks = view?.chunks ?? []
    return ChunkRows(
      query: query,
      rows: try chunks[places.clamped(to: 0..<chunks.count)].map {
        try row($0, selection: selection)
      },
      total: chunks.count,
      search: hasText
        ? found.map {
          SearchState(searched: $0.searched, chunks: shards.count, isDone: $0.isDone)
        } : nil)
  }

  /// A page that needs no list of the whole corpus; nil for an order by score.
  private func page(_ query: ChunkQuery, _ places: Range<Int>) -> (chunks: [Int], total: Int)? {
    guard query.order == .corpus || query.order == .tokens else { return nil }
    var source: Int?
    if let name = query.source {
      guard let id = shards.sources.firstIndex(of: name) else { return ([], 0) }
      source = id
    }
    if let listing {
      let chunks =
        query.order == .tokens
        ? listing.longestChunks(source: source, at: places)
        : listing.chunks(source: source, at: places)
      return (chunks, listing.count(source: source))
    }
    // The index is not there yet: in the order of the corpus, from its start.
    guard let source else {
      return (Array(places.clamped(to: 0..<shards.count)), shards.count)
    }
    var (place, chunks) = (0, [Int]())
    shards.forEachChunk(in: 0..<min(shards.count, Self.chunksBeforeIndex)) { chunk, own, _ in
      if own == source {
        if places.contains(place) { chunks.append(chunk) }
        place += 1
      }
      return place < places.upperBound
    }
    return (chunks, place)
  }

  /// Chunks that are looked through for a page while the index is made.
  private static let chunksBeforeIndex = 1 << 20

  /// Chunks that a search has found, or all, in the order of a query.
  private func sorted(_ query: ChunkQuery, _ found: [Int]?, selection: Selection?) -> [Int] {
    var chunks = found ?? Array(0..<shards.count)
    if found == nil, let source = query.source {
      guard let id = shards.sources.firstIndex(of: source) else { return [] }
      chunks.removeAll { shards.source(of: $0) != id }
    }
    switch query.order {
    case .corpus, .border: break
    case .tokens:
      chunks.sort { (shards.length(of: $1), $0) < (shards.length(of: $0), $1) }
    case .difference:
      guard let index = selection?.index else { break }
      let ranked = chunks.map { (chunk: $0, rank: index.rank(ofChunk: $0) ?? .max) }
      chunks = ranked.sorted { ($0.rank, $0.chunk) < ($1.rank, $1.chunk) }.map(\.chunk)
    }
    return chunks
  }

  /// One row of a list.
  func row(_ chunk: Int, selection: Selection?) throws -> ChunkRow {
    var row = ChunkRow(
      index: chunk, source: shards.sources[shards.source(of: chunk)],
      tokens: shards.length(of: chunk), label: label(of: chunk), preview: try preview(of: chunk))
    if let selection, let score = selection.index.scores.row(ofChunk: chunk) {
      let score = selection.index.scores[score]
      if score.isFinite { row.difference = Double(score.difference) }
      let state = selection.state(ofChunk: chunk)
      row.kept = state.isKept
      row.manual = state == .keptByHand || state == .droppedByHand
    }
    return row
  }

  /// A chunk with its tokens, before any token is scored.
  func detail(_ chunk: Int, selection: Selection?) throws -> ChunkDetail {
    let tokens = try shards.tokens(of: chunk)
    let row = try row(chunk, selection: selection)
    var detail = ChunkDetail(
      row: row,
      tokens: tokens.map {
        ChunkDetail.Token(text: String(decoding: tokenizer.bytes(of: $0), as: UTF8.self))
      },
      pieces: shards.documents(of: chunk).map {
        ChunkDetail.Piece(
          document: Int($0.document), start: Int($0.tokenStart), label: labels[$0.document] ?? "")
      }, bytes: tokens.reduce(0) { $0 + tokenizer.bytes(of: $1).count })
    guard let selection else { return detail }
    let index = selection.index
    detail.scored = index.rankedCount
    detail.threshold = Double(selection.summary.threshold ?? .infinity)
    if let place = index.scores.row(ofChunk: chunk) {
      detail.teacher = -Double(index.scores[place].teacherNLL)
      detail.reference = -Double(index.scores[place].referenceNLL)
    }
    detail.rank = index.rank(ofChunk: chunk).map { $0 + 1 }
    return detail
  }

  /// The labels in a chunk.
  private func label(of chunk: Int) -> String {
    guard !labels.isEmpty else { return "" }
    var found: [String] = []
    for piece in shards.documents(of: chunk) {
      if let label = labels[piece.document], !found.contains(label) {
        found.append(label)
      }
    }
    return found.joined(separator: ", ")
  }

  private func preview(of chunk: Int) throws -> String {
    String(tokenizer.decode(try shards.tokens(of: chunk).prefix(320)).prefix(Self.previewLength))
  }
}

/// What a search has found so far, in the order of the corpus.
struct FoundChunks {
  var key: SearchKey
  var chunks: [Int] = []
  var searched = 0
  var isDone = false
}
