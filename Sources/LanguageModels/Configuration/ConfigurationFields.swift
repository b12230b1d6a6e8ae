import Store

/// Typed and range-checked access to the keys of a config.json object.
struct ConfigurationFields {
  let values: [String: JSONValue]
  /// Where the object stands in the file, for messages: "" or "rope_parameters.".
  var prefix = ""

  private func value(_ key: String) -> JSONValue? {
    values[key] == .null ? nil : values[key]
  }

  private func wrong(_ key: String, _ expected: String) -> ModelError {
    .configuration(
      key: prefix + key, found: value(key)?.shown ?? "missing", expected: expected)
  }

  func has(_ key: String) -> Bool { value(key) != nil }

  /// An integer in `range`; `fallback` when the key is absent or null.
  func integer(
    _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) throws(ModelError) -> Int {
    let expected = "an integer from \(range.lowerBound) to \(range.upperBound)"
    switch value(key) {
    case .integer(let number) where range.contains(number): return number
    case nil: if let fallback { return fallback }
    default: break
    }
    throw wrong(key, expected)
  }

  /// A finite number in `range`; `fallback` when the key is absent or null.
  func number(
    _ key: String, in range: ClosedRange<Double>, default fallback: Double? = nil
  ) throws(ModelError) -> Double {
    let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
    switch value(key) {
    case .integer(let number) where range.contains(Double(number)): return Double(number)
    case .number(let number) where range.contains(number): return number
    case nil: if let fallback { return fallback }
    default: break
    }
    throw wrong(key, expected)
  }

  /// true or false; `fallback` when the key is absent or null.
  func flag(_ key: String, default fallback: Bool) throws(ModelError) -> Bool {
    switch value(key) {
    case .flag(let flag): return flag
    case nil: return fallback
    default: throw wrong(key, "true or false")
    }
  }

  /// A text; `fallback` when the key is absent or null.
  func text(_ key: String, default fallback: String? = nil) throws(ModelError) -> String {
    switch value(key) {
    case .text(let text): return text
    case nil: if let fallback { return fallback }
    default: break
    }
    throw wrong(key, "a text")
  }

  /// An object, or nil when the key is absent or null.
  func object(_ key: String) throws(ModelError) -> ConfigurationFields? {
    switch value(key) {
    case .object(let values): return ConfigurationFields(values: values, prefix: prefix + key + ".")
    case nil: return nil
    default: throw wrong(key, "an object")
    }
  }

  /// A token id, a list of them, or none.
  func tokenIDs(_ key: String) throws(ModelError) -> [Int] {
    switch value(key) {
    case nil: return []
    case .integer(let id): return [id]
    case .list(let list):
      var ids: [Int] = []
      for item in list {
        guard case .integer(let id) = item else { throw wrong(key, "token ids") }
        ids.append(id)
      }
      return ids
    default: throw wrong(key, "a token id or a list of them")
    }
  }

  /// Refuses a text other than those we implement, by name.
  func require(
    _ key: String, named feature: String, oneOf supported: [String], default fallback: String
  ) throws(ModelError) {
    let found = try text(key, default: fallback)
    if !supported.contains(found) {
      throw .unsupported(
        feature: feature, found: "\"\(found.prefix(60))\"",
        supported: supported.joined(separator: ", "))
    }
  }
}
