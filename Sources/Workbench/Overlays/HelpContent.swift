import TerminalUI

/// The help of a screen, made from the action table, so that it is never wrong.
enum HelpContent {
  static func overlay(_ state: ViewState) -> HelpOverlay {
    var help = HelpState()
    if case .help(let open)? = state.overlay { help = open }
    let own = state.table.own(of: state.screen).filter { !$0.keys.isEmpty }
    return HelpOverlay(
      title: state.screen.title,
      sections: [
        HelpOverlay.Section(title: "This screen", entries: own.map { entry($0, state) }),
        HelpOverlay.Section(title: "Everywhere", entries: everywhere(state)),
      ] + (help.filter.isEmpty ? [] : elsewhere(state)),
      notes: [
        "Mouse: click names, rows and the keys of the bottom line; double click opens; the wheel "
          + "scrolls, and changes bins or zoom on a plot; drag the ratio bar or the histogram. "
          + "Shift+drag selects text; \(state.key(.mouseCapture)) turns the mouse off. "
          + "Type to search the keys of all screens, and the lines of \(state.key(.palette))."
      ],
      closing: "\(state.key(.help)) or \(state.fieldKey(.back)) closes", top: help.top,
      filter: help.filter)
  }

  private static func entry(_ action: Action, _ state: ViewState) -> HelpOverlay.Entry {
    HelpOverlay.Entry(
      keys: action.keyNames, help: action.title, obstacle: action.obstacle(state))
  }

  /// What is found besides by words: what other screens can do, and lines of the palette.
  private static func elsewhere(_ state: ViewState) -> [HelpOverlay.Section] {
    let here = Set(state.table.own(of: state.screen) + state.table.everywhere)
    let others = ScreenID.allCases.filter { $0 != state.screen }.map { screen in
      HelpOverlay.Section(
        title: "On \(screen.title)",
        // Whether it can be done now is asked there.
        entries: state.table.own(of: screen).filter { !$0.keys.isEmpty && !here.contains($0) }
          .map { HelpOverlay.Entry(keys: $0.keyNames, help: $0.title) })
    }
    let lines = HelpOverlay.Section(
      title: "Lines of the palette",
      entries: PaletteVerb.all.map { verb in
        HelpOverlay.Entry(
          keys: "\(state.key(.palette))\(verb.name)",
          help: verb.usage.isEmpty ? verb.help : "\(verb.usage): \(verb.help)")
      })
    return others + [lines]
  }

  /// The digits of the screens stand in one line.
  private static func everywhere(_ state: ViewState) -> [HelpOverlay.Entry] {
    let screens = ScreenID.allCases.map(Action.go)
    return [HelpOverlay.Entry(keys: digits(state), help: "go to a screen")]
      + state.table.everywhere.filter { !screens.contains($0) }.compactMap { action in
        // A key that this screen gives another meaning is not one of everywhere here.
        var here = action
        here.keys = action.keys.filter { state.table.action(for: $0, on: state.screen) == action }
        return here.keys.isEmpty && !action.keys.isEmpty ? nil : entry(here, state)
      }
  }

  /// "1..8"
  static func digits(_ state: ViewState) -> String {
    let names = ScreenID.allCases.map { state.key(.go(to: $0)) }.filter { !$0.isEmpty }
    return "\(names.first ?? "")..\(names.last ?? "")"
  }

  /// Columns and lines inside the frame that `HelpOverlay` draws.
  static func width(_ state: ViewState) -> Int { min(state.size.width - 4, 100) - 4 }
  static func visibleLines(_ state: ViewState) -> Int { max(1, state.size.height - 4) }
}

extension ViewState {
  /// What the lists that lie over a screen say about their keys.
  var chooseHint: StyledText { StyledText("\(key(.open)) chooses   \(key(.back)) closes") }
}
