import Glibc
import Store

/// Rotary position embedding: base and scaling, as `rope_parameters` (or the older `rope_theta` and
/// `rope_scaling`) of config.json state them, computed as transformers' modeling_rope_utils does.
struct RotaryEmbedding: Sendable, Equatable {
  /// Base of the frequencies.
  let theta: Double
  let scaling: RotaryScaling

  /// Reads both spellings as transformers does: `rope_scaling`, where it holds anything, replaces
  /// `rope_parameters` as a whole, and what stands at the top level fills what the object lacks (but
  /// for the original length, which wins there). `defaultTheta` nil: a file without theta is refused,
  /// because libraries disagree on the fallback.
  init(
    _ fields: ConfigurationFields, defaultTheta: Double?, maximumPositions: Int,
    headDimension: Int
  ) throws(ModelError) {
    let older = try Self.parameters("rope_scaling", fields)
    let newer = try Self.parameters("rope_parameters", fields)
    let parameters = older ?? newer
    if let parameters, parameters.has("rope_theta") {
      theta = try parameters.number("rope_theta", in: Self.thetas)
    } else {
      theta = try fields.number("rope_theta", in: Self.thetas, default: defaultTheta)
    }
    try Self.requireWholeRotation(fields)
    guard let parameters else {
      scaling = .none
      return
    }
    try Self.requireWholeRotation(parameters)
    scaling = try RotaryScaling(
      RotaryFields(
        parameters: parameters, top: fields, maximumPositions: maximumPositions,
        headDimension: headDimension))
    if case .yarn = scaling, theta == 1 {
      throw .configuration(
        key: "rope_theta", found: "1", expected: "more than 1 where rope_type is yarn")
    }
  }

  private static let thetas = 1.0...1e12

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

  private static func requireWholeRotation(_ fields: ConfigurationFields) throws(ModelError) {
    let part = try fields.number("partial_rotary_factor", in: 0...1, default: 1)
    if part != 1 {
      throw .unsupported(
        feature: fields.prefix + "partial_rotary_factor", found: "\(part)", supported: "1")
    }
  }

  /// The keys of config.json, in the spelling of transformers 5 and of 4.
  var json: [String: JSONValue] {
    var parameters = scaling.json
    let older: JSONValue = scaling == .none ? .null : .object(parameters)
    parameters["rope_theta"] = .number(theta)
    return [
      "rope_theta": .number(theta), "rope_scaling": older, "rope_parameters": .object(parameters),
    ]
  }

  /// As people read it; nil for the plain rotation.
  var fact: String? { scaling.words.map { "rotary positions " + $0 } }
}

// Computing, in f32 arithmetic wherever transformers has it.
extension RotaryEmbedding {
  /// Whether the angles depend on the length of a sequence.
  var dependsOnLength: Bool {
    switch scaling {
    case .dynamic, .longrope: true
    case .none, .linear, .llama3, .yarn: false
    }
  }

  /// What cosines and sines are multiplied by.
  var attentionFactor: Float {
    switch scaling {
    case .none, .linear, .llama3, .dynamic: 1
    case .yarn(let yarn): Float(yarn.attentionFactor)
    case .longrope(let longrope): Float(longrope.attentionFactor)
    }
  }

  /// hd/2 angles per position step in a sequence of `length` tokens.
  func inverseFrequencies(headDimension: Int, length: Int) -> [Float] {
    var base = Float(theta)
    if case .dynamic(let dynamic) = scaling {
      base = dynamic.base(theta: theta, headDimension: headDimension, length: length)
    }
    let powers = (0..<headDimension / 2).map { index in
      powf(base, Float(2 * index) / Float(headDimension))
    }
    switch scaling {
    case .none, .dynamic: return powers.map { 1 / $0 }
    case .linear(let factor): return powers.map { 1 / $0 / Float(factor) }
    case .llama3(let llama): return powers.map { llama.frequency(1 / $0) }
    case .yarn(let yarn):
      return yarn.frequencies(powers, theta: theta, headDimension: headDimension)
    case .longrope(let longrope): return longrope.frequencies(powers, length: length)
    }
  }

  /// Fills tables [positions, hd / 2] with cos and sin of the angles of the positions, in a sequence
  /// of `length` tokens.
  func fill(
    cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>,
    positions: some Sequence<Int>, length: Int, headDimension: Int
  ) {
    let frequencies = inverseFrequencies(headDimension: headDimension, length: length)
    let factor = attentionFactor
    var place = 0
    for position in positions {
      for frequency in frequencies {
        let angle = Float(position) * frequency
        cosines[place] = cosf(angle) * factor
        sines[place] = sinf(angle) * factor
        place += 1
      }
    }
  }
}
