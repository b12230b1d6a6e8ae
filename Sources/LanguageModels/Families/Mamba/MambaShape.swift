import Store

/// Shape of a Mamba-1 model, as transformers' MambaForCausalLM.
///
/// Source: Gu and Dao, "Mamba: Linear-Time Sequence Modeling with Selective State Spaces".
struct MambaShape: ModelShape {
  /// How dt_proj.weight starts.
  enum TimeStepScheme: String, Sendable {
    case random
    case constant
  }

  var vocabularySize: Int
  let hiddenSize: Int
  let layerCount: Int
  /// N, states per channel.
  let stateSize: Int
  /// K, taps of the convolution.
  let convolutionTaps: Int
  /// Channels per unit of hidden size.
  let expand: Int
  /// D, channels of the state space (`intermediate_size`): `expand` times the hidden size, unless
  /// the file says otherwise.
  let innerSize: Int
  /// R, rank of the time-step projection.
  let timeStepRank: Int
  let normEpsilon: Double
  /// Whether in_proj and out_proj have a bias.
  let hasBias: Bool
  let hasConvolutionBias: Bool
  var tiesWordEmbeddings: Bool
  /// Kept for the file; in f32 the residual stream is f32 either way.
  let residualInFloat32: Bool
  let specialTokens: SpecialTokenIDs
  // Of initialisation only.
  let initializerRange: Double
  let rescalesPrenormResidual: Bool
  let timeStepScheme: TimeStepScheme
  let timeStepScale: Double
  let timeStepMinimum: Double
  let timeStepMaximum: Double
  let timeStepFloor: Double

  /// Columns of x_proj: time step, B and C.
  var projectionSize: Int { timeStepRank + 2 * stateSize }
}

extension MambaShape {
  init(_ fields: ConfigurationFields) throws(ModelError) {
    try fields.require(
      "hidden_act", named: "hidden_act", oneOf: ["silu", "swish"], default: "silu")
    vocabularySize = try fields.integer("vocab_size", in: SizeLimits.vocabulary)
    hiddenSize = try fields.integer("hidden_size", in: SizeLimits.hidden)
    layerCount = try fields.integer("num_hidden_layers", in: SizeLimits.layers)
    stateSize = try fields.integer("state_size", in: SizeLimits.states, default: 16)
    convolutionTaps = try fields.integer("conv_kernel", in: SizeLimits.convolutionTaps, default: 4)
    expand = try fields.integer("expand", in: 1...64, default: 2)
    innerSize = try fields.integer(
      "intermediate_size", in: SizeLimits.intermediate, default: expand * hiddenSize)
    if fields.values["time_step_rank"] == .text("auto") {
      timeStepRank = (hiddenSize + 15) / 16
    } else {
      timeStepRank = try fields.integer(
        "time_step_rank", in: SizeLimits.hidden, default: (hiddenSize + 15) / 16)
    }
    normEpsilon = try fields.number("layer_norm_epsilon", in: 0...1, default: 1e-5)
    hasBias = try fields.flag("use_bias", default: false)
    hasConvolutionBias = try fields.flag("use_conv_bias", default: true)
    tiesWordEmbeddings = try fields.flag("tie_word_embeddings", default: true)
    residualInFloat32 = try fields.flag("residual_in_fp32", default: true)
    specialTokens = try SpecialTokenIDs(fields)
    initializerRange = try fields.number("initializer_range", in: 0...10, default: 0.1)
    rescalesPrenormResidual = try fields.flag("rescale_prenorm_residual", default: false)
    let scheme = try fields.text("time_step_init_scheme", default: "random")
    guard let timeStepScheme = TimeStepScheme(rawValue: scheme) else {
      throw .unsupported(
        feature: "time_step_init_scheme", found: "\"\(scheme.prefix(60))\"",
        supported: "random, constant")
    }
    self.timeStepScheme = timeStepScheme
    timeStepScale = try fields.number("time_step_scale", in: 0...1000, default: 1)
    timeStepMinimum = try fields.number("time_step_min", in: 1e-9...1000, default: 0.001)
    timeStepMaximum = try fields.number("time_step_max", in: timeStepMinimum...1000, default: 0.1)
    timeStepFloor = try fields.number("time_step_floor", in: 1e-9...1000, default: 1e-4)
  }

  /// The keys that a model of `sizes` has in a file; what is left out is a fallback.
  static func keys(_ sizes: ModelSizes) -> [String: JSONValue] {
    var keys: [String: JSONValue] = [
      "vocab_size": .integer(sizes.vocabularySize), "hidden_size": .integer(sizes.hiddenSize),
      "num_hidden_layers": .integer(sizes.layerCount),
      "tie_word_embeddings": .flag(sizes.tiesWordEmbeddings),
    ]
    keys["layer_norm_epsilon"] = sizes.normEpsilon.map { .number($0) }
    keys["state_size"] = sizes.stateSize.map { .integer($0) }
    keys["conv_kernel"] = sizes.convolutionTaps.map { .integer($0) }
    return keys.merging(sizes.specialTokens.json) { $1 }
  }

  /// The keys of config.json that are sizes and settings.
  var json: [String: JSONValue] {
    let keys: [String: JSONValue] = [
      "vocab_size": .integer(vocabularySize),
      "hidden_size": .integer(hiddenSize),
      "num_hidden_layers": .integer(layerCount),
      "state_size": .integer(stateSize),
      "conv_kernel": .integer(convolutionTaps),
      "expand": .integer(expand),
      "intermediate_size": .integer(innerSize),
      "time_step_rank": .integer(timeStepRank),
      "layer_norm_epsilon": .number(normEpsilon),
      "use_bias": .flag(hasBias),
      "use_conv_bias": .flag(hasConvolutionBias),
      "hidden_act": .text("silu"),
      "tie_word_embeddings": .flag(tiesWordEmbeddings),
      "residual_in_fp32": .flag(residualInFloat32),
      "initializer_range": .number(initializerRange),
      "rescale_prenorm_residual": .flag(rescalesPrenormResidual),
      "time_step_init_scheme": .text(timeStepScheme.rawValue),
      "time_step_scale": .number(timeStepScale),
      "time_step_min": .number(timeStepMinimum),
      "time_step_max": .number(timeStepMaximum),
      "time_step_floor": .number(timeStepFloor),
      "use_cache": .flag(true),
    ]
    return keys.merging(specialTokens.json) { $1 }
  }
}
