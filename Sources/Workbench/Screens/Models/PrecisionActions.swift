import EngineInterface
import TerminalUI

extension Action {
  /// Opens on what holds for the work of the screen.
  static let precision = Action(
    "precision", [.character("P")], "precision and memory of the models", label: "precision"
  ) { reducer in
    let state = reducer.state
    let isAboutTraining = state.screen.view.stages.contains(.train)
    let place = PrecisionOverlay.options(state).firstIndex { option in
      guard option.isInForce else { return false }
      if case .training = option.choice { return isAboutTraining }
      return !isAboutTraining
    }
    reducer.state.overlay = .precision(ListState(selected: place ?? 0))
  }
}
