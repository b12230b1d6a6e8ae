import EngineInterface
import TerminalUI

/// Keys while something lies over the screen.
extension Reducer {
  mutating func handleOverlay(_ key: Key) {
    if key == .escape {
      state.overlay = nil
      return
    }
    if key == .control("c"), state.overlay != .quit {
      state.overlay = nil
      return
    }
    switch state.overlay {
    case .help(let help): handleHelp(help, key)
    case .palette(let palette): handlePalette(palette, key)
    case .settings(let list): handleSettings(list, key)
    case .precision(let list): handlePrecision(list, key)
    case .sourceFilter(let list): handleSourceFilter(list, key)
    case .log(let list): handleLog(list, key)
    case .quit: handleQuit(key)
    case nil: break
    }
  }

  private mutating func handleHelp(_ help: HelpState, _ key: Key) {
    var help = help
    let count = HelpContent.overlay(state, table).content(width: HelpContent.width(state)).count
    let visible = HelpContent.visibleLines(state)
    switch key {
    case .character("?"), .function(1):
      state.overlay = nil
      return
    case .up: help.top -= 1
    case .down: help.top += 1
    case .pageUp: help.top -= visible
    case .pageDown: help.top += visible
    case .home: help.top = 0
    case .end: help.top = count
    case .backspace: if !help.filter.isEmpty { help.filter.removeLast() }
    case .character(let character):
      // Typed text narrows the list; an empty filter still closes on q.
      if character == "q" && help.filter.isEmpty {
        state.overlay = nil
        return
      }
      help.filter.append(character)
      help.top = 0
    default: break
    }
    help.top = min(max(0, help.top), max(0, count - visible))
    state.overlay = .help(help)
  }

  private mutating func handlePalette(_ palette: PaletteState, _ key: Key) {
    var palette = palette
    let found = PaletteContent.matches(palette.field.text, state.screen, table)
    let visible = PaletteContent.visibleRows(state)
    switch key {
    case .enter:
      state.overlay = nil
      if let action = found[safe: palette.list.selected] { perform(action.id) }
      return
    case .up: palette.list.move(.up, count: found.count, height: visible)
    case .down: palette.list.move(.down, count: found.count, height: visible)
    case .pageUp: palette.list.move(.pageUp, count: found.count, height: visible)
    case .pageDown: palette.list.move(.pageDown, count: found.count, height: visible)
    default: if palette.field.handle(key) { palette.list = ListState() }
    }
    state.overlay = .palette(palette)
  }

  private mutating func handleSettings(_ list: ListState, _ key: Key) {
    let rows = SettingsOverlay.rows(state)
    if key == .enter || key == .space {
      if let row = rows[safe: list.selected] { choose(row) }
    } else if key == .function(2) || key == .character("q") {
      state.overlay = nil
    } else {
      state.overlay = .settings(moved(list, key, count: rows.count))
    }
  }

  mutating func choose(_ row: SettingsOverlay.Row) {
    switch row {
    case .theme(let name):
      state.display.theme = name
      effects.append(.theme(name))
    case .glyphs(let glyphs): state.display.glyphs = glyphs
    case .mouse: _ = performGlobal(.mouseCapture)
    }
  }

  /// Stays open: what the engine makes of a choice is seen here.
  private mutating func handlePrecision(_ list: ListState, _ key: Key) {
    let options = PrecisionOverlay.options(state)
    if key == .enter || key == .space {
      if let option = options[safe: list.selected] { send(.setPrecision(option.choice)) }
    } else if key == .character("P") || key == .character("q") {
      state.overlay = nil
    } else {
      state.overlay = .precision(moved(list, key, count: options.count))
    }
  }

  private mutating func handleSourceFilter(_ list: ListState, _ key: Key) {
    let sources = state.engine.corpus?.sources ?? []
    if key == .enter {
      state.overlay = nil
      let name = sources[safe: list.selected - 1]?.name
      showDocuments { $0.source = name }
    } else if key == .character("q") {
      state.overlay = nil
    } else {
      state.overlay = .sourceFilter(moved(list, key, count: sources.count + 1))
    }
  }

  private mutating func handleLog(_ list: ListState, _ key: Key) {
    if key == .character("J") || key == .character("q") {
      state.overlay = nil
    } else {
      state.overlay = .log(moved(list, key, count: state.engine.notices.count))
    }
  }

  /// Moves a list by the keys of the table.
  private func moved(_ list: ListState, _ key: Key, count: Int) -> ListState {
    var list = list
    let height = LogOverlay.visibleRows(state)
    let move: ListState.Move? =
      switch table.action(for: key, on: .corpus) {
      case .up: .up
      case .down: .down
      case .pageUp: .pageUp
      case .pageDown: .pageDown
      case .halfPageUp: .halfPageUp
      case .halfPageDown: .halfPageDown
      case .home: .home
      case .end: .end
      default: nil
      }
    if let move { list.move(move, count: count, height: height) }
    return list
  }

  private mutating func handleQuit(_ key: Key) {
    if key == .control("c") || key == .character("q") { return }
    if let choice = QuitDialog.choices(state).first(where: { $0.key == key }) { quit(choice) }
  }

  mutating func quit(_ choice: QuitDialog.Choice) {
    switch choice {
    case .save: leave(saving: true, exitCode: 0)
    case .kill: leave(saving: false, exitCode: 0)
    case .stay: state.overlay = nil
    }
  }
}
