import EngineInterface
import TerminalUI

extension TrainScreen {
  static func dataName(of pane: Pane) -> String? {
    switch pane {
    case .curve: "curves"
    case .figures: "runs"
    default: "events"
    }
  }

  static func data(_ state: ViewState) -> DataRecord {
    guard let training = state.engine.training else { return [:] }
    return [
      "latestDifference": training.latestDifference,
      "latestInterval": training.latestInterval,
      "tokenShareToReach": training.tokenShareToReach,
      "runs": training.runs.map { $0.record(curves: false) },
      "curves": RunSnapshot.points(of: training.runs),
      "difference": training.difference.map(\.record),
      "events": training.events.map(\.record),
    ]
  }
}
