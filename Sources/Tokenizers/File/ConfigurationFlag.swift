import Store

/// What a key holds that should be true or false, as Python sees it.
enum ConfigurationFlag: Sendable, Equatable {
  case absent
  case null
  case flag(Bool)
  /// Anything else, as a message shows it, and whether Python takes it for true.
  case other(String, isTrue: Bool)

  /// Reads a key; the last of equal names counts.
  init(_ fields: JSONFields, _ name: String) {
    let member = fields.members.last {
      fields.document.bytes($0.name).elementsEqual(name.utf8)
    }
    guard let value = member?.value else {
      self = .absent
      return
    }
    switch value {
    case .null: self = .null
    case .bool(let flag): self = .flag(flag)
    case .string(let text): self = .other(fields.shown(value), isTrue: !text.isEmpty)
    case .number: self = .other(fields.shown(value), isTrue: fields.number(value) != 0)
    case .array(let list), .object(let list):
      self = .other(fields.shown(value), isTrue: list.count > 0)
    }
  }

  /// Whether Python takes it for true; nil where there is nothing.
  var isTrue: Bool? {
    switch self {
    case .absent, .null: nil
    case .flag(let flag): flag
    case .other(_, let isTrue): isTrue
    }
  }
}
