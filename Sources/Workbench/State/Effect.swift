public import EngineInterface
public import TerminalUI

/// What the outside world must do after a change of state.
public enum Effect: Sendable, Equatable {
  case engine(EngineCommand)
  /// Leave the program with this exit code.
  case leave(exitCode: Int32)
  /// Put text on the clipboard.
  case copy(String)
  /// Write a setting, in TOML, into config.toml.
  case prefer(String, String)
  /// Paint with another theme.
  case theme(String)
  case captureMouse(Bool)
  /// Paint every cell again.
  case redraw
  /// Give the terminal back to the shell until the job is continued.
  case suspend
  /// Write what is shown into a file; answered by `WorkbenchEvent.exported`.
  case export(ExportOrder)
  /// Set something of the workbench by its name; answered by `WorkbenchEvent.answered`.
  case set(key: String, value: String)
}

extension Effect {
  /// Whether it asks the engine for more than a look.
  var asksForChange: Bool {
    if case .engine(let command) = self { !command.onlyLooks } else { false }
  }

  var isCommand: Bool { if case .engine = self { true } else { false } }
}

/// What comes into the workbench.
public enum WorkbenchEvent: Sendable {
  case key(Key)
  /// A mouse report and what lies under it in the frame that was on screen.
  case mouse(MouseEvent, HitRegion?)
  case paste(String)
  case resize(Size)
  case engine(EngineEvent)
  /// Seconds since the start, some times a second.
  case tick(Double)
  /// The person's files have changed: what they say now, and all preferences before and now.
  case personal(PersonalNews, before: Preferences, now: Preferences)
  case exported(ExportOrder, ExportAnswer)
  /// What the outside world says to an effect, for the status line.
  case answered(String, isWarning: Bool)
  /// The system asks to end, or the terminal has gone.
  case stop(StopSignal)
}
