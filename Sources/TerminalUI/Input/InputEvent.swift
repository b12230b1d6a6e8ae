/// What comes in from the terminal and the operating system.
public enum InputEvent: Hashable, Sendable {
  case key(Key)
  case mouse(MouseEvent)
  /// Text pasted in one piece, as it came: never run it as keys.
  case paste(String)
  case resize(Size)
  /// What the terminal says of itself.
  case report(TerminalReport)
  /// The terminal's window got or lost the focus.
  case focus(Bool)
  /// A signal: most ask the program to save, then leave.
  case stop(StopSignal)
  /// The terminal has gone away: its other side was closed.
  case disconnected
}

/// Why the program is asked to end.
public enum StopSignal: String, Hashable, Sendable {
  /// Ctrl-C from elsewhere; two of them, two seconds apart, mean "at once".
  case interrupt
  /// A batch system or a person: TERM, and the others that ask to save and stop.
  case terminate
  /// The terminal's end: work that does not live in this process goes on.
  case hangUp
  /// USR1: save, and go on.
  case save
}

/// A mouse report; x and y count from the top left cell.
public struct MouseEvent: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case press, release, drag, wheelUp, wheelDown
    /// Without a button.
    case move
  }

  public enum Button: Hashable, Sendable {
    case left, middle, right, none
  }

  public struct Modifiers: OptionSet, Hashable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
      self.rawValue = rawValue
    }

    public static let shift = Modifiers(rawValue: 1)
    public static let control = Modifiers(rawValue: 2)
    public static let option = Modifiers(rawValue: 4)
  }

  public var kind: Kind
  public var x: Int
  public var y: Int
  public var button: Button
  public var modifiers: Modifiers
  /// 2 on the second press at one place within 400 ms, else 1.
  public var clicks: Int

  public init(
    _ kind: Kind, x: Int, y: Int, button: Button = .left, modifiers: Modifiers = [],
    clicks: Int = 1
  ) {
    self.kind = kind
    self.x = x
    self.y = y
    self.button = button
    self.modifiers = modifiers
    self.clicks = clicks
  }
}
