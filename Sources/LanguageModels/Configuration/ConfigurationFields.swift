import Store

/// Typed and range-checked access to the keys of a config.json object.
///
/// A key that is null counts as absent only where transformers takes it so (`nullable`); elsewhere it
/// is an error there, and here.
struct ConfigurationFields {
  let values: [String: JSONValue]
  /// Where the object stands in the file, for messages: "" or "rope_parameters.".
  var prefix = ""

  private static let nullable: Set<String> = [
    "head_dim", "num_key_value_heads", "rope_scaling", "rope_parameters", "sliding_window",
    "layer_types", "partial_rotary_factor", "per_layer_config", "text_config", "is_causal",
    "quantization_config", "bos_token_id", "eos_token_id", "pad_token_id", "num_experts",
    "num_local_experts", "attention_factor", "mscale", "mscale_all_dim", "beta_fast", "beta_slow",
  ]

  private func value(_ key: String) -> JSONValue? {
    values[key] == .null && Self.nullable.contains(key) ? nil : values[key]
  }

  /// What is wrong with a key.
  func wrong(_ key: String, _ expected: String) -> ModelError {
    .configuration(
      key: prefix + key, found: values[key]?.shown ?? "missing", expected: expected)
  }

  func has(_ key: String) -> Bool { value(key) != nil }

  /// An integer in `range`; `fallback` when the key is absent.
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

  /// A finite number in `range`; `fallback` when the key is absent.
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

  /// true or false; `fallback` when the key is absent.
  func flag(_ key: String, default fallback: Bool) throws(ModelError) -> Bool {
    switch value(key) {
    case .flag(let flag): return flag
    case nil: return fallback
    default: throw wrong(key, "true or false")
    }
  }

  /// A text; `fallback` when the key is absent.
  func text(_ key: String, default fallback: String? = nil) throws(ModelError) -> String {
    switch value(key) {
    case .text(let text): return text
    case nil: if let fallback { return fallback }
    default: break
    }
    throw wrong(key, "a text")
  }

  /// An object, or nil when the key is absent.
  func object(_ key: String) throws(ModelError) -> ConfigurationFields? {
    switch value(key) {
    case .object(let values): return ConfigurationFields(values: values, prefix: prefix + key + ".")
    case nil: return nil
    default: throw wrong(key, "an object")
    }
  }

  /// A list, or nil when the key is absent.
  func list(_ key: String) throws(ModelError) -> [JSONValue]? {
    switch value(key) {
    case .list(let items): return items
    case nil: return nil
    default: throw wrong(key, "a list")
    }
  }

  /// A list of finite numbers in `range`.
  func numbers(_ key: String, in range: ClosedRange<Double>) throws(ModelError) -> [Double] {
    let expected = "a list of numbers from \(range.lowerBound) to \(range.upperBound)"
    guard case .list(let items) = value(key) else { throw wrong(key, expected) }
    var numbers: [Double] = []
    for item in items {
      switch item {
      case .integer(let number) where range.contains(Double(number)): numbers.append(Double(number))
      case .number(let number) where range.contains(number): numbers.append(number)
      default:
        throw .configuration(
          key: prefix + key, found: "a list with \(item.shown)", expected: expected)
      }
    }
    return numbers
  }

  /// A token id, a list of them, or none. What is no id of any vocabulary stands for "none" in some
  /// files: -1.
  func tokenIDs(_ key: String) throws(ModelError) -> [Int] {
    let range = -1...SizeLimits.vocabulary.upperBound
    let expected = "an id from 0 to \(range.upperBound), or a list of them"
    var ids: [Int] = []
    switch value(key) {
    case nil: return []
    case .integer(let id): ids = [id]
    case .list(let list):
      for item in list {
        guard case .integer(let id) = item else {
          throw .configuration(
            key: prefix + key, found: "a list with \(item.shown)", expected: expected)
        }
        ids.append(id)
      }
    default: throw wrong(key, expected)
    }
    for id in ids where !range.contains(id) {
      throw .configuration(key: prefix + key, found: "\(id)", expected: expected)
    }
    return ids.filter { $0 >= 0 }
  }

  /// Refuses a text other than those we implement, by name.
  func require(
    _ key: String, named feature: String, oneOf supported: [String], default fallback: String
  ) throws(ModelError) {
    let found = try text(key, default: fallback)
    if !supported.contains(found) {
      throw .unsupported(
        feature: prefix + feature, found: "\"\(found.prefix(60))\"",
        supported: supported.joined(separator: ", "))
    }
  }

  /// Refuses what would change the model and is not looked at elsewhere, whatever the family.
  func refuseForeignKeys() throws(ModelError) {
    for key in ["text_config", "per_layer_config", "quantization_config"] where has(key) {
      throw .unsupported(
        feature: key, found: values[key]?.shown ?? "present",
        supported: key == "quantization_config"
          ? "F32, F16 and BF16 weights" : "configurations without it")
    }
    if try !flag("is_causal", default: true) {
      throw .unsupported(feature: "is_causal", found: "false", supported: "true")
    }
    if !has("model_type"), has("d_model"), has("n_layer") {
      throw .configuration(
        key: "model_type", found: "missing (a config.json of mamba_ssm)",
        expected: "one as transformers writes it: published models have it under a name that ends "
          + "in -hf")
    }
  }
}
