import EngineInterface
import Numerics
import TerminalUI

/// Keys of the palette, and what its lines do.
extension Reducer {
  mutating func handlePalette(_ palette: PaletteState, _ key: Key, _ action: Action?) {
    var palette = palette
    let rows = PaletteContent.rows(palette.field.text, state)
    if action == .open { return runPalette(palette, rows) }
    palette.complaint = nil
    let move = ListState.Move(action)
    if action == .nextPane {
      if let row = rows[safe: palette.list.selected] { palette.take(row) }
    } else if move == .up, palette.recalled != nil || palette.list.selected == 0 {
      recall(&palette, -1)
    } else if move == .down, palette.recalled != nil {
      recall(&palette, 1)
    } else if let move, [.up, .down, .pageUp, .pageDown].contains(move) {
      palette.list.move(
        move, count: rows.count, height: PaletteContent.visibleRows(palette, state))
      palette.hasMoved = true
    } else if palette.field.handle(key) {
      palette.startList()
    }
    state.overlay = .palette(palette)
  }

  /// Goes through the lines that were run; past the newest one nothing is typed.
  private func recall(_ palette: inout PaletteState, _ step: Int) {
    let lines = state.paletteHistory.lines
    let place = (palette.recalled ?? lines.count) + step
    guard place >= 0 else { return }
    palette.field = TextFieldState(lines[safe: place] ?? "")
    palette.startList()
    palette.recalled = lines.indices.contains(place) ? place : nil
  }

  /// Runs the line, or the action that is selected; a line that lacks something is completed first.
  private mutating func runPalette(_ palette: PaletteState, _ rows: [PaletteRow]) {
    var palette = palette
    let row = rows[safe: palette.list.selected]
    if PaletteContent.verb(palette.field.text) == nil {
      switch row {
      case .action(let action)?:
        state.overlay = nil
        return perform(action)
      case .verb(let verb)?:
        palette.field = TextFieldState(verb.isComplete ? verb.name : "\(verb.name) ")
        palette.startList()
        guard verb.isComplete else {
          state.overlay = .palette(palette)
          return
        }
      case .choice?, nil: break
      }
    } else if let row {
      let isTyping = !PaletteLine(palette.field.text).isOpen
      let isLine = (try? PaletteCommand(palette.field.text, names: PaletteNames(state))) != nil
      if palette.hasMoved || isTyping && !isLine { palette.take(row) }
    }
    do {
      let text = palette.field.text.trimmed
      let command = try PaletteCommand(text, names: PaletteNames(state))
      state.overlay = nil
      if let complaint = run(command) {
        palette.complaint = complaint
        state.overlay = .palette(palette)
      } else {
        state.paletteHistory.add(text)
      }
    } catch {
      palette.complaint = error.reason
      state.overlay = .palette(palette)
    }
  }

  /// Does what a line says; a few words when that cannot be done now.
  mutating func run(_ command: PaletteCommand) -> String? {
    if command.selectionChange != nil, let obstacle = Action.withoutSelection(state) {
      return obstacle
    }
    switch command {
    case .ratio(let ratio): setRatio(ratio)
    case .threshold(let threshold): setThreshold(threshold)
    case .flip(let chunk): flip(chunk: chunk)
    case .undo, .redo:
      let action: Action = command == .undo ? .undo : .redo
      if let obstacle = action.obstacle(state) { return obstacle }
      perform(action)
    case .recall(let name):
      guard let pin = state.engine.selection?.pins.first(where: { $0.name == name }) else {
        return "nothing is pinned as \(name)"
      }
      request(pin.ratio)
      send(.recallPin(name))
    case .floor, .cap, .rank, .pin:
      if let change = command.selectionChange { send(change) }
      if let line = PaletteText.recipe(command) { say("Done: \(line).") }
    case .commit: go(to: .commit)
    case .note(let chunk, let text):
      guard let chunk = chunk ?? state.screen.view.selectedChunk(state) else {
        return "no chunk is selected; note #12 WORDS names one"
      }
      send(.setNote(chunk: chunk, text))
      say("Noted on chunk \(chunk).")
    case .start(let stage): return start(stage)
    case .theme(let name):
      choose(theme: name)
    case .screen(let screen): go(to: screen)
    case .export(let target): export(target)
    case .source(let name): return listSource(name)
    case .filter(let text): return listFiltered(text)
    case .find(let text): return listFound(text)
    case .set(let key, let value): effects.append(.set(key: key, value: value))
    }
    return nil
  }

  private mutating func start(_ stage: Stage) -> String? {
    if state.engine.isBusy { return "a job runs already: \(state.engine.jobTitle)" }
    if stage == .evaluate {
      if let obstacle = Action.evaluateTasks.obstacle(state) { return obstacle }
      perform(.evaluateTasks)
      return nil
    }
    if let stages = state.engine.project?.stages, !stages.contains(where: { $0.stage == stage }) {
      return "the project has no such stage"
    }
    send(.start(stage))
    announce("Starting: \(stage.title).")
    return nil
  }
}

extension PaletteState {
  /// Puts a row in the place of what is typed.
  mutating func take(_ row: PaletteRow) {
    switch row {
    case .verb(let verb):
      field = TextFieldState(verb.usage.isEmpty ? verb.name : "\(verb.name) ")
    case .choice(let choice):
      field = TextFieldState(PaletteContent.completed(field.text, with: choice.text))
    case .action(let action): field = TextFieldState(action.title)
    }
    startList()
  }

  /// The list begins anew because something else is typed.
  mutating func startList() {
    list = ListState()
    hasMoved = false
    recalled = nil
  }
}
