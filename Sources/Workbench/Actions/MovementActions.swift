import TerminalUI

/// Rows and lines of the focused pane, and what Enter and the arrows mean in it.
extension Action {
  static let movement: [Action] = [
    up, down, left, right, pageUp, pageDown, halfPageUp, halfPageDown, home, end, open,
  ]

  static let up = move("up", [.up, .character("k")], "up", .up)
  static let down = move("down", [.down, .character("j")], "down", .down, label: "scroll")
  static let pageUp = move("page.up", [.pageUp], "page up", .pageUp)
  static let pageDown = move("page.down", [.pageDown], "page down", .pageDown)
  static let halfPageUp = move(
    "page.halfUp", [.control("u")], "half a page up", .halfPageUp)
  static let halfPageDown = move(
    "page.halfDown", [.control("d")], "half a page down", .halfPageDown)
  static let home = move("home", [.home, .character("g")], "to the first row", .home)
  static let end = move("end", [.end, .character("G")], "to the last row", .end)

  static let left = sideways("left", [.left, .character("h")]) { $0.left }
  static let right = sideways("right", [.right, .character("l")]) { $0.right }

  static let open = Action(
    "open", [.enter], "open, press",
    notNow: { state in
      guard let action = state.screen.view.enter(state) else { return "Nothing to open here." }
      return action.whyNot(state)
    },
    does: { reducer in
      if let action = reducer.state.screen.view.enter(reducer.state) { reducer.perform(action) }
    })

  private static func move(
    _ id: String, _ keys: [Key], _ title: String, _ move: ListState.Move, label: String? = nil
  ) -> Action {
    Action(
      id, keys, title, label: label,
      notNow: { $0.content(of: $0.focusedPane) == nil ? "This pane has no rows." : nil },
      does: { $0.move(move, in: $0.state.focusedPane) })
  }

  private static func sideways(
    _ id: String, _ keys: [Key],
    _ side: @escaping @Sendable ((left: Action, right: Action)) -> Action
  ) -> Action {
    Action(
      id, keys, id,
      notNow: { state in
        guard let actions = state.screen.view.sideways(state) else {
          return "Nothing lies sideways in this pane."
        }
        return side(actions).whyNot(state)
      },
      does: { reducer in
        if let actions = reducer.state.screen.view.sideways(reducer.state) {
          reducer.perform(side(actions))
        }
      })
  }
}

extension ListState.Move {
  /// What an action of the table moves in a list; nil for others.
  init?(_ action: Action?) {
    switch action {
    case .up: self = .up
    case .down: self = .down
    case .pageUp: self = .pageUp
    case .pageDown: self = .pageDown
    case .halfPageUp: self = .halfPageUp
    case .halfPageDown: self = .halfPageDown
    case .home: self = .home
    case .end: self = .end
    default: return nil
    }
  }
}

extension Reducer {
  mutating func move(_ move: ListState.Move, in pane: Pane) {
    guard let content = state.content(of: pane) else { return }
    var list = state.list(pane)
    switch content {
    case .rows(let count, let visible):
      list.move(move, count: count, height: visible)
      if pane == .border { state.select.followsBorder = false }
    case .lines(let count, let visible):
      list.scroll(
        by: Self.lines(move, count: count, visible: visible), count: count, height: visible)
    }
    state.lists[pane] = list
  }

  private static func lines(_ move: ListState.Move, count: Int, visible: Int) -> Int {
    switch move {
    case .up: -1
    case .down: 1
    case .pageUp: -max(1, visible - 1)
    case .pageDown: max(1, visible - 1)
    case .halfPageUp: -max(1, visible / 2)
    case .halfPageDown: max(1, visible / 2)
    case .home: -count
    case .end: count
    case .to: 0
    }
  }

  /// Scrolls a pane without moving its selection further than needed: the wheel.
  mutating func scroll(_ pane: Pane, by rows: Int) {
    guard let content = state.content(of: pane) else { return }
    var list = state.list(pane)
    switch content {
    case .rows(let count, let visible), .lines(let count, let visible):
      list.scroll(by: rows, count: count, height: visible)
    }
    if pane == .border { state.select.followsBorder = false }
    state.lists[pane] = list
  }

  /// Puts every list of the visible panes into range after anything changed.
  mutating func keepListsInRange() {
    // Whatever the size has become: what is kept stands above, what is dropped below.
    if state.screen == .select, state.select.followsBorder { followBorder() }
    for pane in state.screen.panes {
      guard let content = state.content(of: pane) else { continue }
      var list = state.list(pane)
      switch content {
      case .rows(let count, let visible): list.clamp(count: count, height: visible)
      case .lines(let count, let visible):
        list.top = min(max(0, list.top), max(0, count - visible))
        list.selected = min(max(list.selected, list.top), max(0, list.top + visible - 1))
      }
      state.lists[pane] = list
    }
  }
}
