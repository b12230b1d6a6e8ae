import EngineInterface
import TerminalUI

/// What lies over the screens, copying, the terminal, leaving.
extension Action {
  static let program: [Action] = [
    help, palette, export, log, settings, mouseCapture, redraw, suspend, cancel, back, quit,
  ]

  static let help = Action(
    "help", [.character("?"), .function(1)], "keys of this screen", label: "help"
  ) { $0.state.overlay = .help(HelpState()) }

  static let palette = Action(
    "palette", [.character(":"), .control("p")], "all actions, by name", label: "command"
  ) { $0.state.overlay = .palette(PaletteState()) }

  static let log = Action("log", [.character("J")], "job and log") { reducer in
    let last = max(0, reducer.state.engine.notices.count - 1)
    reducer.state.overlay = .log(ListState(selected: last))
  }

  static let settings = Action(
    "settings", [.function(2)], "theme and characters"
  ) { reducer in
    let theme = SettingsOverlay.Row.theme(reducer.state.display.theme)
    let selected = SettingsOverlay.rows(reducer.state).firstIndex(of: theme) ?? 0
    reducer.state.overlay = .settings(ListState(selected: selected))
  }

  static let mouseCapture = Action(
    "mouse.capture", [.character("M")], "mouse on or off"
  ) { reducer in
    reducer.state.display.capturesMouse.toggle()
    let isOn = reducer.state.display.capturesMouse
    reducer.effects.append(.captureMouse(isOn))
    reducer.say(
      isOn ? "Mouse on. Shift+drag still selects text." : "Mouse off: the terminal selects text.")
  }

  static let copy = Action(
    "copy", [.character("y")], "copy (OSC 52)", label: "copy",
    notNow: { state in
      state.screen.view.copyText(state)?.isEmpty == false ? nil : "Nothing to copy here."
    },
    does: { reducer in
      if let text = reducer.state.screen.view.copyText(reducer.state) {
        reducer.effects.append(.copy(text))
      }
    })

  static let redraw = Action(
    "redraw", [.control("l"), .function(5)], "paint the screen again"
  ) { $0.effects.append(.redraw) }

  static let suspend = Action(
    "suspend", [.control("z")], "to the shell; fg comes back"
  ) { $0.effects.append(.suspend) }

  /// Asks also when no job runs: it is pressed by mistake more often than `quit`.
  static let cancel = Action(
    "cancel", [.control("c")], "close, else ask to quit"
  ) { $0.state.overlay = .quit }

  static let quit = Action(
    "quit", [.character("q"), .function(10)], "quit (asks when busy)", label: "quit"
  ) { reducer in
    if reducer.state.engine.link?.loss != nil {
      reducer.detach(exitCode: 0)
    } else if reducer.state.engine.isBusy, reducer.state.engine.link?.isReadOnly != true {
      reducer.state.overlay = .quit
    } else {
      reducer.leave(saving: true, exitCode: 0)
    }
  }

  /// What the screen goes back from, else the message is forgotten.
  static let back = Action("back", [.escape], "close, go back", label: "back") { reducer in
    if let action = reducer.state.screen.view.back(reducer.state) {
      reducer.perform(action)
    } else {
      reducer.state.message = nil
    }
  }
}
