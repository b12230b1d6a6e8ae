/// One action, the keys that cause it and the words that explain it.
public struct KeyBinding<Action: Hashable & Sendable>: Hashable, Sendable {
  public var action: Action
  /// The first one is shown in footer and help.
  public var keys: [Key]
  /// One or two words for the footer; nil keeps it out of the footer.
  public var label: String?
  /// What it does, for the help overlay.
  public var help: String
  /// Where it holds: the name of a screen or overlay, or "" for everywhere.
  public var scope: String

  public init(
    _ action: Action, _ keys: [Key], label: String? = nil, help: String, scope: String = ""
  ) {
    self.action = action
    self.keys = keys
    self.label = label
    self.help = help
    self.scope = scope
  }
}

/// The one table of keys: dispatch, footer and help are read from it.
public struct KeyMap<Action: Hashable & Sendable>: Sendable {
  public private(set) var bindings: [KeyBinding<Action>]
  private var lookup: [String: [Key: Action]] = [:]

  public init(_ bindings: [KeyBinding<Action>]) {
    self.bindings = bindings
    index()
  }

  /// The action of a key; earlier scopes win. Give the screen's scope, then "".
  public func action(for key: Key, in scopes: [String]) -> Action? {
    for scope in scopes {
      if let action = lookup[scope]?[key] { return action }
    }
    return nil
  }

  /// Bindings of a scope in the order of the table.
  public func bindings(in scope: String) -> [KeyBinding<Action>] {
    bindings.filter { $0.scope == scope }
  }

  /// The key that help shows for an action.
  public func key(for action: Action) -> Key? {
    bindings.first { $0.action == action }?.keys.first
  }

  /// Keys bound twice in one scope, as sentences; a test keeps this empty.
  public var conflicts: [String] {
    var seen: [String: [Key: Action]] = [:]
    var found: [String] = []
    for binding in bindings {
      for key in binding.keys {
        if let other = seen[binding.scope]?[key], other != binding.action {
          found.append("\(key.name) means \(other) and \(binding.action) in '\(binding.scope)'.")
        }
        seen[binding.scope, default: [:]][key] = binding.action
      }
    }
    return found
  }

  /// With keys from a user's table (action name to key names). What is wrong is left as it was and
  /// reported, so that a bad key file never keeps the program from starting.
  public func overriding(
    _ table: [String: [String]]
  ) -> (map: KeyMap, warnings: [String]) where Action: RawRepresentable<String> {
    var result = bindings
    var warnings: [String] = []
    for (name, keyNames) in table.sorted(by: { $0.key < $1.key }) {
      guard result.contains(where: { $0.action.rawValue == name }) else {
        warnings.append("Keys: there is no action '\(name)'.")
        continue
      }
      let keys = keyNames.compactMap { keyName in
        let key = Key(name: keyName)
        if key == nil { warnings.append("Keys: '\(keyName)' of '\(name)' is no key.") }
        return key
      }
      guard !keys.isEmpty else { continue }
      for index in result.indices where result[index].action.rawValue == name {
        result[index].keys = keys
      }
    }
    let map = KeyMap(result)
    return (map, warnings + map.conflicts.map { "Keys: \($0)" })
  }

  private mutating func index() {
    lookup = [:]
    for binding in bindings {
      for key in binding.keys where lookup[binding.scope]?[key] == nil {
        lookup[binding.scope, default: [:]][key] = binding.action
      }
    }
  }
}

extension KeyMap {
  /// What a footer shows: the labelled bindings of the scopes, in order. `hit` gives each its
  /// mouse target, so that a click does what the key does.
  public func footer(scopes: [String]) -> [KeyFooter.Item] {
    scopes.flatMap { scope in
      bindings(in: scope).compactMap { binding in
        guard let label = binding.label, let key = binding.keys.first else { return nil }
        return KeyFooter.Item(key: key, label: label)
      }
    }
  }

  /// What the help overlay shows: one section a scope.
  public func help(_ scopes: [(scope: String, title: String)]) -> [HelpOverlay.Section] {
    scopes.map { scope, title in
      HelpOverlay.Section(
        title: title,
        entries: bindings(in: scope).map { binding in
          HelpOverlay.Entry(
            keys: binding.keys.map(\.name).joined(separator: " "), help: binding.help)
        })
    }
  }
}
