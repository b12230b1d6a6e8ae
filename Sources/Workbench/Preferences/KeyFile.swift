public import TerminalUI

/// `keys.toml`: the id of an action = a key, or a list of keys.
///
/// Ids hold dots, so that they may be written with tables: `[ratio]` and below it `up = "]"`.
public enum KeyFile {
  public static let name = "keys.toml"

  /// The keys that a text gives to actions. What cannot be used is left out with a complaint, and so
  /// is told which keys mean two things at one place; text that is no TOML throws.
  public static func read(
    _ text: String, file: String = name
  ) throws(TOMLFault) -> (keys: [String: [Key]], complaints: [Complaint]) {
    var keys: [String: [Key]] = [:]
    var complaints: [Complaint] = []
    var lines: [String: Int] = [:]
    let known = ActionTable.standard.actions.map(\.id)
    for entry in try TOMLText(text).entries {
      func complain(_ text: String) {
        complaints.append(Complaint(file: file, line: entry.line, text))
      }
      guard known.contains(entry.name) else {
        complain(PreferenceFile.unknown(entry.name, among: known, kind: "action"))
        continue
      }
      switch Self.keys(entry.value) {
      case .success(let found):
        keys[entry.name] = found
        lines[entry.name] = entry.line
      case .failure(let fault):
        complain(
          "\(entry.name) is \(fault.found), expected a key such as \"x\", \"Ctrl-P\", \"F3\" or "
            + "\"PgDn\", or a list of keys.")
      }
    }
    let table = ActionTable(keys: keys)
    complaints += table.conflicts.map { Complaint(file: file, line: nil, $0) }
    for screen in ScreenID.allCases {
      for action in table.own(of: screen) + table.everywhere where keys[action.id] != nil {
        for key in action.keys {
          guard let hidden = table.hidden(by: action, key, on: screen) else { continue }
          complaints.append(
            Complaint(
              file: file, line: lines[action.id],
              "\(key.name) means \(hidden.by.id) on \(screen.title), so that \(hidden.what.id) has "
                + "no such key there."))
        }
      }
    }
    return (keys, complaints)
  }

  private struct Fault: Error { let found: String }

  private static func keys(_ value: TOMLText.Value) -> Result<[Key], Fault> {
    switch value {
    case .text(let name):
      return Key(name: name).map { .success([$0]) } ?? .failure(Fault(found: value.shown))
    case .list(let values):
      var keys: [Key] = []
      for value in values {
        guard case .text(let name) = value, let key = Key(name: name) else {
          return .failure(Fault(found: value.shown))
        }
        keys.append(key)
      }
      return .success(keys)
    default: return .failure(Fault(found: value.shown))
    }
  }
}

extension ActionTable {
  /// Which of two actions a key has on a screen, where one is the screen's own and hides the other,
  /// and the shipped keys do not let it do so.
  func hidden(
    by action: Action, _ key: Key, on screen: ScreenID
  ) -> (by: Action, what: Action)? {
    guard let found = self.action(for: key, on: screen), let other = self.action(for: key),
      found != other, action == found || action == other
    else { return nil }
    let shipped = ActionTable.standard
    let isShipped =
      shipped.action(for: key, on: screen) == found && shipped.action(for: key) == other
    return isShipped ? nil : (found, other)
  }
}
