import EngineInterface
import TerminalUI

/// Screens, panes, rows.
extension Reducer {
  /// Opens a screen because a person asked for it.
  mutating func go(to screen: ScreenID) {
    state.followsWork = false
    show(screen)
  }

  /// Opens a screen and asks the engine for what it needs.
  mutating func show(_ screen: ScreenID) {
    if screen == .document, state.screen != .document { state.returnScreen = state.screen }
    state.screen = screen
    state.drag = nil
    state.select.isPinning = false
    switch screen {
    case .commit: planCommit()
    case .document where state.document.index == nil: openSelected()
    default: break
    }
  }

  mutating func performMovement(_ action: ActionID) -> Bool {
    switch action {
    case .nextPane: movePane(1)
    case .previousPane: movePane(-1)
    case .up: move(.up)
    case .down: move(.down)
    case .pageUp: move(.pageUp)
    case .pageDown: move(.pageDown)
    case .halfPageUp: move(.halfPageUp)
    case .halfPageDown: move(.halfPageDown)
    case .home: move(.home)
    case .end: move(.end)
    case .left: sideways(-1)
    case .right: sideways(1)
    case .open: open()
    case .previousDocument: neighbour(-1)
    case .nextDocument: neighbour(1)
    default: return false
    }
    return true
  }

  private mutating func movePane(_ step: Int) {
    let panes = state.screen.panes
    let index = panes.firstIndex(of: state.focusedPane) ?? 0
    focus(panes[(index + step + panes.count) % panes.count])
  }

  mutating func focus(_ pane: Pane) {
    guard state.screen.panes.contains(pane) else { return }
    state.focus[state.screen] = pane
  }

  private mutating func move(_ move: ListState.Move) {
    self.move(move, in: state.focusedPane)
  }

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

  private mutating func sideways(_ step: Int) {
    switch state.focusedPane {
    case .histogram: moveRatio(by: Double(step) * 0.001)
    case .plan:
      let count = CommitButton.allCases.count
      state.commitButton = min(count - 1, max(0, state.commitButton + step))
    default: break
    }
  }

  /// Enter and double click.
  mutating func open() {
    switch (state.screen, state.focusedPane) {
    case (.commit, _): pressCommitButton()
    case (.corpus, .sources): filterBySelectedSource()
    case (.select, .rates): askForFloor()
    case (.select, .histogram): ask(.ratio)
    case (.corpus, _), (.score, _), (.select, _): openSelected()
    case (.compare, .table): goToWorseSource()
    case (.document, .tokens): jumpToToken()
    default: break
    }
  }

  private mutating func goToWorseSource() {
    guard let row = CompareScreen.rows(state)[safe: state.list(.table).selected],
      let rates = state.engine.selection?.sources,
      let index = rates.firstIndex(where: { $0.name == row.name })
    else { return }
    go(to: .select)
    focus(.rates)
    state.lists[.rates] = ListState(selected: index)
    say("\(row.name): F sets a floor.")
  }

  /// Puts every list of the visible panes into range after anything changed.
  mutating func keepListsInRange() {
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
