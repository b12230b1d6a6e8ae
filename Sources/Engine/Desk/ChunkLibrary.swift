import Corpus
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

  private var view: View?
  /// Characters of a preview: more than a preview pane shows.
  private static let previewLength = 1200
  /// How many chunks a text search reads; more is the work of an index.
  static let searchLimit = 50_000

  /// The chunks of the last query, in order, so that scrolling does not search again.
  private struct View {
    var query: ChunkQuery
    var version: Int
    var chunks: [Int]
  }

  init(shards: TokenShards, tokenizer: Tokenizer, labels: [Int64: String]) {
    self.shards = shards
    self.tokenizer = tokenizer
    self.labels = labels
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
    var key = query
    key.offset = 0
    key.count = 0
    if view?.query != key || view?.version != version {
      view = View(
        query: key, version: version, chunks: try chunks(matching: query, selection: selection))
    }
    let chunks = view?.chunks ?? []
    let start = min(max(0, query.offset), chunks.count)
    let end = min(chunks.count, start + max(0, query.count))
    return ChunkRows(
      query: query, rows: try chunks[start..<end].map { try row($0, selection: selection) },
      total: chunks.count)
  }

  private func chunks(matching query: ChunkQuery, selection: Selection?) throws -> [Int] {
    var chunks = Array(0..<shards.count)
    if let source = query.source {
      guard let id = shards.sources.firstIndex(of: source) else { return [] }
      chunks.removeAll { shards.source(of: $0) != id }
    }
    if let text = query.text, !text.isEmpty {
      chunks = try chunks.prefix(Self.searchLimit).filter {
        try self.text(of: $0).range(of: text, options: .caseInsensitive) != nil
      }
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

  private func text(of chunk: Int) throws -> String {
    tokenizer.decode(try shards.tokens(of: chunk))
  }
}
