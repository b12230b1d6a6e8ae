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
      "all": CompareTable.measures(comparison).map(record),
      "runs": comparison.runs.map { $0.record(curves: false) },
      "curves": RunSnapshot.points(of: comparison.runs),
      "labels": comparison.labels.map(\.record), "findings": comparison.summary,
      "fit": comparison.fit,
    ]
  }

  /// Nats per token; `difference` is b - a.
  private static func record(_ row: ComparisonSnapshot.Row) -> DataRecord {
    [
      "source": row.name, "a": row.a, "b": row.b, "difference": row.difference,
      "interval": row.interval, "keepRate": row.keepRate,
    ]
  }
}
