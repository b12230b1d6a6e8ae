import EngineInterface
import TerminalUI

/// Keys while something lies over the screen.
extension Reducer {
  mutating func handleOverlay(_ key: Key) {
    switch (state.table.fieldAction(for: key), state.overlay) {
    case (Action.back?, _): state.overlay = nil
    case (Action.cancel?, let overlay) where overlay != .quit: state.overlay = nil
    case (let action, .help(let help)?): handleHelp(help, key, action)
    case (let action, .palette(let palette)?): handlePalette(palette, key, action)
    case (_, .quit?): handleQuit(key)
    case (let action, .modelChoice(let choice)?): handleModelChoice(choice, key, action)
    case (_, .list(let id, let list)?): handleList(id, list, key)
    case (_, nil): break
    }
  }

  /// Typed text narrows the list, so letters move nothing.
  private mutating func handleHelp(_ help: HelpState, _ key: Key, _ action: Action?) {
    var help = help
    let count = HelpContent.overlay(state).content(width: HelpContent.width(state)).count
    let visible = HelpContent.visibleLines(state)
    let meaning = state.table.action(for: key)
    // An empty filter still closes on the key of quitting.
    if meaning == .help || meaning == .quit && help.filter.isEmpty {
      state.overlay = nil
      return
    }
    if let move = ListState.Move(action) {
      switch move {
      case .up: help.top -= 1
      case .down: help.top += 1
      case .pageUp: help.top -= visible
      case .pageDown: help.top += visible
      case .home: help.top = 0
      case .end: help.top = count
      default: break
      }
    } else if case .character(let character) = key {
      help.filter.append(character)
      help.top = 0
    } else if key == .backspace, !help.filter.isEmpty {
      help.filter.removeLast()
    }
    help.top = min(max(0, help.top), max(0, count - visible))
    state.overlay = .help(help)
  }

  /// Typed text narrows the list; it stays open on a choice, whose effect is seen in it.
  private mutating func handleModelChoice(
    _ choice: ModelChoiceState, _ key: Key, _ action: Action?
  ) {
    var choice = choice
    let rows = ModelChoiceOverlay.rows(choice, state)
    if action == .open {
      if let row = rows[safe: choice.list.selected] {
        send(.setModel(choice.role, path: row.path))
      }
      return
    }
    let move = ListState.Move(action)
    if let move, [.up, .down, .pageUp, .pageDown].contains(move) {
      choice.list.move(move, count: rows.count, height: ModelChoiceOverlay.visibleRows(state))
    } else if choice.field.handle(key) {
      choice.list = ListState()
    }
    state.overlay = .modelChoice(choice)
  }

  private mutating func handleQuit(_ key: Key) {
    if state.engine.link?.loss != nil, Action.quit.keys.contains(key) {
      return detach(exitCode: 0)
    }
    if let choice = QuitDialog.choices(state).first(where: { $0.key(state.table) == key }) {
      quit(choice)
    }
  }

  /// Does what the key of an action does: for the mouse.
  mutating func pressInOverlay(_ action: Action) {
    if let key = state.table.fieldKey(action) { handleOverlay(key) }
  }

  mutating func quit(_ choice: QuitDialog.Choice) {
    isStoppingForAll = choice == .save || choice == .kill
    switch choice {
    case .detach: detach(exitCode: 0)
    case .save: leave(saving: true, exitCode: 0)
    case .kill: leave(saving: false, exitCode: 0)
    case .stay: state.overlay = nil
    }
  }
}
