import EngineInterface
import TerminalUI

/// Leaving: with the engine, or, where that is another process, without it.
extension Reducer {
  /// Exit codes of a stop on request, and of one that did not wait.
  static var stoppedCode: Int32 { 4 }
  private static var interruptedCode: Int32 { 130 }
  /// The engine has gone by itself.
  private static var lostCode: Int32 { 1 }

  /// The first signal saves and leaves; further ones change nothing until that is done, but for a
  /// second Ctrl-C two seconds behind the first. The end of the terminal is only that where the engine
  /// is another process, and USR1 saves and goes on.
  mutating func stop(_ signal: StopSignal) {
    switch signal {
    case .save: return save()
    case .hangUp where state.engine.link != nil: return detach(exitCode: 0)
    default: break
    }
    if signal == .interrupt, let first = state.interruptedAt, state.clock - first >= 2 {
      state.leavingWith = state.leavingWith ?? Self.interruptedCode
      return leave(saving: false, exitCode: Self.interruptedCode)
    }
    if signal == .interrupt, state.interruptedAt == nil { state.interruptedAt = state.clock }
    if state.leavingWith == nil { leave(saving: true, exitCode: Self.stoppedCode) }
  }

  private mutating func save() {
    guard state.engine.isBusy, state.engine.job?.stage.isTraining == true else {
      return say("Asked to save: everything that is whole is on disk.")
    }
    perform(.checkpoint)
  }

  /// Leaves the engine to itself: its work goes on, and any screen can come to it.
  mutating func detach(exitCode: Int32) {
    state.overlay = nil
    state.prompt = nil
    effects.append(.leave(exitCode: state.engine.link?.loss == nil ? exitCode : Self.lostCode))
  }

  /// Asks the engine to end and leaves when it has; "at once" said a second time does not wait. An
  /// engine that others steer too, or that this screen may not steer, stays.
  mutating func leave(saving: Bool, exitCode: Int32) {
    if let link = state.engine.link, link.obstacle != nil || isLeftToOthers(link) {
      return detach(exitCode: exitCode)
    }
    state.overlay = nil
    state.prompt = nil
    if state.engine.hasEnded || state.leavingWith != nil && !saving {
      effects.append(.leave(exitCode: exitCode))
      return
    }
    guard state.leavingWith == nil else {
      let kill = QuitDialog.Choice.kill.key(state.table).name
      say("Saving. \(kill) in the quit dialog leaves at once.")
      return
    }
    state.leavingWith = exitCode
    send(.shutDown(saving: saving))
    say(saving ? "Saving, then leaving." : "Leaving.")
  }

  /// Whether others steer the engine, and nobody has chosen in the dialog that it is to stop.
  private func isLeftToOthers(_ link: LinkSnapshot) -> Bool {
    link.otherControllers > 0 && !isStoppingForAll && state.leavingWith == nil
  }
}

extension Reducer {
  /// Does what a person refuses or wants of a link that takes no changes.
  ///
  /// What a key or the mouse would have changed is left as it was and told; what a screen asks by itself
  /// is left out. A look still goes through, as long as there is somebody who can be asked.
  static func reduce(
    _ state: inout ViewState, _ event: WorkbenchEvent, refusingChanges obstacle: String
  ) -> [Effect] {
    let before = event.isFromPerson ? state : nil
    var reducer = Reducer(state: state)
    state = ViewState(size: state.size)
    reducer.handle(event)
    let isRefused = reducer.effects.contains(where: \.asksForChange)
    guard isRefused, var before else {
      let isLost = reducer.state.engine.link?.loss != nil
      state = reducer.state
      return reducer.effects.filter { !($0.asksForChange || isLost && $0.isCommand) }
    }
    before.prompt = nil
    before.drag = nil
    before.message = Message(text: obstacle, isWarning: true, time: before.clock)
    state = before
    return []
  }
}

extension WorkbenchEvent {
  fileprivate var isFromPerson: Bool {
    switch self {
    case .key, .mouse, .paste: true
    case .resize, .engine, .tick, .stop, .personal, .exported, .answered: false
    }
  }
}
