import EngineInterface
import TerminalUI

/// What to do with the running job when a person wants to leave.
enum QuitDialog {
  enum Choice: Hashable {
    case save, kill, stay

    var key: Key {
      switch self {
      case .save: .character("s")
      case .kill: .character("k")
      case .stay: .escape
      }
    }
  }

  static func choices(_ state: ViewState) -> [Choice] { [.save, .kill, .stay] }

  static func dialog(_ state: ViewState) -> Dialog {
    guard let job = state.engine.job, state.engine.isBusy else {
      return Dialog(
        title: "Quit?", lines: ["No job runs. Everything done so far is on disk."],
        choices: [
          Dialog.Choice(Choice.save.key, "quit"), Dialog.Choice(Choice.kill.key, "quit at once"),
          Dialog.Choice(Choice.stay.key, "stay"),
        ])
    }
    let lost = job.unsaved
    return Dialog(
      title: "Running: \(job.stage.title)",
      lines: [
        StyledText(StageText.progress(job)),
        lost.map { StyledText("Not on disk yet: \($0).", .warn) }
          ?? "Everything done so far is on disk.",
      ],
      choices: [
        Dialog.Choice(Choice.save.key, "save now and quit; the same command goes on later"),
        Dialog.Choice(
          Choice.kill.key, lost.map { "quit at once, lose \($0)" } ?? "quit at once, lose nothing"),
        Dialog.Choice(Choice.stay.key, "stay"),
      ], width: 66)
  }
}
