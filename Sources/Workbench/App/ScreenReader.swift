public import EngineInterface
public import TerminalUI

/// A screen that is read once, without a terminal: it asks the engine for what it needs and waits until
/// all of it is there.
public enum ScreenReader {
  /// Answers may make a screen ask again; a screen never asks for ever.
  private static let rounds = 8

  /// The state of a screen on an engine that has been started.
  ///
  /// - Parameter finish: called once everything is there; events are taken until the engine's end.
  public static func state(
    of screen: ScreenID, _ engine: any EngineClient, size: Size,
    display: DisplayOptions = DisplayOptions(), finish: () -> Void
  ) async -> ViewState {
    var state = ViewState(size: size, display: display)
    state.screen = screen
    state.followsWork = false
    var (round, hasAsked, isFinished) = (1, false, false)
    func ask(_ effects: [Effect]) {
      for case .engine(let command) in effects where command.onlyLooks {
        engine.send(command)
        hasAsked = true
      }
    }
    engine.send(.settle(round))
    for await event in engine.events where !isFinished {
      ask(reduce(&state, .engine(event)))
      if case .link(let link) = event, link.loss != nil { isFinished = true }
      guard case .settled(round) = event else {
        if isFinished { finish() }
        continue
      }
      if round == 1 { ask(arrive(at: screen, &state)) }
      if !hasAsked || round == rounds {
        isFinished = true
        finish()
      } else {
        (round, hasAsked) = (round + 1, false)
        engine.send(.settle(round))
      }
    }
    return state
  }

  /// What a screen asks for when it comes up; the chunk screen begins with the last chunk that is kept.
  private static func arrive(at screen: ScreenID, _ state: inout ViewState) -> [Effect] {
    var reducer = Reducer(state: state)
    if screen == .chunk, state.chunk.index == nil {
      let row = max(0, (state.engine.selection?.borderInside ?? 0) - 1)
      reducer.state.lists[.border] = ListState(selected: row)
      reducer.openChunk(row: row, of: .select)
    }
    reducer.show(screen)
    reducer.keepListsInRange()
    reducer.requestRows()
    state = reducer.state
    return reducer.effects
  }
}
