import TerminalUI

/// The help of a screen, made from the action table, so that it is never wrong.
enum HelpContent {
  static func overlay(_ state: ViewState, _ table: ActionTable) -> HelpOverlay {
    var help = HelpState()
    if case .help(let open)? = state.overlay { help = open }
    return HelpOverlay(
      title: state.screen.title,
      sections: [
        HelpOverlay.Section(
          title: "This screen", entries: table.own(of: state.screen).map(entry)),
        HelpOverlay.Section(
          title: "Everywhere", entries: grouped(table.everywhere)),
      ],
      notes: [
        "Mouse: click names, rows and the keys of the bottom line; double click opens; the wheel "
          + "scrolls, and changes bins or zoom on a plot; drag the ratio bar or the histogram. "
          + "Shift+drag selects text; M turns the mouse off. Type to narrow this list."
      ],
      top: help.top, filter: help.filter)
  }

  private static func entry(_ action: Action) -> HelpOverlay.Entry {
    HelpOverlay.Entry(keys: action.keyNames, help: action.title)
  }

  /// The eight digits stand in one line.
  private static func grouped(_ actions: [Action]) -> [HelpOverlay.Entry] {
    let digits = actions.filter { $0.id.screen != nil }
    guard let first = digits.first?.keyNames, let last = digits.last?.keyNames else {
      return actions.map(entry)
    }
    return [HelpOverlay.Entry(keys: "\(first)..\(last)", help: "go to a screen")]
      + actions.filter { $0.id.screen == nil }.map(entry)
  }

  /// Columns and lines inside the frame that `HelpOverlay` draws.
  static func width(_ state: ViewState) -> Int { min(state.size.width - 4, 100) - 4 }
  static func visibleLines(_ state: ViewState) -> Int { max(1, state.size.height - 4) }
}
