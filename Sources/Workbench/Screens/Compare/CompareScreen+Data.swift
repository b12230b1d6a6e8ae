import EngineInterface
import TerminalUI

extension CompareScreen {
  static func dataName(of pane: Pane) -> String? {
    switch pane {
    case .table: "sources"
    case .runs: "runs"
    default: "findings"
    }
  }

  static func data(_ state: ViewState) -> DataRecord {
    guard let comparison = state.engine.comparison else { return [:] }
    return [
      "a": comparison.names[safe: 0], "b": comparison.names[safe: 1],
      "report": comparison.report, "sources": rows(state).map(record),
      "all": CompareTable.measures(comparison, CompareOptions()).map { measure in
        ["unit": measure.isBits ? "bits per byte" : "nats per token"] + record(measure.row)
      },
      "intervalsOver": comparison.bandUnit ?? "chunks", "curveChunks": comparison.curveChunks,
      "runs": comparison.runs.map { $0.record(curves: false) },
      "curves": RunSnapshot.points(of: comparison.runs),
      "labels": comparison.labels.map(\.record), "findings": findings(state),
      "fit": comparison.fit,
    ]
  }

  /// Nats per token where no unit is named; `difference` is b - a, `low` and `high` are the ends of its
  /// 95 % interval over what `intervalsOver` says.
  private static func record(_ row: ComparisonSnapshot.Row) -> DataRecord {
    [
      "source": row.name, "chunks": row.chunks, "a": row.a, "b": row.b,
      "difference": row.difference, "low": row.shown.low, "high": row.shown.high,
      "halfWidthOverChunks": row.interval, "beyondChance": row.isBeyondChance,
      "keepRate": row.keepRate,
    ]
  }

  /// The sentences of the pane.
  private static func findings(_ state: ViewState) -> [String] {
    CompareFindings.lines(state, width: 10_000).map { line in
      line.spans.map(\.text).joined()
    }.filter { !$0.isEmpty }
  }
}
