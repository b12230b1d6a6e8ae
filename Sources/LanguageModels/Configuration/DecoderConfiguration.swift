/// Shape of a decoder-only transformer with rotary positions, RMSNorm and SwiGLU: Qwen2 and Llama.
public struct DecoderConfiguration: Sendable, Equatable {
  /// Families that share the blocks; they differ in biases and defaults.
  public enum Family: String, Sendable {
    /// Qwen1.5, Qwen2, Qwen2.5: bias on q, k and v.
    case qwen2
    /// Llama 1 to 3: no bias unless the file says so.
    case llama
  }

  public var family: Family
  public var vocabularySize: Int
  public var hiddenSize: Int
  public var intermediateSize: Int
  public var layerCount: Int
  public var headCount: Int
  public var keyValueHeadCount: Int
  public var headDimension: Int
  public var maximumPositions: Int
  public var normEpsilon: Double
  public var rotary: RotaryEmbedding
  /// Whether q, k and v have a bias.
  public var hasQueryKeyValueBias: Bool
  /// Whether the attention's output projection has a bias.
  public var hasOutputBias: Bool
  /// Whether gate, up and down projections have a bias.
  public var hasMLPBias: Bool
  public var tiesWordEmbeddings: Bool
  /// Standard deviation of initial weights.
  public var initializerRange: Double
  public var specialTokens: SpecialTokenIDs

  /// A Qwen2 model; `headDimension` is hiddenSize / headCount.
  public static func qwen2(
    vocabularySize: Int, hiddenSize: Int, intermediateSize: Int, layerCount: Int, headCount: Int,
    keyValueHeadCount: Int? = nil, maximumPositions: Int = 32768, theta: Double = 1e6,
    tiesWordEmbeddings: Bool = true, specialTokens: SpecialTokenIDs = SpecialTokenIDs()
  ) throws(ModelError) -> DecoderConfiguration {
    let configuration = DecoderConfiguration(
      family: .qwen2, vocabularySize: vocabularySize, hiddenSize: hiddenSize,
      intermediateSize: intermediateSize, layerCount: layerCount, headCount: headCount,
      keyValueHeadCount: keyValueHeadCount ?? headCount,
      headDimension: hiddenSize / max(1, headCount), maximumPositions: maximumPositions,
      normEpsilon: 1e-6, rotary: RotaryEmbedding(theta: theta), hasQueryKeyValueBias: true,
      hasOutputBias: false, hasMLPBias: false, tiesWordEmbeddings: tiesWordEmbeddings,
      initializerRange: 0.02, specialTokens: specialTokens)
    // One set of checks: those of a file.
    return try DecoderConfiguration(ConfigurationFields(values: configuration.json))
  }

  /// Output columns of q, k and v together, which are stored as one matrix.
  var queryKeyValueSize: Int { (headCount + 2 * keyValueHeadCount) * headDimension }
  var querySize: Int { headCount * headDimension }
  var keyValueSize: Int { keyValueHeadCount * headDimension }
}

extension DecoderConfiguration {
  init(_ fields: ConfigurationFields) throws(ModelError) {
    let name = try fields.text("model_type")
    guard let family = Family(rawValue: name) else {
      throw .unsupported(feature: "model_type", found: "\"\(name)\"", supported: "qwen2, llama")
    }
    self.family = family
    try Self.refuseUnsupported(fields)
    vocabularySize = try fields.integer("vocab_size", in: SizeLimits.vocabulary)
    hiddenSize = try fields.integer("hidden_size", in: SizeLimits.hidden)
    intermediateSize = try fields.integer("intermediate_size", in: SizeLimits.intermediate)
    layerCount = try fields.integer("num_hidden_layers", in: SizeLimits.layers)
    headCount = try fields.integer("num_attention_heads", in: SizeLimits.heads)
    keyValueHeadCount = try fields.integer(
      "num_key_value_heads", in: SizeLimits.heads, default: headCount)
    maximumPositions = try fields.integer(
      "max_position_embeddings", in: 1...(1 << 30), default: family == .qwen2 ? 32768 : 2048)
    normEpsilon = try fields.number("rms_norm_eps", in: 0...1, default: 1e-6)
    rotary = try RotaryEmbedding(
      fields, defaultTheta: family == .llama ? 10000 : nil, maximumPositions: maximumPositions)
    let attentionBias = try fields.flag("attention_bias", default: false)
    hasQueryKeyValueBias = family == .qwen2 || attentionBias
    hasOutputBias = family == .llama && attentionBias
    hasMLPBias = try fields.flag("mlp_bias", default: false)
    tiesWordEmbeddings = try fields.flag("tie_word_embeddings", default: false)
    initializerRange = try fields.number("initializer_range", in: 0...10, default: 0.02)
    specialTokens = try SpecialTokenIDs(fields)

    // transformers itself refuses a Llama whose heads do not divide, with or without head_dim.
    if !fields.has("head_dim") || family == .llama, hiddenSize % headCount != 0 {
      throw .configuration(
        key: "num_attention_heads", found: "\(headCount)",
        expected: "a divisor of hidden_size (\(hiddenSize))")
    }
    if headCount % keyValueHeadCount != 0 {
      throw .configuration(
        key: "num_key_value_heads", found: "\(keyValueHeadCount)",
        expected: "a divisor of num_attention_heads (\(headCount))")
    }
    headDimension = try fields.integer(
      "head_dim", in: SizeLimits.headDimension, default: hiddenSize / headCount)
    if headDimension % 2 != 0 || !SizeLimits.headDimension.contains(headDimension) {
      throw .configuration(
        key: "head_dim", found: "\(headDimension)",
        expected: "an even number up to \(SizeLimits.headDimension.upperBound)")
    }
  }

  private static func refuseUnsupported(_ fields: ConfigurationFields) throws(ModelError) {
    try fields.require(
      "hidden_act", named: "hidden_act", oneOf: ["silu", "swish"], default: "silu")
    let window = try fields.integer("sliding_window", in: 0...Int(Int32.max), default: 0)
    let windowedFrom = try fields.integer("max_window_layers", in: 0...Int(Int32.max), default: 28)
    let layers = try fields.integer("num_hidden_layers", in: SizeLimits.layers)
    if try fields.flag("use_sliding_window", default: false), window > 0, windowedFrom < layers {
      throw .unsupported(
        feature: "use_sliding_window", found: "true", supported: "attention over the whole sequence"
      )
    }
    if case .list(let kinds) = fields.values["layer_types"] ?? .null,
      let other = kinds.first(where: { $0 != .text("full_attention") })
    {
      throw .unsupported(feature: "layer_types", found: other.shown, supported: "full_attention")
    }
    for key in ["num_experts", "num_local_experts"] {
      let experts = try fields.integer(key, in: 0...Int(Int32.max), default: 0)
      if experts > 1 {
        throw .unsupported(feature: key, found: "\(experts)", supported: "models without experts")
      }
    }
  }

  /// The keys of config.json.
  var json: [String: JSONValue] {
    var keys: [String: JSONValue] = [
      "architectures": .list([
        .text(family == .qwen2 ? "Qwen2ForCausalLM" : "LlamaForCausalLM")
      ]),
      "model_type": .text(family.rawValue),
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
    switch family {
    case .qwen2:
      keys["use_sliding_window"] = .flag(false)
      keys["sliding_window"] = .null
    case .llama:
      keys["attention_bias"] = .flag(hasQueryKeyValueBias)
      keys["mlp_bias"] = .flag(hasMLPBias)
    }
    keys.merge(rotary.json) { $1 }
    keys.merge(specialTokens.json) { $1 }
    return keys
  }
}
