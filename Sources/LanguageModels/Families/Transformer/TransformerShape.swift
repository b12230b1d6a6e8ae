import Store
import TensorKit

/// Shape of a decoder-only transformer with rotary positions, RMSNorm and SwiGLU.
struct TransformerShape: ModelShape {
  var vocabularySize: Int
  let hiddenSize: Int
  let intermediateSize: Int
  let layerCount: Int
  let headCount: Int
  let keyValueHeadCount: Int
  let headDimension: Int
  let maximumPositions: Int
  let normEpsilon: Double
  let rotary: RotaryEmbedding
  var tiesWordEmbeddings: Bool
  /// Standard deviation of initial weights.
  let initializerRange: Double
  let specialTokens: SpecialTokenIDs
  /// Whether q, k and v have a bias.
  var hasQueryKeyValueBias = false
  /// Whether the attention's output projection has a bias.
  var hasOutputBias = false
  /// Whether every head of q and k is normalised before the rotation.
  var hasQueryKeyNorm = false
  /// Whether gate, up and down projections have a bias.
  var hasMLPBias = false
  /// Nil where every token sees all before it in every layer.
  var windows: SlidingWindows?

  /// Output columns of q, k and v together, which are stored as one matrix.
  var queryKeyValueSize: Int { (headCount + 2 * keyValueHeadCount) * headDimension }
  var querySize: Int { headCount * headDimension }
  var keyValueSize: Int { keyValueHeadCount * headDimension }
  /// The heads of q, and those of k.
  var queryHeads: HeadShape { HeadShape(heads: headCount, headSize: headDimension) }
  var keyHeads: HeadShape { HeadShape(heads: keyValueHeadCount, headSize: headDimension) }
  /// Tokens that a token sees in a layer; nil for all before it.
  func window(ofLayer index: Int) -> Int? { windows.flatMap { $0.layers[index] ? $0.size : nil } }
}

extension TransformerShape {
  /// What a file stands for that lacks a key.
  struct Fallbacks {
    let maximumPositions: Int
    /// Nil: such a file is refused.
    let theta: Double?
    /// Nil: hidden size / heads.
    let headDimension: Int?
    /// Nil: as many as of queries.
    var keyValueHeads: Int?
  }

  /// Reads what all families have; no biases.
  init(_ fields: ConfigurationFields, fallbacks: Fallbacks) throws(ModelError) {
    try Self.refuseUnsupported(fields)
    vocabularySize = try fields.integer("vocab_size", in: SizeLimits.vocabulary)
    hiddenSize = try fields.integer("hidden_size", in: SizeLimits.hidden)
    intermediateSize = try fields.integer("intermediate_size", in: SizeLimits.intermediate)
    layerCount = try fields.integer("num_hidden_layers", in: SizeLimits.layers)
    headCount = try fields.integer("num_attention_heads", in: SizeLimits.heads)
    keyValueHeadCount = try fields.integer(
      "num_key_value_heads", in: SizeLimits.heads, default: fallbacks.keyValueHeads ?? headCount)
    maximumPositions = try fields.integer(
      "max_position_embeddings", in: 1...(1 << 30), default: fallbacks.maximumPositions)
    normEpsilon = try fields.number("rms_norm_eps", in: 0...1, default: 1e-6)
    tiesWordEmbeddings = try fields.flag("tie_word_embeddings", default: false)
    initializerRange = try fields.number("initializer_range", in: 0...10, default: 0.02)
    specialTokens = try SpecialTokenIDs(fields)
    if let padding = specialTokens.padding, padding >= vocabularySize {
      throw .configuration(
        key: "pad_token_id", found: "\(padding)",
        expected: "an id below vocab_size (\(vocabularySize))")
    }
    headDimension = try fields.integer(
      "head_dim", in: SizeLimits.headDimension,
      default: fallbacks.headDimension ?? hiddenSize / headCount)
    if !fields.has("head_dim"), fallbacks.headDimension == nil {
      try Self.requireDividing(hiddenSize, headCount: headCount)
    }
    if headCount % keyValueHeadCount != 0 {
      throw .configuration(
        key: "num_key_value_heads", found: "\(keyValueHeadCount)",
        expected: "a divisor of num_attention_heads (\(headCount))")
    }
    if headDimension % 2 != 0 || !SizeLimits.headDimension.contains(headDimension) {
      throw .configuration(
        key: "head_dim", found: "\(headDimension)",
        expected: "an even number up to \(SizeLimits.headDimension.upperBound)")
    }
    rotary = try RotaryEmbedding(
      fields, defaultTheta: fallbacks.theta, maximumPositions: maximumPositions,
      headDimension: headDimension)
  }

  /// Refuses heads that do not share the hidden size evenly.
  static func requireDividing(_ hiddenSize: Int, headCount: Int) throws(ModelError) {
    if hiddenSize % headCount != 0 {
      throw .configuration(
        key: "num_attention_heads", found: "\(headCount)",
        expected: "a divisor of hidden_size (\(hiddenSize))")
    }
  }

  private static func refuseUnsupported(_ fields: ConfigurationFields) throws(ModelError) {
    try fields.require(
      "hidden_act", named: "hidden_act", oneOf: ["silu", "swish"], default: "silu")
    for key in ["num_experts", "num_local_experts"] {
      let experts = try fields.integer(key, in: 0...Int(Int32.max), default: 0)
      if experts > 1 {
        throw .unsupported(feature: key, found: "\(experts)", supported: "models without experts")
      }
    }
  }

  /// The keys of config.json that all families have.
  var json: [String: JSONValue] {
    let keys: [String: JSONValue] = [
      "vocab_size": .integer(vocabularySize),
      "hidden_size": .integer(hiddenSize),
      "intermediate_size": .integer(intermediateSize),
      "num_hidden_layers": .integer(layerCount),
      "num_attention_heads": .integer(headCount),
      "num_key_value_heads": .integer(keyValueHeadCount),
      "head_dim": .integer(headDimension),
      "max_position_embeddings": .integer(maximumPositions),
      "rms_norm_eps": .number(normEpsilon),
      "hidden_act": .text("silu"),
      "attention_dropout": .number(0),
      "initializer_range": .number(initializerRange),
      "tie_word_embeddings": .flag(tiesWordEmbeddings),
      "use_cache": .flag(true),
    ]
    return keys.merging(rotary.json) { $1 }.merging(specialTokens.json) { $1 }
  }

  /// The keys that a model of `sizes` has in a file; what is left out is a fallback.
  static func keys(_ sizes: ModelSizes, theta: Double) -> [String: JSONValue] {
    var keys: [String: JSONValue] = [
      "vocab_size": .integer(sizes.vocabularySize), "hidden_size": .integer(sizes.hiddenSize),
      "num_hidden_layers": .integer(sizes.layerCount),
      "rope_theta": .number(sizes.theta ?? theta),
      "tie_word_embeddings": .flag(sizes.tiesWordEmbeddings),
    ]
    keys["intermediate_size"] = sizes.intermediateSize.map { .integer($0) }
    keys["num_attention_heads"] = sizes.headCount.map { .integer($0) }
    keys["num_key_value_heads"] = sizes.keyValueHeadCount.map { .integer($0) }
    keys["head_dim"] = sizes.headDimension.map { .integer($0) }
    keys["max_position_embeddings"] = sizes.maximumPositions.map { .integer($0) }
    keys["rms_norm_eps"] = sizes.normEpsilon.map { .number($0) }
    return keys.merging(sizes.specialTokens.json) { $1 }
  }
}
