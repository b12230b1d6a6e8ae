import EngineInterface
import TerminalUI

extension CorpusScreen {
  static func dataName(of pane: Pane) -> String? {
    switch pane {
    case .sources: "sources"
    case .chunks: "list.chunks"
    default: "selected"
    }
  }

  static func data(_ state: ViewState) -> DataRecord {
    guard let corpus = state.engine.corpus else { return [:] }
    return [
      "path": corpus.path, "documents": corpus.documents, "chunks": corpus.chunks,
      "tokens": corpus.tokens, "rejectedLines": corpus.rejected,
      "maximumLength": corpus.chunkLength, "tokenizer": corpus.tokenizer,
      "duplicateShare": corpus.duplicateShare, "nearDuplicateShare": corpus.nearDuplicateShare,
      "facts": corpus.facts, "sources": corpus.sources.map(record), "list": list(state),
      "selected": state.engine.rows?.row(state.list(.chunks).selected)?.record,
    ]
  }

  private static func record(_ source: CorpusSnapshot.Source) -> DataRecord {
    [
      "source": source.name, "documents": source.documents, "chunks": source.chunks,
      "tokens": source.tokens, "medianTokens": source.medianTokens,
      "duplicateShare": source.duplicateShare, "nearDuplicateShare": source.nearDuplicateShare,
      "bytesPerToken": source.bytesPerToken, "textLengths": source.textLengths,
      "scripts": source.scripts.map { ["name": $0.name, "share": $0.share] as DataRecord },
    ]
  }

  /// The rows of the list that have come, and which part of it they are.
  private static func list(_ state: ViewState) -> DataRecord? {
    guard let rows = state.engine.rows else { return nil }
    return [
      "order": rows.query.order.rawValue, "filter": rows.query.filter.map { "\($0)" },
      "offset": rows.query.offset, "total": rows.total, "searched": rows.search?.searched,
      "chunks": rows.rows.map(\.record),
    ]
  }
}
