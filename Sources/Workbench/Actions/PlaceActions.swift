import EngineInterface
import TerminalUI

/// Going to screens, and from pane to pane.
extension Action {
  static let places: [Action] =
    ScreenID.allCases.map(go) + [nextPane, previousPane] + splitKeys
    + [plotWhole]

  /// Opens a screen; its digit is its key.
  static func go(to screen: ScreenID) -> Action {
    let digit = screen.digit
    // A tenth screen would be reached by the palette.
    let keys: [Key] = digit < 10 ? [.character(Character("\(digit)"))] : []
    return Action(
      "screen.\(digit)", keys, "go to \(screen.title)", label: screen.title.lowercased()
    ) { $0.go(to: screen) }
  }

  static let nextPane = Action("pane.next", [.tab], "next pane", label: "pane") { $0.movePane(1) }
  static let previousPane = Action("pane.previous", [.backTab], "pane before") { $0.movePane(-1) }
}

extension Reducer {
  /// Opens a screen because a person asked for it.
  mutating func go(to screen: ScreenID) {
    state.followsWork = false
    show(screen)
  }

  /// Opens a screen and asks the engine for what it needs.
  mutating func show(_ screen: ScreenID) {
    screen.view.willShow(&self)
    // A sentence about one screen is wrong on another.
    if state.screen != screen { state.message = nil }
    state.screen = screen
    state.drag = nil
    state.select.isPinning = false
  }

  fileprivate mutating func movePane(_ step: Int) {
    let panes = state.screen.panes
    let index = panes.firstIndex(of: state.focusedPane) ?? 0
    focus(panes[(index + step + panes.count) % panes.count])
  }

  mutating func focus(_ pane: Pane) {
    guard state.screen.panes.contains(pane) else { return }
    state.focus[state.screen] = pane
  }
}
