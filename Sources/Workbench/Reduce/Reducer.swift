import EngineInterface
import TerminalUI

/// Answers one event: changes the state and says what the outside world must do.
///
/// Pure: no clock, no files, no engine. Everything that the answer depends on is in the state or in
/// the event.
public func reduce(_ state: inout ViewState, _ event: WorkbenchEvent) -> [Effect] {
  if let obstacle = state.engine.link?.obstacle {
    return Reducer.reduce(&state, event, refusingChanges: obstacle)
  }
  var reducer = Reducer(state: state)
  // The reducer owns the only copy while it works, so that lists change in place.
  state = ViewState(size: state.size)
  reducer.handle(event)
  state = reducer.state
  return reducer.effects
}

/// The state while an event is answered, and the effects so far.
struct Reducer {
  var state: ViewState
  var effects: [Effect] = []
  /// Whether a person has said that the engine is to end, whoever else looks at it.
  var isStoppingForAll = false
  /// Keys that have waited for the project are done now.
  var isReplaying = false

  init(state: ViewState) {
    self.state = state
  }

  mutating func handle(_ event: WorkbenchEvent) {
    switch event {
    case .key(let key): handleInBurst { $0.handle(key) }
    case .mouse(let mouse, let hit): handle(mouse, hit)
    case .paste(let text): paste(text)
    case .resize(let size):
      state.size = size
      state.drag = nil
    case .engine(let event): take(event)
    case .tick(let seconds): tick(seconds)
    case .exported(let order, let answer): exported(order, answer)
    case .answered(let text, let isWarning): say(text, isWarning: isWarning)
    case .stop(let signal): stop(signal)
    case .personal(let news, let before, let now): take(news, before: before, now: now)
    }
    restoreLists()
    keepListsInRange()
    followTokens()
    requestRows()
    followEvaluation()
    keepCurves()
  }

  private mutating func handle(_ key: Key) {
    state.plots.hover = nil
    if keepsWaiting(key) { return }
    if state.prompt != nil {
      answerPrompt(key)
    } else if state.overlay != nil {
      handleOverlay(key)
    } else if state.select.isPinning {
      pinAnew(key)
    } else if pressPlot(key) {
      return
    } else if let action = state.table.action(for: key, on: state.screen) {
      perform(action)
    }
  }

  /// Does what an action says, whichever way it was asked for, or says why not now.
  mutating func perform(_ action: Action) {
    if let obstacle = action.obstacle(state) {
      say(obstacle, isWarning: true)
    } else {
      action.perform(&self)
    }
  }

  /// Sends a command to the engine.
  mutating func send(_ command: EngineCommand) {
    effects.append(.engine(command))
  }

  /// Answers in the status line.
  mutating func say(_ text: String, isWarning: Bool = false) {
    state.message = Message(text: text, isWarning: isWarning, time: state.clock)
  }

  /// Says what the engine was asked to do, until it answers.
  mutating func announce(_ text: String) {
    say(text)
    state.message?.isAnnouncement = true
  }

  private mutating func tick(_ seconds: Double) {
    state.clock = seconds
    if let message = state.message, seconds - message.time > Message.lifetime {
      state.message = nil
    }
    if let notice = state.engine.notices.last,
      seconds - state.noticeTime > Message.lifetime(of: notice.level)
    {
      state.showsNotice = false
    }
  }

  /// A paste is text for a field, never keys.
  private mutating func paste(_ text: String) {
    if state.prompt != nil {
      state.prompt?.field.insert(text)
    } else if case .modelChoice(var choice) = state.overlay {
      choice.field.insert(text)
      choice.list = ListState()
      state.overlay = .modelChoice(choice)
    } else if case .palette(var palette) = state.overlay {
      palette.field.insert(text)
      palette.startList()
      state.overlay = .palette(palette)
    } else if case .list(let id, _) = state.overlay {
      id.view.paste(text, &self)
    } else {
      say("Pasted text is not run as keys.", isWarning: true)
    }
  }
}
