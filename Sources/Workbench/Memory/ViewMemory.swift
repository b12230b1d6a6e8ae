import Store
import TerminalUI

/// `view.json` of a project: how its screens were left.
///
/// It holds what differs from how screens begin, so that another setting or a later version reaches
/// what nobody has touched.
public enum ViewMemory {
  public static let name = "view.json"

  /// What a project's file says about preferences; nothing where it cannot be read.
  public static func preferences(at path: String) -> Preferences {
    var state = ViewState(size: ViewState.minimumSize)
    let usual = state
    if let data = try? FileContents.read(path) {
      _ = restore(String(decoding: data, as: UTF8.self), into: &state)
    }
    var preferences = Preferences()
    preferences.theme = state.memory.theme
    if !state.followsWork { preferences.screen = state.screen }
    func changed<Value: Equatable>(_ value: (ViewState) -> Value) -> Value? {
      value(state) == value(usual) ? nil : value(state)
    }
    preferences.bins = changed(\.histogram.bins)
    preferences.logarithmicCounts = changed(\.histogram.isLogarithmic)
    preferences.smoothing = changed(\.train.smoothing)
    preferences.logarithmicLoss = changed(\.train.isLogarithmic)
    return preferences
  }

  /// What is to be remembered of a state, against the one that it began as.
  static func text(of state: ViewState, from start: ViewState) -> String {
    var members: [String: JSONValue] = [:]
    for field in RememberedField.all {
      let value = field.write(state)
      if value != field.write(start) { members[field.name] = value }
    }
    return JSONValue.object(members).json() + "\n"
  }

  /// Puts a state back to what a text remembers. What cannot be used is left out; a sentence says so.
  static func restore(_ text: String, into state: inout ViewState) -> String? {
    let value: JSONValue
    do {
      let document = try JSONDocument(parsing: Array(text.utf8))
      value = JSONValue(document.root, of: document)
    } catch {
      return "\(name) is no JSON (byte \(error.offset)): the screens begin anew."
    }
    guard case .object(let members) = value else {
      return "\(name) is \(value.shown), expected an object: the screens begin anew."
    }
    var left: [String] = []
    for (key, value) in members.sorted(by: { $0.key < $1.key }) {
      guard let field = RememberedField.all.first(where: { $0.name == key }) else {
        left.append("there is no '\(key)'")
        continue
      }
      if !field.read(value, &state) {
        left.append("\(key) is \(value.shown), expected \(field.expected)")
      }
    }
    guard let first = left.first else { return nil }
    let others = left.count > 1 ? ", and \(left.count - 1) more" : ""
    return "\(name): \(first)\(others); left out."
  }
}
