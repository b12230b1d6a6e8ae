import EngineInterface
import TerminalUI

extension Action {
  static let chooseTeacher = choose(.teacher, "t")
  static let chooseReference = choose(.reference, "r")

  /// Has the machine looked through anew whenever the list opens.
  private static func choose(_ role: ModelRole, _ key: Character) -> Action {
    Action(
      "model.\(role.rawValue)", [.character(key)],
      "\(role.rawValue) from the models of this machine",
      label: role.rawValue
    ) { reducer in
      reducer.state.overlay = .modelChoice(ModelChoiceState(role: role))
      reducer.send(.findModels)
    }
  }
}
