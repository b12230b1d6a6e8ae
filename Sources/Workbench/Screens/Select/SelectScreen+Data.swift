import EngineInterface
import TerminalUI

extension SelectScreen {
  static func dataName(of pane: Pane) -> String? {
    switch pane {
    case .border: "border"
    case .rates: "sources"
    case .histogram: "histogram.bins"
    default: "selected"
    }
  }

  /// With the names of `miniplm select --json` where it says the same.
  static func data(_ state: ViewState) -> DataRecord {
    guard let selection = state.engine.selection else { return [:] }
    let figures: DataRecord = [
      "ratio": selection.ratio, "ranking": selection.ranking.rawValue,
      "threshold": selection.threshold, "totalChunks": selection.chunks,
      "keptChunks": selection.keptChunks, "totalTokens": selection.tokens,
      "keptTokens": selection.keptTokens, "entropyOfAll": selection.entropyBefore,
      "entropyOfKept": selection.entropyAfter, "meanDifference": selection.keptMean,
      "teacherNLLCap": selection.teacherCap, "manualKept": selection.manualKept,
      "manualDropped": selection.manualDropped, "complete": selection.complete,
      "undo": selection.undo, "redo": selection.redo,
    ]
    return figures + [
      "sources": selection.sources.map { source in
        [
          "source": source.name, "totalChunks": source.chunks, "keptChunks": source.keptChunks,
          "keepRate": source.keepRate, "totalTokens": source.tokens,
          "keptTokens": source.keptTokens, "floor": source.floor,
        ] as DataRecord
      },
      "labels": selection.labels.map { $0.record },
      "pins": selection.pins.map { pin in
        ["name": pin.name, "ratio": pin.ratio, "threshold": pin.threshold] as DataRecord
      },
      "border": selection.border.map(\.record),
      "selected": selection.border[safe: state.list(.border).selected]?.record,
      "histogram": selection.histogram.record,
    ]
  }
}

extension SelectionSnapshot.Label {
  var record: DataRecord {
    ["label": name, "documents": documents, "tokens": tokens, "droppedShare": droppedShare]
  }
}
