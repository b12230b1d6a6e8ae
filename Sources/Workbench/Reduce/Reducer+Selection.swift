import EngineInterface
import Numerics
import TerminalUI

/// Ratio, pins, floors, flips: what the Select screen changes.
extension Reducer {
  mutating func performSelection(_ action: ActionID) -> Bool {
    switch action {
    case .ratioDown: moveRatio(by: -0.01)
    case .ratioUp: moveRatio(by: 0.01)
    case .ratioDownFine: moveRatio(by: -0.001)
    case .ratioUpFine: moveRatio(by: 0.001)
    case .ratioType: ask(.ratio)
    case .pinA: usePin("A")
    case .pinB: usePin("B")
    case .pinAgain:
      guard state.engine.selection != nil else { return refuseWithoutScores() }
      state.select.isPinning = true
      say("Pin ratio \(Number.fixed(state.ratio ?? 0, 3)): press A or B. Esc leaves it.")
    case .border:
      state.select.followsBorder = true
      followBorder()
      focus(.border)
    case .flip: flip()
    case .floor: askForFloor()
    case .undo: undo()
    case .redo: redo()
    default: return false
    }
    return true
  }

  private mutating func refuseWithoutScores() -> Bool {
    say("No scores yet: this needs the Score stage.", isWarning: true)
    return true
  }

  mutating func moveRatio(by step: Double) {
    guard let ratio = state.ratio else {
      _ = refuseWithoutScores()
      return
    }
    // Steps land on round numbers even after a drag.
    setRatio(((ratio + step) * 1000).rounded() / 1000)
  }

  /// Asks the engine for a ratio; the screen shows it at once.
  mutating func setRatio(_ ratio: Double) {
    guard state.engine.selection != nil || state.engine.scoring != nil else {
      _ = refuseWithoutScores()
      return
    }
    let ratio = min(1, max(0, ratio))
    guard ratio != state.ratio else { return }
    state.select.requestedRatio = ratio
    state.select.requestedAt = state.clock
    send(.setRatio(ratio))
  }

  private mutating func usePin(_ name: String) {
    guard let selection = state.engine.selection else {
      _ = refuseWithoutScores()
      return
    }
    guard let pin = selection.pins.first(where: { $0.name == name }) else {
      send(.pin(name))
      say("Pin \(name) is ratio \(Number.fixed(state.ratio ?? 0, 3)) now.")
      return
    }
    // Its ratio is known: no need to wait for the engine.
    state.select.requestedRatio = pin.ratio
    state.select.requestedAt = state.clock
    send(.recallPin(name))
    say("Pin \(name): ratio \(Number.fixed(pin.ratio, 3)).")
  }

  /// The key after `P`.
  mutating func pinAnew(_ key: Key) {
    state.select.isPinning = false
    switch table.action(for: key, on: .select) {
    case .pinA?:
      send(.pin("A"))
      say("Pin A is ratio \(Number.fixed(state.ratio ?? 0, 3)) now.")
    case .pinB?:
      send(.pin("B"))
      say("Pin B is ratio \(Number.fixed(state.ratio ?? 0, 3)) now.")
    default: say("Nothing pinned.")
    }
  }

  private mutating func undo() {
    guard let selection = state.engine.selection, let what = selection.undo else {
      say("Nothing to undo.", isWarning: true)
      return
    }
    state.select.requestedRatio = nil
    send(.undo)
    say("Undone: \(what).")
  }

  private mutating func redo() {
    guard let selection = state.engine.selection, let what = selection.redo else {
      say("Nothing to redo.", isWarning: true)
      return
    }
    state.select.requestedRatio = nil
    send(.redo)
    say("Done again: \(what).")
  }

  private mutating func flip() {
    if state.screen == .document {
      guard let index = state.document.index else { return }
      flip(chunk: index)
      send(.openChunk(index))
    } else if let row = state.engine.selection?.border[safe: state.list(.border).selected] {
      flip(chunk: row.index)
    } else {
      _ = refuseWithoutScores()
    }
  }

  mutating func flip(chunk index: Int) {
    guard state.engine.selection != nil else {
      _ = refuseWithoutScores()
      return
    }
    // The person looks at this row now: it must not jump away.
    state.select.followsBorder = false
    send(.flipChunk(index))
    say("Document \(index) flipped by hand; u takes it back.")
  }

  mutating func askForFloor() {
    guard let selection = state.engine.selection,
      let source = selection.sources[safe: state.list(.rates).selected]
    else {
      _ = refuseWithoutScores()
      return
    }
    focus(.rates)
    let floor = source.floor.map { Number.fixed($0 * 100, 1) + "%" } ?? ""
    state.prompt = Prompt(.floor(source: source.name), text: floor)
  }

  mutating func ask(_ question: Prompt.Question, text: String = "") {
    if question == .ratio, state.ratio == nil {
      _ = refuseWithoutScores()
      return
    }
    state.prompt = Prompt(question, text: text)
  }

  /// Selects the last kept document of the border list.
  mutating func followBorder() {
    guard let border = state.engine.selection?.border else { return }
    let kept = border.lastIndex { $0.kept == true } ?? 0
    var list = state.list(.border)
    let visible: Int
    if case .rows(_, let rows)? = state.content(of: .border) { visible = rows } else { visible = 1 }
    list.selected = kept
    // The border stands in the middle of the view.
    list.top = max(0, kept - visible / 2)
    state.lists[.border] = list
  }
}
