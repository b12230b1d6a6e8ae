public import EngineInterface
public import TerminalUI

/// What lies over a screen and takes the keys.
public enum Overlay: Hashable, Sendable {
  case help(HelpState)
  case palette(PaletteState)
  case modelChoice(ModelChoiceState)
  case list(ListOverlayID, ListState)
  case quit
}

/// Help: first line shown and what was typed to narrow it.
public struct HelpState: Hashable, Sendable {
  public var top = 0
  public var filter = ""

  public init() {}
}

/// The list of models: for whom, what was typed to narrow it, and the place in what matches.
public struct ModelChoiceState: Hashable, Sendable {
  public var role: ModelRole
  public var field = TextFieldState()
  public var list = ListState()

  public init(role: ModelRole) { self.role = role }
}

/// The palette: what was typed and the place in what it offers.
public struct PaletteState: Hashable, Sendable {
  public var field = TextFieldState()
  public var list = ListState()
  /// A person has moved through the list since something was typed.
  public var hasMoved = false
  /// The line of the history that is shown.
  public var recalled: Int?
  /// Why the line was not done.
  public var complaint: String?

  public init() {}
}
