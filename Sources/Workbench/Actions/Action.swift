public import TerminalUI

/// One thing that can be done: its keys, its words, and where it holds.
public struct Action: Hashable, Sendable {
  public var id: ActionID
  /// The first one is shown in footer and palette.
  public var keys: [Key]
  /// What it does, as the help and the palette say it.
  public var title: String
  /// Empty = everywhere.
  public var screens: [ScreenID]
  /// What does the same with the mouse; nil = a click on the key in the bottom line.
  public var mouse: String?

  init(
    _ id: ActionID, _ keys: [Key], _ title: String, on screens: [ScreenID] = [],
    mouse: String? = nil
  ) {
    self.id = id
    self.keys = keys
    self.title = title
    self.screens = screens
    self.mouse = mouse
  }

  public func holds(on screen: ScreenID) -> Bool {
    screens.isEmpty || screens.contains(screen)
  }

  /// Keys as the help writes them: "Up k".
  public var keyNames: String { keys.map(\.name).joined(separator: " ") }
}

/// Keys that share a word of the bottom line: `[ ] ratio`.
public struct FooterEntry: Hashable, Sendable {
  public var actions: [ActionID]
  public var label: String

  init(_ actions: ActionID..., label: String) {
    self.actions = actions
    self.label = label
  }
}
