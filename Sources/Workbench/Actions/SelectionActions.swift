import EngineInterface
import Numerics
import TerminalUI

/// What else changes the selection: pins, choices by hand, floors, the cap, and the way back.
extension Action {
  static let pinA = pin("pin.a", "A", "go to pin A, or set it", label: "pin")
  static let pinB = pin("pin.b", "B", "go to pin B, or set it")

  static let pinAgain = Action(
    "pin.again", [.character("P")], "pin anew: then A or B", notNow: withoutSelection,
    does: { reducer in
      reducer.state.select.isPinning = true
      let state = reducer.state
      reducer.say(
        "Pin ratio \(Number.fixed(state.ratio ?? 0, 3)): press \(state.key(.pinA)) or "
          + "\(state.key(.pinB)). \(state.key(.back)) leaves it.")
    })

  static let border = Action(
    "border.jump", [.character("b")], "to the border", label: "border",
    notNow: withoutSelection,
    does: { reducer in
      reducer.state.select.followsBorder = true
      reducer.followBorder()
      reducer.focus(.border)
    })

  static let flip = Action(
    "flip", [.space], "keep or drop by hand", label: "flip",
    notNow: { state in
      withoutSelection(state)
        ?? (state.screen.view.selectedChunk(state) == nil ? "No chunk is selected." : nil)
    },
    does: { reducer in
      guard let index = reducer.state.screen.view.selectedChunk(reducer.state) else { return }
      reducer.flip(chunk: index)
    })

  static let floor = Action(
    "floor", [.character("F")], "floor of a source", label: "floor",
    notNow: { state in
      withoutSelection(state) ?? (selectedSource(state) == nil ? "No source is selected." : nil)
    },
    does: { $0.askForFloor() })

  static let cap = Action(
    "cap", [.character("C")], "cap on the teacher's loss", label: "cap",
    notNow: withoutSelection, does: { $0.askForCap() })

  static let undo = Action(
    "undo", [.character("u")], "undo in the selection", label: "undo",
    notNow: { $0.engine.selection?.undo == nil ? "Nothing to undo." : nil },
    does: { reducer in
      let what = reducer.state.engine.selection?.undo ?? ""
      reducer.request(nil)
      reducer.send(.undo)
      reducer.say("Undone: \(what).")
    })

  static let redo = Action(
    "redo", [.control("r")], "redo",
    notNow: { $0.engine.selection?.redo == nil ? "Nothing to redo." : nil },
    does: { reducer in
      let what = reducer.state.engine.selection?.redo ?? ""
      reducer.request(nil)
      reducer.send(.redo)
      reducer.say("Done again: \(what).")
    })

  private static func pin(
    _ id: String, _ name: Character, _ title: String, label: String? = nil
  ) -> Action {
    Action(
      id, [.character(name)], title, label: label, notNow: withoutSelection,
      does: { $0.usePin(String(name)) })
  }

  fileprivate static func selectedSource(_ state: ViewState) -> SelectionSnapshot.Source? {
    state.engine.selection?.sources[safe: state.list(.rates).selected]
  }
}

extension Reducer {
  fileprivate mutating func usePin(_ name: String) {
    guard let pin = state.engine.selection?.pins.first(where: { $0.name == name }) else {
      return setPin(name)
    }
    // Its ratio is known: no need to wait for the engine.
    request(pin.ratio)
    send(.recallPin(name))
    say(
      "Pin \(name): ratio \(Number.fixed(pin.ratio, 3)), floors and choices by hand as they were. "
        + "\(state.key(.undo)) goes back.")
  }

  private mutating func setPin(_ name: String) {
    send(.pin(name))
    say("Pin \(name) is ratio \(Number.fixed(state.ratio ?? 0, 3)) now.")
  }

  /// The key after `pinAgain`.
  mutating func pinAnew(_ key: Key) {
    state.select.isPinning = false
    switch state.table.action(for: key, on: state.screen) {
    case Action.pinA?: setPin("A")
    case Action.pinB?: setPin("B")
    default: say("Nothing pinned.")
    }
  }

  mutating func flip(chunk index: Int) {
    // The person looks at this row now: it must not jump away.
    state.select.followsBorder = false
    send(.flipChunk(index))
    if state.screen == .chunk { send(.openChunk(index)) }
    say("Chunk \(index) flipped by hand; \(state.key(.undo)) takes it back.")
  }

  fileprivate mutating func askForFloor() {
    guard let source = Action.selectedSource(state) else { return }
    focus(.rates)
    askForFloor(of: source.name, proposed: source.floor)
  }

  mutating func askForFloor(of name: String, proposed floor: Double?) {
    state.prompt = Prompt(
      "keep at least so many of the chunks of \(name) (6%, empty = no floor): ",
      text: floor.map { Number.fixed($0 * 100, 1) + "%" } ?? ""
    ) { answer, reducer in
      let text = answer.compact
      let share = RatioText.share(text)
      if share == nil, !text.isEmpty { return "a share such as 0.06 or 6%" }
      reducer.send(.setFloor(source: name, share: share))
      return nil
    }
  }

  fileprivate mutating func askForCap() {
    state.prompt = Prompt(
      "drop what the teacher finds harder than (nats per token, empty = no cap): ",
      text: state.engine.selection?.teacherCap.map { Number.fixed(Double($0), 2) } ?? ""
    ) { answer, reducer in
      let text = answer.compact
      let cap = Float(text).flatMap { $0.isFinite ? $0 : nil }
      if cap == nil, !text.isEmpty { return "nats per token, such as 4.5" }
      reducer.send(.setTeacherCap(cap))
      reducer.say(cap == nil ? "No cap." : "Chunks above \(text) nats are dropped.")
      return nil
    }
  }

  /// Selects the last chunk within the rule in the list at the border.
  mutating func followBorder() {
    guard let selection = state.engine.selection else { return }
    let kept = max(0, selection.borderInside - 1)
    var list = state.list(.border)
    let visible: Int
    if case .rows(_, let rows)? = state.content(of: .border) { visible = rows } else { visible = 1 }
    list.selected = kept
    // The border stands in the middle of the view.
    list.top = max(0, selection.borderInside - visible / 2)
    state.lists[.border] = list
  }
}
