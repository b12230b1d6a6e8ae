import EngineInterface
import TerminalUI

extension ScoreScreen {
  static func dataName(of pane: Pane) -> String? {
    switch pane {
    case .scoreHistogram: "histogram.bins"
    case .latest: "latest"
    default: "sources"
    }
  }

  static func data(_ state: ViewState) -> DataRecord {
    guard let scoring = state.engine.scoring else { return [:] }
    let figures: DataRecord = [
      "done": scoring.done, "total": scoring.total, "mean": scoring.mean,
      "median": scoring.median, "deviation": scoring.deviation, "minimum": scoring.minimum,
      "maximum": scoring.maximum, "negativeShare": scoring.negativeShare,
      "nonFinite": scoring.nonFinite, "ratio": scoring.ratio, "threshold": scoring.threshold,
      "thresholdBand": scoring.thresholdBand,
    ]
    let speed: DataRecord = [
      "teacherTokensPerSecond": scoring.teacherSpeed,
      "referenceTokensPerSecond": scoring.referenceSpeed, "elapsed": scoring.elapsed,
      "eta": scoring.eta, "blocksDone": scoring.blocksDone, "blocks": scoring.blocks,
    ]
    return figures + speed + [
      "histogram": scoring.histogram.record, "remarks": scoring.remarks,
      "density": scoring.density.map { density in
        [
          "left": density.left, "bottom": density.bottom, "cell": density.cell,
          "columns": density.columns, "rows": density.rows,
          "counts": density.counts.map(Int.init),
        ] as DataRecord
      },
      "sources": scoring.sources.map { source in
        [
          "source": source.name, "chunks": source.count, "median": source.median,
          "lowerQuartile": source.lower, "upperQuartile": source.upper,
          "counts": source.counts.map(Int.init),
        ] as DataRecord
      },
      "latest": scoring.latest.map { row in
        [
          "index": row.index, "source": row.source, "tokens": row.tokens,
          "teacherLogProbability": row.teacherLogProbability,
          "referenceLogProbability": row.referenceLogProbability, "difference": row.difference,
        ] as DataRecord
      },
    ]
  }
}
