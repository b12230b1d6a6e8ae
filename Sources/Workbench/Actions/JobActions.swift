import EngineInterface
import TerminalUI

/// The running job and the next one.
extension Action {
  static let work: [Action] = [runNext, pause, stop, undo, redo, copy]

  static let runNext = Action(
    "job.next", [.character("R")], "run the next stage", label: "run next",
    notNow: { state in
      if state.engine.isBusy { return "A job runs already: \(state.engine.jobTitle)." }
      guard let next = state.engine.nextStage else { return "All stages are done." }
      return modelObstacle(to: next, state)
    },
    does: { $0.runNext() })

  /// Why a stage that needs a model cannot begin: the project has none, and none is to be trained.
  private static func modelObstacle(to stage: Stage, _ state: ViewState) -> String? {
    guard [.teacher, .reference, .score].contains(stage),
      let role = Welcome.missingModel(state)
    else { return nil }
    let choose: Action = role == "teacher" ? .chooseTeacher : .chooseReference
    return "The project has no \(role): \(state.key(.go(to: .models))), then \(state.key(choose)), "
      + "chooses one."
  }

  static let pause = Action(
    "job.pause", [.character("p")], "pause, or go on", label: "pause", notNow: noJob,
    does: { $0.pause() })

  static let stop = Action(
    "job.stop", [.character("x")], "stop at a safe point", label: "stop", notNow: noJob,
    does: { reducer in
      reducer.send(.stop)
      let state = reducer.state
      let start = StageText.start(of: state.engine.job?.stage ?? .corpus)
      reducer.say(
        "Stopping at the next safe point: \(state.engine.jobTitle). "
          + "\(state.key(start)) goes on later.")
    })

  static let checkpoint = Action(
    "checkpoint", [.character("C")], "write a checkpoint now", label: "checkpoint",
    notNow: { state in
      let isTraining = state.engine.isBusy && state.engine.job?.stage.isTraining == true
      return isTraining ? nil : "No training runs."
    },
    does: { reducer in
      reducer.send(.checkpoint)
      reducer.say("Writing a checkpoint.")
    })

  private static let noJob: @Sendable (ViewState) -> String? = { state in
    state.engine.isBusy ? nil : "No job runs."
  }
}

extension EnginePicture {
  /// What the job does, in words.
  var jobTitle: String { job?.stage.title ?? "none" }
}

extension Reducer {
  fileprivate mutating func runNext() {
    guard let stage = state.engine.nextStage else { return }
    if stage.needsPerson {
      go(to: ScreenID(stage: stage))
      say(
        "The next step is yours: choose a ratio, then \(state.key(.open)) on "
          + "[ \(CommitButton.goOn.title(state)) ].")
    } else {
      send(.start(stage))
      announce("Starting: \(stage.title).")
    }
  }

  fileprivate mutating func pause() {
    guard let job = state.engine.job else { return }
    let isPaused = job.state == .paused || job.state == .pausing
    send(isPaused ? .resume : .pause)
    announce(isPaused ? "Going on: \(job.stage.title)." : "Pausing: \(job.stage.title).")
  }
}
