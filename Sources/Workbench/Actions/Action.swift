import EngineInterface
public import TerminalUI

/// One thing that a person can do: its keys, its words, why not now, and what it does.
///
/// Actions are static values in the files of their concern. What holds on a screen stands in the
/// screen's own list, what holds everywhere in `Action.everywhere`; the table is made of these.
public struct Action: Sendable {
  /// The name that tables of keys know it by.
  public let id: String
  /// The first one is shown in bottom line and palette; empty = found in the palette only.
  public var keys: [Key]
  /// What it does, as the help and the palette say it.
  public let title: String
  /// One or two words for the bottom line.
  public let label: String
  /// Why it cannot be done now, as a sentence; nil when it can.
  public let whyNot: @Sendable (ViewState) -> String?
  /// What it does; asked only when nothing speaks against it.
  let perform: @Sendable (inout Reducer) -> Void

  init(
    _ id: String, _ keys: [Key] = [], _ title: String, label: String? = nil,
    notNow whyNot: @escaping @Sendable (ViewState) -> String? = { _ in nil },
    does perform: @escaping @Sendable (inout Reducer) -> Void
  ) {
    self.id = id
    self.keys = keys
    self.title = title
    self.label = label ?? title
    self.whyNot = whyNot
    self.perform = perform
  }

  /// Keys as the help writes them: "Up k".
  public var keyNames: String { keys.map(\.name).joined(separator: " ") }
}

extension Action {
  /// Why it cannot be done now: its own reason, or that of the link to the engine where it would ask
  /// for a change. Nothing is done: what it would do is tried on a copy.
  func obstacle(_ state: ViewState) -> String? {
    if let reason = whyNot(state) { return reason }
    guard let reason = state.engine.link?.obstacle else { return nil }
    var reducer = Reducer(state: state)
    perform(&reducer)
    return reducer.effects.contains(where: \.asksForChange) ? reason : nil
  }
}

/// The same action has the same id, whatever keys a table gives it.
extension Action: Hashable {
  public static func == (left: Action, right: Action) -> Bool { left.id == right.id }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension Action {
  /// What holds on every screen, in the order of help and palette.
  static let everywhere: [Action] = places + movement + work + program
}
