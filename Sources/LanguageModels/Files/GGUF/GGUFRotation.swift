import Glibc
import Store

/// The rotary settings of a GGUF file as `rope_scaling` of config.json.
enum GGUFRotation {
  /// What the metadata says, which `value` looks up; nil for the plain rotation.
  static func scaling(
    _ value: (String) throws(ModelError) -> JSONValue?
  ) throws(ModelError) -> [String: JSONValue]? {
    var factor = try value("rope.scaling.factor")
    // An older key, of linear scaling alone.
    if factor == nil { factor = try value("rope.scale_linear") }
    let kind = try value("rope.scaling.type") ?? .text("linear")
    // Multiplies the attention beside what the kind of scaling says; transformers has no such setting.
    try refuse("rope.scaling.attn_factor", unless: { $0 == 1 }, value)
    switch kind {
    case .text("none"): return nil
    case .text("linear"):
      guard let factor, factor != .integer(1), factor != .number(1), factor != .integer(0),
        factor != .number(0)
      else { return nil }
      return ["rope_type": .text("linear"), "factor": factor]
    case .text("yarn"):
      guard let factor else { return nil }
      var keys: [String: JSONValue] = ["rope_type": .text("yarn"), "factor": factor]
      keys["original_max_position_embeddings"] = try value("rope.scaling.original_context_length")
      keys["attention_factor"] = try value("rope.scaling.yarn_attn_factor")
      keys["beta_fast"] = try value("rope.scaling.yarn_beta_fast")
      keys["beta_slow"] = try value("rope.scaling.yarn_beta_slow")
      try refuse("rope.scaling.yarn_log_multiplier", unless: { $0 == 0 }, value)
      // How much of the ramp is mixed in: all of it in transformers; below 0 is "as usual".
      try refuse("rope.scaling.yarn_ext_factor", unless: { $0 == 1 || $0 < 0 }, value)
      return keys
    case let other:
      throw .unsupported(
        feature: "rope.scaling.type", found: other.shown, supported: "none, linear, yarn")
    }
  }

  /// Refuses a setting that transformers does not compute, unless its value changes nothing.
  private static func refuse(
    _ key: String, unless isUsual: (Double) -> Bool,
    _ value: (String) throws(ModelError) -> JSONValue?
  ) throws(ModelError) {
    let found = try value(key)
    let number: Double? =
      switch found {
      case .integer(let integer)?: Double(integer)
      case .number(let number)?: number
      default: nil
      }
    if let found, number.map(isUsual) != true {
      throw .unsupported(feature: key, found: found.shown, supported: "models without it")
    }
  }

  /// Divisors of the frequencies: those of Llama 3, or any others.
  ///
  /// Only the converter knows how they were made. Those that Llama 3's formula gives are that, so
  /// that a folder which is saved says what the original said; others are written as factors.
  static func scaling(
    dividing factors: [Float], theta: Double, positions: Int
  ) -> [String: JSONValue]? {
    let largest = Double(factors.max() ?? 1)
    if factors.allSatisfy({ $0 == 1 }) { return nil }
    let factor = GGUFConfiguration.shortest(largest)
    let lengths = [8192, positions, Int(Double(positions) / largest), 4096, 2048, 16_384, 32_768]
    for length in lengths where length > 0 {
      let made = llama3(factors.count, theta: theta, factor: factor, length: Double(length))
      guard zip(made, factors).allSatisfy({ abs($0 - Double($1)) <= 1e-5 * $0 }) else { continue }
      return [
        "rope_type": .text("llama3"), "factor": .number(factor), "low_freq_factor": .number(1),
        "high_freq_factor": .number(4), "original_max_position_embeddings": .integer(length),
      ]
    }
    let list = JSONValue.list(factors.map { .number(GGUFConfiguration.shortest(Double($0))) })
    return [
      "rope_type": .text("longrope"), "short_factor": list, "long_factor": list,
      "factor": .number(1), "attention_factor": .number(1),
      "original_max_position_embeddings": .integer(max(1, positions)),
    ]
  }

  /// The divisors that Llama 3's formula gives, with the usual 1 and 4 for its ends.
  private static func llama3(
    _ count: Int, theta: Double, factor: Double, length: Double
  ) -> [Double] {
    (0..<count).map { index in
      let wavelength = 2 * Double.pi * pow(theta, Double(index) / Double(count))
      if wavelength < length / 4 { return 1 }
      if wavelength > length { return factor }
      let smooth = (length / wavelength - 1) / 3
      return 1 / ((1 - smooth) / factor + smooth)
    }
  }
}
