import EngineInterface
import TerminalUI

extension ModelsScreen {
  static func dataName(of pane: Pane) -> String? {
    switch pane {
    case .models: "models"
    case .checks: "checks"
    default: "curves"
    }
  }

  static func data(_ state: ViewState) -> DataRecord {
    guard let picture = state.engine.models else { return [:] }
    return [
      "models": picture.models.map { model in
        [
          "role": model.role, "name": model.name, "architecture": model.architecture,
          "parameters": model.parameters, "memoryBytes": model.bytes, "state": model.state,
          "facts": model.facts,
        ] as DataRecord
      },
      "checks": picture.checks.map { check in
        ["state": check.state.rawValue, "text": check.text] as DataRecord
      },
      "precision": picture.precision.map(record),
      "runs": picture.runs.map { $0.record(curves: false) },
      "curves": RunSnapshot.points(of: picture.runs),
      "available": picture.available.map { list in list.rows.map(record) },
    ]
  }

  private static func record(_ precision: PrecisionSnapshot) -> DataRecord {
    [
      "scoring": precision.scoring.rawValue, "training": precision.training.rawValue,
      "scoringInForce": precision.scoringInForce?.rawValue,
      "trainingInForce": precision.trainingInForce?.rawValue,
      "checkpointBlocks": precision.blockCheckpointing, "obstacles": precision.obstacles,
    ]
  }

  private static func record(_ row: ModelListSnapshot.Row) -> DataRecord {
    [
      "name": row.name, "path": row.path, "place": row.place, "family": row.family,
      "parameters": row.parameters, "bytes": row.bytes, "weights": row.weights,
      "vocab_size": row.vocabulary, "memoryBytes": row.memory, "fits": row.fits,
      "obstacle": row.obstacle, "sameTokenizerAs": row.sameTokenizerAs,
      "roles": row.roles.map(\.rawValue),
    ]
  }
}
