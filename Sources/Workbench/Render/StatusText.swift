import EngineInterface
import TerminalUI

/// The line above the keys: the job, what the screen says, the last event.
enum StatusText {
  static func parts(_ state: ViewState) -> [StyledText] {
    var parts = link(state)
    if let words = state.loading.words { parts.append(StyledText(words, .accent)) }
    if let message = state.message {
      parts.append(StyledText(message.text, message.isWarning ? .warn : .accent))
    }
    let screen = state.screen.view.status(state)
    // A running job comes first; when it is a person's turn, the figures that follow the keys do.
    parts += state.engine.isBusy ? [job(state)] + screen : screen + [job(state)]
    if state.message == nil, state.showsNotice, let notice = state.engine.notices.last {
      let role: StyleRole =
        notice.level == .error ? .error : notice.level == .warning ? .warn : .status
      parts.append(StyledText("\(notice.time) \(notice.text)", role))
    }
    return parts
  }

  /// What is between this screen and the engine, as far as it matters.
  private static func link(_ state: ViewState) -> [StyledText] {
    guard let link = state.engine.link else { return [] }
    if link.loss != nil {
      return [StyledText("the engine has gone: \(state.key(.quit)) leaves", .error)]
    }
    let others = link.controllers + link.viewers - 1
    let count = others == 0 ? "" : others == 1 ? "1 other screen" : "\(others) other screens"
    if link.isReadOnly {
      return [StyledText("read-only" + (others == 0 ? "" : ", " + count), .warn)]
    }
    return others == 0 ? [] : [StyledText(count, .accent)]
  }

  private static func job(_ state: ViewState) -> StyledText {
    if state.engine.project == nil { return "opening the project" }
    if let job = state.engine.job {
      if job.isActive || job.state == .stopped {
        return StyledText(StageText.job(job, state))
      }
      if case .failed(let why) = job.state {
        return StyledText("\(job.stage.title) failed: \(why)", .error)
      }
    }
    guard let next = state.engine.nextStage else { return StyledText("all stages done", .ok) }
    let place = StageText.place(of: next, state)
    return next.needsPerson
      ? StyledText("\(place) your turn: ratio, then \(state.key(.go(to: .commit))) commit")
      : StyledText("\(place) next: \(next.title) (\(state.key(.runNext)))")
  }
}
