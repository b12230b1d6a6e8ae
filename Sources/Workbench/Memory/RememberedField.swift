import EngineInterface
import Store
import TerminalUI

/// One thing that a project remembers of its screens: its name in the file, how it is read and written.
struct RememberedField: Sendable {
  let name: String
  /// What can stand there, as a notice says it.
  let expected: String
  let write: @Sendable (ViewState) -> JSONValue
  /// False where the value is none that can be used; nothing changes then.
  let read: @Sendable (JSONValue, inout ViewState) -> Bool
}

/// A value that can stand in the file.
protocol Rememberable: Sendable {
  var remembered: JSONValue { get }
  init?(remembered: JSONValue)
}

extension RememberedField {
  init<Value: Rememberable>(
    _ name: String, _ expected: String, _ path: any WritableKeyPath<ViewState, Value> & Sendable,
    where isAllowed: @escaping @Sendable (Value) -> Bool = { _ in true }
  ) {
    self.init(
      name: name, expected: expected, write: { $0[keyPath: path].remembered },
      read: { json, state in
        guard let value = Value(remembered: json), isAllowed(value) else { return false }
        state[keyPath: path] = value
        return true
      })
  }

  /// One of several words.
  init<Value: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, choice path: any WritableKeyPath<ViewState, Value> & Sendable
  ) where Value.RawValue == String {
    self.init(
      name: name, expected: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
      write: { .text($0[keyPath: path].rawValue) },
      read: { json, state in
        guard case .text(let text) = json, let value = Value(rawValue: text) else { return false }
        state[keyPath: path] = value
        return true
      })
  }
}

extension Bool: Rememberable {
  var remembered: JSONValue { .flag(self) }

  init?(remembered: JSONValue) {
    guard case .flag(let flag) = remembered else { return nil }
    self = flag
  }
}

extension Int: Rememberable {
  var remembered: JSONValue { .integer(self) }

  init?(remembered: JSONValue) {
    guard case .integer(let number) = remembered, number >= 0 else { return nil }
    self = number
  }
}

extension Double: Rememberable {
  var remembered: JSONValue { isFinite ? .number(self) : .null }

  init?(remembered: JSONValue) {
    switch remembered {
    case .number(let number): self = number
    case .integer(let number): self = Double(number)
    default: return nil
    }
    guard isFinite else { return nil }
  }
}

extension String: Rememberable {
  var remembered: JSONValue { .text(self) }

  init?(remembered: JSONValue) {
    guard case .text(let text) = remembered, text.utf8.count <= 4096 else { return nil }
    self = text
  }
}

extension Optional: Rememberable where Wrapped: Rememberable {
  var remembered: JSONValue { self?.remembered ?? .null }

  init?(remembered: JSONValue) {
    guard remembered != .null else {
      self = .none
      return
    }
    guard let value = Wrapped(remembered: remembered) else { return nil }
    self = .some(value)
  }
}

extension Dictionary: Rememberable where Key == String, Value: Rememberable {
  var remembered: JSONValue { .object(mapValues(\.remembered)) }

  /// What of it cannot be used is left out.
  init?(remembered: JSONValue) {
    guard case .object(let members) = remembered else { return nil }
    self = members.compactMapValues(Value.init(remembered:))
  }
}

extension Array: Rememberable where Element: Rememberable {
  var remembered: JSONValue { .list(map(\.remembered)) }

  /// What of it cannot be used is left out.
  init?(remembered: JSONValue) {
    guard case .list(let values) = remembered else { return nil }
    self = values.compactMap(Element.init(remembered:))
  }
}

/// As it is typed.
extension Filter: Rememberable {
  var remembered: JSONValue { .text("\(self)") }

  init?(remembered: JSONValue) {
    guard case .text(let text) = remembered,
      let filter = try? Filter(text, fields: FilterField.chunks)
    else { return nil }
    self = filter
  }
}

extension PlotWindow: Rememberable {
  var remembered: JSONValue {
    .object(["low": .number(low), "high": .number(high), "follows_end": .flag(followsEnd)])
  }

  init?(remembered: JSONValue) {
    guard case .object(let members) = remembered,
      let low = members["low"].flatMap(Double.init(remembered:)),
      let high = members["high"].flatMap(Double.init(remembered:)), low < high
    else { return nil }
    self.init(
      low: low, high: high,
      followsEnd: members["follows_end"].flatMap(Bool.init(remembered:)) ?? false)
  }
}

extension ListState: Rememberable {
  var remembered: JSONValue { .object(["selected": .integer(selected), "top": .integer(top)]) }

  init?(remembered: JSONValue) {
    guard case .object(let members) = remembered,
      let selected = members["selected"].flatMap(Int.init(remembered:)),
      let top = members["top"].flatMap(Int.init(remembered:))
    else { return nil }
    self.init(selected: selected, top: top)
  }
}
