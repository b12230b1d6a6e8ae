public import TerminalUI

/// What lies over a screen and takes the keys.
public enum Overlay: Hashable, Sendable {
  case help(HelpState)
  case palette(PaletteState)
  case settings(ListState)
  case precision(ListState)
  case sourceFilter(ListState)
  case log(ListState)
  case quit
}

/// Help: first line shown and what was typed to narrow it.
public struct HelpState: Hashable, Sendable {
  public var top = 0
  public var filter = ""

  public init() {}
}

/// The palette: what was typed and the place in the matching actions.
public struct PaletteState: Hashable, Sendable {
  public var field = TextFieldState()
  public var list = ListState()

  public init() {}
}

/// A question that is answered with a line of text at the bottom of the screen.
public struct Prompt: Hashable, Sendable {
  public enum Question: Hashable, Sendable {
    /// A ratio such as 0.45 or 45%, or a threshold such as d0.6.
    case ratio
    /// A share such as 0.06 or 6%; empty takes the floor away.
    case floor(source: String)
    /// Text that listed chunks must contain; empty shows all.
    case search
  }

  public var question: Question
  public var field: TextFieldState
  /// What was wrong with the last answer.
  public var complaint: String?

  public init(_ question: Question, text: String = "") {
    self.question = question
    field = TextFieldState(text)
  }

  /// What stands before the text.
  public var label: String {
    switch question {
    case .ratio: "ratio (0.45, 45%) or threshold (d0.6): "
    case .floor(let source): "keep at least of \(source) (6%, empty = no floor): "
    case .search: "/"
    }
  }
}
