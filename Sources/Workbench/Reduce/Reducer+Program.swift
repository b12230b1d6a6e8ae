import EngineInterface
import TerminalUI

/// Actions that hold everywhere: overlays, jobs, leaving.
extension Reducer {
  /// False when the action is not one of these.
  mutating func performGlobal(_ action: ActionID) -> Bool {
    switch action {
    case .help: state.overlay = .help(HelpState())
    case .palette: state.overlay = .palette(PaletteState())
    case .log: openLog()
    case .settings: openSettings()
    case .precision: openPrecision()
    case .mouseCapture:
      state.display.capturesMouse.toggle()
      effects.append(.captureMouse(state.display.capturesMouse))
      say(
        state.display.capturesMouse
          ? "Mouse on. Shift+drag still selects text." : "Mouse off: the terminal selects text.")
    case .redraw: effects.append(.redraw)
    case .suspend: effects.append(.suspend)
    case .cancel, .quit: askToQuit(action)
    case .back: goBack()
    case .runNext: runNext()
    case .pause: pause()
    case .stop: stop()
    case .checkpoint: checkpoint()
    case .copy: copy()
    default: return false
    }
    return true
  }

  private mutating func openLog() {
    state.overlay = .log(ListState(selected: max(0, state.engine.notices.count - 1)))
  }

  private mutating func openSettings() {
    let selected = SettingsOverlay.rows(state).firstIndex(of: .theme(state.display.theme)) ?? 0
    state.overlay = .settings(ListState(selected: selected))
  }

  /// Opens on what holds for the work of the screen.
  private mutating func openPrecision() {
    let place = PrecisionOverlay.options(state).firstIndex { option in
      guard option.isInForce else { return false }
      if case .training = option.choice { return state.screen == .train }
      return state.screen != .train
    }
    state.overlay = .precision(ListState(selected: place ?? 0))
  }

  /// `q` asks only while a job runs; Ctrl-C always asks.
  private mutating func askToQuit(_ action: ActionID) {
    if state.engine.isBusy || action == .cancel {
      state.overlay = .quit
    } else {
      leave(saving: true, exitCode: 0)
    }
  }

  /// Asks the engine to end and leaves when it has; "at once" said a second time does not wait.
  mutating func leave(saving: Bool, exitCode: Int32) {
    state.overlay = nil
    state.prompt = nil
    if state.engine.hasEnded || state.leavingWith != nil && !saving {
      effects.append(.leave(exitCode: exitCode))
      return
    }
    guard state.leavingWith == nil else {
      say("Saving. k in the quit dialog leaves at once.")
      return
    }
    state.leavingWith = exitCode
    send(.shutDown(saving: saving))
    say(saving ? "Saving, then leaving." : "Leaving.")
  }

  private mutating func runNext() {
    guard !state.engine.isBusy else {
      say("A job runs already: \(jobTitle).", isWarning: true)
      return
    }
    guard let stage = state.engine.nextStage else {
      say("All stages are done.")
      return
    }
    switch stage {
    case .select, .commit:
      go(to: stage == .select ? .select : .commit)
      say("The next step is yours: choose a ratio, then Enter on [ Commit ].")
    default:
      send(.start(stage))
      say("Started: \(stage.title).")
    }
  }

  private var jobTitle: String { state.engine.job?.stage.title ?? "none" }

  private mutating func pause() {
    guard let job = state.engine.job, job.isActive else {
      say("No job runs.", isWarning: true)
      return
    }
    let isPaused = job.state == .paused || job.state == .pausing
    send(isPaused ? .resume : .pause)
    say(isPaused ? "Going on: \(jobTitle)." : "Pausing: \(jobTitle).")
  }

  private mutating func stop() {
    guard state.engine.isBusy else {
      say("No job runs.", isWarning: true)
      return
    }
    send(.stop)
    say("Stopping at the next safe point: \(jobTitle). R goes on later.")
  }

  private mutating func checkpoint() {
    guard let job = state.engine.job, job.isActive,
      [.train, .teacher, .reference].contains(job.stage)
    else {
      say("No training runs.", isWarning: true)
      return
    }
    send(.checkpoint)
    say("Writing a checkpoint.")
  }

  private mutating func copy() {
    guard let text = CopyText.of(state), !text.isEmpty else {
      say("Nothing to copy here.", isWarning: true)
      return
    }
    effects.append(.copy(text))
  }

  /// Esc: from the Document screen back to its list, else forget the message.
  private mutating func goBack() {
    if state.screen == .document, state.returnScreen != .document {
      go(to: state.returnScreen)
    } else if state.screen == .corpus,
      state.corpus.source != nil || state.corpus.text != nil
    {
      showDocuments {
        $0.source = nil; $0.text = nil
      }
      say("All documents are shown.")
    } else {
      state.message = nil
    }
  }
}
