import Glibc
import Store

/// Rotary position embedding: base and frequency scaling, as `rope_parameters` (or the older
/// `rope_theta` and `rope_scaling`) of config.json state them.
struct RotaryEmbedding: Sendable, Equatable {
  /// How the frequencies differ from the plain theta^(-2i/hd).
  enum Scaling: Sendable, Equatable {
    /// As they are.
    case none
    /// All divided by `factor`.
    case linear(factor: Double)
    /// Llama 3: long wavelengths divided by `factor`, short ones kept, between them interpolated.
    case llama3(
      factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double,
      originalMaximumPositions: Int)
  }

  /// Base of the frequencies.
  var theta: Double
  var scaling: Scaling

  init(theta: Double, scaling: Scaling = .none) {
    self.theta = theta
    self.scaling = scaling
  }

  /// Reads both spellings as transformers does: `rope_scaling`, where it holds anything, replaces
  /// `rope_parameters` as a whole, and what stands at the top level fills what the object lacks (but
  /// for llama3's original length, which wins there). `defaultTheta` nil: a file without theta is
  /// refused, because libraries disagree on the fallback.
  init(
    _ fields: ConfigurationFields, defaultTheta: Double?, maximumPositions: Int
  ) throws(ModelError) {
    let older = try Self.parameters("rope_scaling", fields)
    let newer = try Self.parameters("rope_parameters", fields)
    let parameters = older ?? newer
    if let parameters, parameters.has("rope_theta") {
      theta = try parameters.number("rope_theta", in: Self.thetas)
    } else {
      theta = try fields.number("rope_theta", in: Self.thetas, default: defaultTheta)
    }
    scaling = .none
    try Self.requireWholeRotation(fields)
    guard let parameters else { return }
    try Self.requireWholeRotation(parameters)
    let kind = try parameters.text(
      "rope_type", default: try parameters.text("type", default: "default"))
    switch kind {
    case "default": break
    case "linear":
      scaling = .linear(factor: try parameters.number("factor", in: Self.factors))
    case "llama3":
      scaling = try Self.llama3(parameters, fields, maximumPositions: maximumPositions)
    default:
      throw .unsupported(
        feature: parameters.prefix + "rope_type", found: "\"\(kind.prefix(60))\"",
        supported: "default, linear, llama3")
    }
  }

  private static let thetas = 1.0...1e12
  private static let factors = 1e-6...1e6

  /// The object of a key; nil where it is empty, which transformers takes as absent.
  private static func parameters(
    _ key: String, _ fields: ConfigurationFields
  ) throws(ModelError) -> ConfigurationFields? {
    guard let parameters = try fields.object(key), !parameters.values.isEmpty else { return nil }
    for (name, value) in parameters.values {
      // Other rotations for other kinds of layers.
      if case .object = value {
        throw .unsupported(
          feature: parameters.prefix + name, found: "an object",
          supported: "one rotation for all layers")
      }
    }
    return parameters
  }

  private static func llama3(
    _ parameters: ConfigurationFields, _ fields: ConfigurationFields, maximumPositions: Int
  ) throws(ModelError) -> Scaling {
    let low = try parameters.number("low_freq_factor", in: factors)
    let high = try parameters.number("high_freq_factor", in: factors)
    if high <= low {
      throw .configuration(
        key: parameters.prefix + "high_freq_factor", found: "\(high)",
        expected: "more than low_freq_factor (\(low))")
    }
    let original = "original_max_position_embeddings"
    let holder = fields.values[original] == nil ? parameters : fields
    return .llama3(
      factor: try parameters.number("factor", in: factors),
      lowFrequencyFactor: low, highFrequencyFactor: high,
      originalMaximumPositions: try holder.integer(
        original, in: 1...(1 << 30), default: maximumPositions))
  }

  private static func requireWholeRotation(_ fields: ConfigurationFields) throws(ModelError) {
    let part = try fields.number("partial_rotary_factor", in: 0...1, default: 1)
    if part != 1 {
      throw .unsupported(
        feature: fields.prefix + "partial_rotary_factor", found: "\(part)", supported: "1")
    }
  }

  /// hd/2 angles per position step, in f32 arithmetic as transformers computes them.
  func inverseFrequencies(headDimension: Int) -> [Float] {
    (0..<headDimension / 2).map { index in
      let exponent = Float(2 * index) / Float(headDimension)
      let frequency = 1 / powf(Float(theta), exponent)
      switch scaling {
      case .none: return frequency
      case .linear(let factor): return frequency / Float(factor)
      case .llama3(let factor, let low, let high, let original):
        let wavelength = 2 * Float.pi / frequency
        if wavelength < Float(Double(original) / high) { return frequency }
        if wavelength > Float(Double(original) / low) { return frequency / Float(factor) }
        let smooth = (Float(original) / wavelength - Float(low)) / Float(high - low)
        return (1 - smooth) * frequency / Float(factor) + smooth * frequency
      }
    }
  }

  /// Fills tables [positions, hd / 2] with cos and sin of every position's angles, in f32 arithmetic
  /// as transformers computes them.
  func fill(
    cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>, positions: Int,
    headDimension: Int
  ) {
    let frequencies = inverseFrequencies(headDimension: headDimension)
    for position in 0..<positions {
      for (index, frequency) in frequencies.enumerated() {
        let place = position * frequencies.count + index
        let angle = Float(position) * frequency
        cosines[place] = cosf(angle)
        sines[place] = sinf(angle)
      }
    }
  }

  /// The keys of config.json, in the spelling of transformers 5 and of 4.
  var json: [String: JSONValue] {
    var parameters: [String: JSONValue] = [:]
    switch scaling {
    case .none: parameters["rope_type"] = .text("default")
    case .linear(let factor):
      parameters = ["rope_type": .text("linear"), "factor": .number(factor)]
    case .llama3(let factor, let low, let high, let original):
      parameters = [
        "rope_type": .text("llama3"), "factor": .number(factor),
        "low_freq_factor": .number(low), "high_freq_factor": .number(high),
        "original_max_position_embeddings": .integer(original),
      ]
    }
    let older: JSONValue = scaling == .none ? .null : .object(parameters)
    parameters["rope_theta"] = .number(theta)
    return [
      "rope_theta": .number(theta), "rope_scaling": older, "rope_parameters": .object(parameters),
    ]
  }
}
