public import TerminalUI

/// The one table of actions: dispatch, bottom line, help and palette are all read from it.
public struct ActionTable: Sendable {
  public let actions: [Action]
  private let map: KeyMap<ActionID>

  public init(_ actions: [Action] = ActionTable.standard) {
    self.actions = actions
    map = KeyMap(
      actions.flatMap { action in
        Self.scopes(action).map { scope in
          KeyBinding(action.id, action.keys, help: action.title, scope: scope)
        }
      })
  }

  /// Keys with two meanings on one screen, as sentences; empty for the shipped table.
  public var conflicts: [String] { map.conflicts }

  /// What a key does on a screen.
  public func action(for key: Key, on screen: ScreenID) -> ActionID? {
    map.action(for: key, in: [screen.title, ""])
  }

  public func action(_ id: ActionID) -> Action? {
    actions.first { $0.id == id }
  }

  /// The actions that a screen knows besides those that hold everywhere.
  public func own(of screen: ScreenID) -> [Action] {
    actions.filter { $0.screens.contains(screen) }
  }

  public var everywhere: [Action] {
    actions.filter(\.screens.isEmpty)
  }

  /// The first key of an action, as text; "" for one that is not in the table.
  public func keyName(_ id: ActionID) -> String {
    action(id)?.keys.first?.name ?? ""
  }

  private static func scopes(_ action: Action) -> [String] {
    action.screens.isEmpty ? [""] : action.screens.map(\.title)
  }
}

extension ActionTable {
  /// The shipped table.
  public static let standard: [Action] =
    onOneScreen + places + movement + work + program

  private static let places: [Action] = [
    Action(.screen1, [.character("1")], "go to Corpus", mouse: "click the name"),
    Action(.screen2, [.character("2")], "go to Models", mouse: "click the name"),
    Action(.screen3, [.character("3")], "go to Score", mouse: "click the name"),
    Action(.screen4, [.character("4")], "go to Select", mouse: "click the name"),
    Action(.screen5, [.character("5")], "go to Document", mouse: "click the name"),
    Action(.screen6, [.character("6")], "go to Commit", mouse: "click the name"),
    Action(.screen7, [.character("7")], "go to Train", mouse: "click the name"),
    Action(.screen8, [.character("8")], "go to Compare", mouse: "click the name"),
    Action(.nextPane, [.tab], "next pane", mouse: "click the pane"),
    Action(.previousPane, [.backTab], "pane before", mouse: "click the pane"),
  ]

  private static let movement: [Action] = [
    Action(.up, [.up, .character("k")], "up", mouse: "wheel"),
    Action(.down, [.down, .character("j")], "down", mouse: "wheel"),
    Action(.left, [.left, .character("h")], "left"),
    Action(.right, [.right, .character("l")], "right"),
    Action(.pageUp, [.pageUp], "page up"),
    Action(.pageDown, [.pageDown], "page down"),
    Action(.halfPageUp, [.control("u")], "half a page up"),
    Action(.halfPageDown, [.control("d")], "half a page down"),
    Action(.home, [.home, .character("g")], "to the first row"),
    Action(.end, [.end, .character("G")], "to the last row"),
    Action(.open, [.enter], "open, press", mouse: "double click"),
  ]

  private static let work: [Action] = [
    Action(.runNext, [.character("R")], "run the next stage"),
    Action(.pause, [.character("p")], "pause, or go on"),
    Action(.stop, [.character("x")], "stop at a safe point"),
    Action(.undo, [.character("u")], "undo in the selection"),
    Action(.redo, [.control("r")], "redo"),
    Action(.copy, [.character("y")], "copy (OSC 52)"),
  ]

  private static let program: [Action] = [
    Action(.help, [.character("?"), .function(1)], "keys of this screen"),
    Action(.palette, [.character(":"), .control("p")], "all actions, by name"),
    Action(.log, [.character("J")], "job and log"),
    Action(.settings, [.function(2)], "theme and characters"),
    Action(.mouseCapture, [.character("M")], "mouse on or off"),
    Action(.redraw, [.control("l"), .function(5)], "paint the screen again"),
    Action(.suspend, [.control("z")], "to the shell; fg comes back"),
    Action(.cancel, [.control("c")], "close, else ask to quit"),
    Action(.back, [.escape], "close, go back"),
    Action(.quit, [.character("q"), .function(10)], "quit (asks when busy)"),
  ]
}
