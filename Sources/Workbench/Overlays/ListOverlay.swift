import TerminalUI

/// A list that lies over a screen: its rows, its words, what choosing one does.
protocol ListOverlay: SendableMetatype {
  /// What mouse targets of its rows are called.
  static var hitKind: String { get }
  /// The action that opens it; its keys close it, too.
  static var toggle: Action { get }

  static func count(_ state: ViewState) -> Int
  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas)
  /// Does what a row says. The list stays open, so that its effect is seen, unless this closes it.
  static func choose(_ row: Int, _ reducer: inout Reducer)
  /// A key of the list's own while `row` is selected; false = none of them.
  static func press(_ key: Key, row: Int, _ reducer: inout Reducer) -> Bool
  /// Takes pasted text where it has a field.
  static func paste(_ text: String, _ reducer: inout Reducer)
}

extension ListOverlay {
  static func choose(_ row: Int, _ reducer: inout Reducer) {}
  static func press(_ key: Key, row: Int, _ reducer: inout Reducer) -> Bool { false }
  static func paste(_ text: String, _ reducer: inout Reducer) {
    reducer.say("Pasted text is not run as keys.", isWarning: true)
  }
}

/// Which list.
public struct ListOverlayID: Hashable, Sendable {
  let view: any ListOverlay.Type

  init(_ view: any ListOverlay.Type) { self.view = view }

  public static func == (left: Self, right: Self) -> Bool { left.view == right.view }

  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(view)) }
}

extension Reducer {
  mutating func handleList(_ id: ListOverlayID, _ list: ListState, _ key: Key) {
    if id.view.press(key, row: list.selected, &self) { return }
    let key = listKey(list, key, count: id.view.count(state), toggle: id.view.toggle)
    state.overlay = key.list.map { .list(id, $0) }
    if key.isChosen { id.view.choose(list.selected, &self) }
  }

  /// What a key makes of a list that lies over the screen, by the keys of the table; no list = it
  /// closes, which the keys of `toggle` and of quitting do.
  private func listKey(
    _ list: ListState, _ key: Key, count: Int, toggle: Action
  ) -> (list: ListState?, isChosen: Bool) {
    let action = state.table.fieldAction(for: key) ?? state.table.action(for: key)
    if action == .open || key == .space { return (list, true) }
    let toggles = state.table.keys(of: toggle).contains(key)
    if action == .quit || action == .back || toggles { return (nil, false) }
    guard let move = ListState.Move(action) else { return (list, false) }
    var list = list
    list.move(move, count: count, height: LogOverlay.visibleRows(state))
    return (list, false)
  }
}
