import Corpus
import CorpusStudy
import DifferenceSampling
import EngineInterface
import Foundation
import Tokenizers

/// What is known about damage in the documents of a corpus.
struct DocumentLabels: Sendable {
  /// Label of planted damage by damaged document; empty when the corpus is not labelled.
  var documents: [Int64: String] = [:]
  /// The same by chunk, for reports; nil when the corpus is not labelled.
  var index: LabelIndex?
}

/// The scored corpus as people look at it: one chunk, or a few, in texts and figures.
struct ChunkLibrary: Sendable {
  let shards: TokenShards
  let tokenizer: Tokenizer
  let manifest: CorpusManifest
  /// The text of tokens, for searching.
  let texts: TokenTexts
  /// Empty until they are read.
  var labels = DocumentLabels()
  var notes = ChunkNotes()
  /// Characters of a preview: more than a preview pane shows.
  private static let previewLength = 1200

  /// Opens the packed corpus: the same cost for ten chunks and for a hundred million.
  init(_ folder: ProjectFolder, _ settings: ProjectSettings) throws {
    shards = try TokenShards(folder: folder.shards(.scored))
    tokenizer = try Tokenizer.load(from: folder.tokenizerFolder(settings))
    manifest = try Parts.manifest(.scored, folder)
    texts = TokenTexts(tokenizer)
  }

  /// One row of a list.
  func row(_ chunk: Int, selection: Selection?) throws -> ChunkRow {
    var row = ChunkRow(
      index: chunk, source: shards.sources[shards.source(of: chunk)],
      tokens: shards.length(of: chunk), label: label(of: chunk), preview: try preview(of: chunk))
    row.note = notes.texts[chunk] ?? ""
    if let selection, let score = selection.index.score(ofChunk: chunk) {
      if score.isFinite { row.difference = Double(score.difference) }
      let state = selection.state(ofChunk: chunk)
      row.kept = state.isKept
      row.isFloored = state == .keptByFloor
      row.isCapped = state == .droppedByCap
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
          document: Int($0.document), start: Int($0.tokenStart),
          label: labels.documents[$0.document] ?? "")
      }, bytes: tokens.reduce(0) { $0 + tokenizer.bytes(of: $1).count })
    guard let selection else { return detail }
    let index = selection.index
    detail.scored = index.rankedCount
    detail.threshold = Double(selection.summary.threshold ?? .infinity)
    if let score = index.score(ofChunk: chunk) {
      detail.teacherLogProbability = -Double(score.teacherNLL)
      detail.referenceLogProbability = -Double(score.referenceNLL)
    }
    detail.rank = index.rank(ofChunk: chunk).map { $0 + 1 }
    return detail
  }

  /// The labels in a chunk.
  private func label(of chunk: Int) -> String {
    guard !labels.documents.isEmpty else { return "" }
    var found: [String] = []
    for piece in shards.documents(of: chunk) {
      if let label = labels.documents[piece.document], !found.contains(label) {
        found.append(label)
      }
    }
    return found.joined(separator: ", ")
  }

  private func preview(of chunk: Int) throws -> String {
    String(tokenizer.decode(try shards.tokens(of: chunk).prefix(320)).prefix(Self.previewLength))
  }
}
