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
    case (_, .settings(let list)?): handleSettings(list, key)
    case (_, .precision(let list)?): handlePrecision(list, key)
    case (let action, .modelChoice(let choice)?): handleModelChoice(choice, key, action)
    case (_, .sourceFilter(let list)?): handleSourceFilter(list, key)
    case (_, .taskFiles(let list)?): handleTaskFiles(list, key)
    case (_, .taskModels(let list)?): handleTaskModels(list, key)
    case (_, .log(let list)?): handleLog(list, key)
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

  private mutating func handlePalette(_ palette: PaletteState, _ key: Key, _ action: Action?) {
    var palette = palette
    let found = PaletteContent.matches(palette.field.text, state.screen, state.table)
    let visible = PaletteContent.visibleRows(state)
    if action == .open {
      state.overlay = nil
      if let action = found[safe: palette.list.selected] { perform(action) }
      return
    }
    let move = ListState.Move(action)
    if let move, [.up, .down, .pageUp, .pageDown].contains(move) {
      palette.list.move(move, count: found.count, height: visible)
    } else if palette.field.handle(key) {
      palette.list = ListState()
    }
    state.overlay = .palette(palette)
  }

  private mutating func handleSettings(_ list: ListState, _ key: Key) {
    let rows = SettingsOverlay.rows(state)
    let key = listKey(list, key, count: rows.count, toggle: .settings)
    state.overlay = key.list.map(Overlay.settings)
    if key.isChosen, let row = rows[safe: list.selected] { choose(row) }
  }

  private mutating func choose(_ row: SettingsOverlay.Row) {
    switch row {
    case .theme(let name):
      state.display.theme = name
      effects.append(.theme(name))
    case .glyphs(let glyphs): state.display.glyphs = glyphs
    case .mouse: perform(.mouseCapture)
    }
  }

  /// Stays open: what the engine makes of a choice is seen here.
  private mutating func handlePrecision(_ list: ListState, _ key: Key) {
    let options = PrecisionOverlay.options(state)
    let key = listKey(list, key, count: options.count, toggle: .precision)
    state.overlay = key.list.map(Overlay.precision)
    if key.isChosen, let option = options[safe: list.selected] {
      send(.setPrecision(option.choice))
    }
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

  private mutating func handleSourceFilter(_ list: ListState, _ key: Key) {
    let sources = state.engine.corpus?.sources ?? []
    let key = listKey(list, key, count: sources.count + 1, toggle: .filterSource)
    state.overlay = key.isChosen ? nil : key.list.map(Overlay.sourceFilter)
    if key.isChosen {
      let name = sources[safe: list.selected - 1]?.name
      showChunks { $0.source = name }
    }
  }

  private mutating func handleLog(_ list: ListState, _ key: Key) {
    let key = listKey(list, key, count: state.engine.notices.count, toggle: .log)
    state.overlay = key.list.map(Overlay.log)
  }

  /// What a key makes of a list that lies over the screen, by the keys of the table; no list = it
  /// closes, which the keys of `toggle` and of quitting do.
  func listKey(
    _ list: ListState, _ key: Key, count: Int, toggle: Action
  ) -> (list: ListState?, isChosen: Bool) {
    let action = state.table.fieldAction(for: key) ?? state.table.action(for: key)
    if action == .open || key == .space { return (list, true) }
    let toggles = state.table.keys(of: toggle).contains(key)
    if action == .quit || action == .back || toggles { return (nil, false) }
    guard let move = ListState.Move(action) else { return (list, false) }
    var list = list
    list.move(move, count: count, height: LogOverlay.visibleRows(state))
    return (list, false)
  }

  private mutating func handleQuit(_ key: Key) {
    if let choice = QuitDialog.Choice.allCases.first(where: { $0.key(state.table) == key }) {
      quit(choice)
    }
  }

  /// Does what the key of an action does: for the mouse.
  mutating func pressInOverlay(_ action: Action) {
    if let key = state.table.fieldKey(action) { handleOverlay(key) }
  }

  mutating func quit(_ choice: QuitDialog.Choice) {
    switch choice {
    case .save: leave(saving: true, exitCode: 0)
    case .kill: leave(saving: false, exitCode: 0)
    case .stay: state.overlay = nil
    }
  }
}
