import EngineInterface
import TerminalUI

/// What to do with the running job when a person wants to leave.
enum QuitDialog {
  enum Choice: CaseIterable {
    case save, kill, stay

    /// Keys of the dialog alone; staying is what closes everything else.
    func key(_ table: ActionTable) -> Key {
      switch self {
      case .save: .character("s")
      case .kill: .character("k")
      case .stay: table.fieldKey(.back) ?? .escape
      }
    }
  }

  static func dialog(_ state: ViewState) -> Dialog {
    func choice(_ choice: Choice, _ label: String) -> Dialog.Choice {
      Dialog.Choice(choice.key(state.table), label)
    }
    guard let job = state.engine.job, state.engine.isBusy else {
      return Dialog(
        title: "Quit?", lines: ["No job runs. Everything done so far is on disk."],
        choices: [
          choice(.save, "quit"), choice(.kill, "quit at once"), choice(.stay, "stay"),
        ])
    }
    let lost = job.unsaved
    return Dialog(
      title: "Running: \(job.stage.title)",
      lines: [
        StyledText(StageText.progress(job, state)),
        lost.map { StyledText("Not on disk yet: \($0).", .warn) }
          ?? "Everything done so far is on disk.",
      ],
      choices: [
        choice(.save, "save now and quit; the same command goes on later"),
        choice(.kill, lost.map { "quit at once, lose \($0)" } ?? "quit at once, lose nothing"),
        choice(.stay, "stay"),
      ], width: 66)
  }
}
