public import TerminalUI

/// The one table of actions: dispatch, bottom line, help, palette and the key names of every sentence
/// are read from it.
public struct ActionTable: Sendable {
  /// The shipped keys.
  public static let standard = ActionTable()

  /// Every action once, those of the screens first.
  public let actions: [Action]
  /// Keys with two meanings at one place, as sentences; empty for the shipped table.
  public let conflicts: [String]
  private let places: [String: Int]
  private let lookup: [ScreenID: [Key: Int]]
  private let general: [Key: Int]

  /// The actions of all screens and of everywhere; `keys` gives some of them other keys, by id.
  public init(keys: [String: [Key]] = [:]) {
    var actions: [Action] = []
    var places: [String: Int] = [:]
    let lists = ScreenID.allCases.map { $0.view.actions }
    for action in lists.joined() + Action.everywhere where places[action.id] == nil {
      places[action.id] = actions.count
      var action = action
      action.keys = keys[action.id] ?? action.keys
      actions.append(action)
    }
    var conflicts: [String] = []
    func bindings(_ list: [Action], _ place: String) -> [Key: Int] {
      var found: [Key: Int] = [:]
      for index in list.compactMap({ places[$0.id] }) {
        for key in actions[index].keys {
          if let other = found[key], other != index {
            conflicts.append(
              "\(key.name) means \(actions[other].id) and \(actions[index].id) \(place).")
          } else {
            found[key] = index
          }
        }
      }
      return found
    }
    var lookup: [ScreenID: [Key: Int]] = [:]
    for (screen, list) in zip(ScreenID.allCases, lists) {
      lookup[screen] = bindings(list, "on \(screen.title)")
    }
    general = bindings(Action.everywhere, "everywhere")
    (self.actions, self.places, self.lookup, self.conflicts) = (actions, places, lookup, conflicts)
  }

  /// What a key does on a screen; a screen's own actions come before those of everywhere.
  public func action(for key: Key, on screen: ScreenID) -> Action? {
    lookup[screen]?[key].map { actions[$0] } ?? action(for: key)
  }

  /// What a key does everywhere, so also in what lies over a screen.
  public func action(for key: Key) -> Action? { general[key].map { actions[$0] } }

  /// The actions that a screen knows besides those that hold everywhere.
  public func own(of screen: ScreenID) -> [Action] { screen.view.actions.map(asListed) }

  public var everywhere: [Action] { Action.everywhere.map(asListed) }

  /// The action with the keys that this table gives it.
  private func asListed(_ action: Action) -> Action {
    place(of: action).map { actions[$0] } ?? action
  }

  /// The number of an action in `actions`: what mouse targets carry.
  public func place(of action: Action) -> Int? { places[action.id] }

  public func keys(of action: Action) -> [Key] { asListed(action).keys }

  /// The first key of an action, as sentences name it; "" for one without keys.
  public func keyName(_ action: Action) -> String { keys(of: action).first?.name ?? "" }

  /// The key of an action where text is typed: letters are text there, so the first other one, of
  /// this table or else of the shipped one.
  public func fieldKey(_ action: Action) -> Key? {
    (keys(of: action) + action.keys).first { !$0.isText }
  }

  /// What a key does where text is typed; nil for letters.
  func fieldAction(for key: Key) -> Action? {
    if key.isText { return nil }
    return [Action.open, .back, .nextPane].first { fieldKey($0) == key } ?? action(for: key)
  }
}

extension ViewState {
  /// The name of an action's key, for sentences.
  func key(_ action: Action) -> String { table.keyName(action) }

  /// The same where text is typed.
  func fieldKey(_ action: Action) -> String { table.fieldKey(action)?.name ?? "" }
}
