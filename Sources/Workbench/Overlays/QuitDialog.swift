import EngineInterface
import TerminalUI

/// What to do with the running job when a person wants to leave.
enum QuitDialog {
  enum Choice {
    case detach, save, kill, stay

    /// Keys of the dialog alone; staying is what closes everything else.
    func key(_ table: ActionTable) -> Key {
      switch self {
      case .detach: .character("d")
      case .save: .character("s")
      case .kill: .character("k")
      case .stay: table.fieldKey(.back) ?? .escape
      }
    }
  }

  /// What can be chosen, in the order of the dialog: only an engine in another process can be left to
  /// itself, and one that this screen may not steer can only be left.
  static func choices(_ state: ViewState) -> [Choice] {
    guard let link = state.engine.link else { return [.save, .kill, .stay] }
    if link.obstacle != nil { return [.detach, .stay] }
    return state.engine.isBusy || link.otherControllers > 0
      ? [.detach, .save, .kill, .stay] : [.save, .kill, .stay]
  }

  static func dialog(_ state: ViewState) -> Dialog {
    let link = state.engine.link
    let (title, lines) = words(state, link)
    return Dialog(
      title: title, lines: lines,
      choices: choices(state).map {
        Dialog.Choice($0.key(state.table), label($0, state, link))
      }, width: state.engine.isBusy || link?.loss != nil ? 66 : 52)
  }

  private static func words(
    _ state: ViewState, _ link: LinkSnapshot?
  ) -> (title: String, lines: [StyledText]) {
    if let loss = link?.loss {
      return ("The engine has gone", [StyledText(loss, .error)])
    }
    guard let job = state.engine.job, state.engine.isBusy else {
      return ("Quit?", ["No job runs. Everything done so far is on disk."] + others(link))
    }
    return (
      "Running: \(job.stage.title)",
      [
        StyledText(StageText.progress(job, state)),
        job.unsaved.map { StyledText("Not on disk yet: \($0).", .warn) }
          ?? "Everything done so far is on disk.",
      ] + others(link)
    )
  }

  /// Who else would lose their screen.
  private static func others(_ link: LinkSnapshot?) -> [StyledText] {
    guard let link, !link.isReadOnly else { return [] }
    let count = link.otherControllers + link.viewers
    if count == 0 { return [] }
    let who = count == 1 ? "1 other screen is" : "\(count) other screens are"
    return [StyledText("\(who) attached; stopping closes all of them.", .warn)]
  }

  private static func label(
    _ choice: Choice, _ state: ViewState, _ link: LinkSnapshot?
  ) -> String {
    let isBusy = state.engine.isBusy
    let lost = isBusy ? state.engine.job?.unsaved : nil
    switch choice {
    case .detach where link?.obstacle != nil: return "leave"
    case .detach:
      return isBusy ? "detach: work goes on, 'miniplm attach' comes back" : "leave it to the others"
    case .save where !isBusy: return "quit"
    case .save:
      return link == nil
        ? "save now and quit; the same command goes on later"
        : "stop with everything saved and quit; it goes on later"
    case .kill where !isBusy: return "quit at once"
    case .kill: return lost.map { "quit at once, lose \($0)" } ?? "quit at once, lose nothing"
    case .stay: return link?.loss == nil ? "stay" : "look at what was shown"
    }
  }
}
