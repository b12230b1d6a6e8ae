public import Store

/// Why there is no screen.
public enum TerminalError: ActionableError, Hashable {
  case outputIsNoTerminal
  case noKeyboard
  case terminalNotNamed
  case unknownTerminal(name: String)
  case noCursorAddressing(name: String)
  case alreadyOpen
  case refused(name: String)

  public var message: String {
    switch self {
    case .outputIsNoTerminal: "Standard output is no terminal."
    case .noKeyboard: "There is no terminal to read keys from."
    case .terminalNotNamed: "TERM is not set, so the kind of terminal is not known."
    case .unknownTerminal(let name): "The terminal '\(name)' (TERM) is not known on this machine."
    case .noCursorAddressing(let name):
      "The terminal '\(name)' (TERM) cannot place the cursor, which the workbench needs."
    case .alreadyOpen: "The terminal is open already."
    case .refused(let name): "The terminal '\(name)' could not be set up."
    }
  }

  public var hint: String {
    switch self {
    case .outputIsNoTerminal, .noKeyboard:
      "Run it in a terminal, or use the subcommands, which need no screen."
    case .terminalNotNamed, .unknownTerminal, .refused:
      "Set TERM to a known one such as xterm-256color, or use the subcommands."
    case .noCursorAddressing: "Use another terminal, or the subcommands, which need no screen."
    case .alreadyOpen: "Close it first."
    }
  }
}
