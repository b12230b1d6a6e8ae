import Numerics
import Store

/// How a model's rotation differs from the plain theta^(-2i/hd): `rope_type` and its keys.
enum RotaryScaling: Sendable, Equatable {
  /// Not at all.
  case none
  /// All frequencies divided by `factor`.
  case linear(factor: Double)
  case llama3(Llama3Scaling)
  case dynamic(DynamicScaling)
  case yarn(YarnScaling)
  case longrope(LongRopeScaling)

  init(_ fields: RotaryFields) throws(ModelError) {
    let parameters = fields.parameters
    let kind = try parameters.text(
      // An older name of the key, which counts only where the newer one is missing.
      parameters.values["rope_type"] == nil ? "type" : "rope_type", default: "default")
    switch kind {
    case "default": self = .none
    case "linear": self = .linear(factor: try fields.factor())
    case "llama3": self = .llama3(try Llama3Scaling(fields))
    case "dynamic": self = .dynamic(try DynamicScaling(fields))
    case "yarn": self = .yarn(try YarnScaling(fields))
    case "longrope": self = .longrope(try LongRopeScaling(fields))
    default:
      throw .unsupported(
        feature: parameters.prefix + "rope_type", found: "\"\(kind.prefix(60))\"",
        supported: "default, linear, llama3, dynamic, yarn, longrope"
          + (kind == "su" ? " (which older files of Phi-3 call su)" : ""))
    }
  }

  /// The members of `rope_parameters` beside the base.
  var json: [String: JSONValue] {
    switch self {
    case .none: ["rope_type": .text("default")]
    case .linear(let factor): ["rope_type": .text("linear"), "factor": .number(factor)]
    case .llama3(let llama): llama.json
    case .dynamic(let dynamic):
      ["rope_type": .text("dynamic"), "factor": .number(dynamic.factor)]
    case .yarn(let yarn): yarn.json
    case .longrope(let longrope): longrope.json
    }
  }

  /// As people read it; nil for none.
  var words: String? {
    func short(_ value: Double) -> String { Number.significant(value, 6) }
    return switch self {
    case .none: nil
    case .linear(let factor): "linear, divided by \(short(factor))"
    case .llama3(let llama):
      "llama3, factor \(short(llama.factor)) over \(short(llama.originalLength)) positions"
    case .dynamic(let dynamic):
      "dynamic, factor \(short(dynamic.factor)) beyond \(dynamic.border) positions"
    case .yarn(let yarn):
      "yarn, factor \(short(yarn.factor)) over \(short(yarn.originalLength)) positions"
    case .longrope(let longrope):
      "longrope, other factors beyond \(short(longrope.originalLength)) positions"
    }
  }
}

/// What a kind of scaling is read from.
struct RotaryFields {
  let parameters: ConfigurationFields
  /// The whole of config.json.
  let top: ConfigurationFields
  let maximumPositions: Int
  let headDimension: Int

  static let factors = 1e-6...1e6

  func factor() throws(ModelError) -> Double {
    try parameters.number("factor", in: Self.factors)
  }

  /// A factor that may be left out, or be null.
  func factorIfGiven() throws(ModelError) -> Double? {
    switch parameters.values["factor"] {
    case nil, .null: nil
    default: try factor()
    }
  }

  /// Positions that the model was first trained with: at the top level, where it stands there at all,
  /// then in the object, else all of them.
  func originalLength() throws(ModelError) -> Double {
    let key = "original_max_position_embeddings"
    let holder = top.values[key] == nil ? parameters : top
    return try holder.number(key, in: 1...0x1p30, default: Double(maximumPositions))
  }
}

extension JSONValue {
  /// A length, which is whole in nearly every file.
  static func length(_ value: Double) -> JSONValue {
    Int(exactly: value).map { .integer($0) } ?? .number(value)
  }
}
