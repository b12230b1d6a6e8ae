import EngineInterface
import TerminalUI

extension ChunkScreen {
  static func dataName(of pane: Pane) -> String? { "tokens" }

  static func data(_ state: ViewState) -> DataRecord {
    guard let chunk = state.engine.chunk else { return [:] }
    let pieces: [DataRecord] = chunk.pieces.map { piece in
      [
        "document": piece.document, "start": piece.start,
        "label": piece.label.isEmpty ? nil : piece.label,
      ]
    }
    let tokens: [DataRecord] = chunk.tokens.enumerated().map { position, token in
      [
        "position": position, "text": token.text,
        "teacherLogProbability": token.teacherLogProbability,
        "referenceLogProbability": token.referenceLogProbability,
        "difference": token.difference,
      ]
    }
    var row = chunk.row.record
    // The whole text stands here instead of its beginning.
    row.fields.removeAll { $0.name == "text" }
    return row + [
      "bytes": chunk.bytes, "rank": chunk.rank, "scored": chunk.scored,
      "threshold": chunk.threshold, "teacherLogProbability": chunk.teacherLogProbability,
      "referenceLogProbability": chunk.referenceLogProbability,
      "text": chunk.tokens.map(\.text).joined(), "pieces": pieces, "tokens": tokens,
    ]
  }
}
