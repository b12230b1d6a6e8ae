/// Shape of a Mamba-1 model, as transformers' MambaForCausalLM.
///
/// Source: Gu and Dao, "Mamba: Linear-Time Sequence Modeling with Selective State Spaces".
public struct MambaConfiguration: Sendable, Equatable {
  /// How dt_proj.weight starts.
  public enum TimeStepScheme: String, Sendable {
    case random
    case constant
  }

  public var vocabularySize: Int
  public var hiddenSize: Int
  public var layerCount: Int
  /// N, states per channel.
  public var stateSize: Int
  /// K, taps of the convolution.
  public var convolutionTaps: Int
  /// Channels per unit of hidden size.
  public var expand: Int
  /// R, rank of the time-step projection.
  public var timeStepRank: Int
  public var normEpsilon: Double
  /// Whether in_proj and out_proj have a bias.
  public var hasBias: Bool
  public var hasConvolutionBias: Bool
  public var tiesWordEmbeddings: Bool
  /// Kept for the file; in f32 the residual stream is f32 either way.
  public var residualInFloat32: Bool
  public var specialTokens: SpecialTokenIDs
  // Of initialisation only.
  public var initializerRange: Double
  public var rescalesPrenormResidual: Bool
  public var timeStepScheme: TimeStepScheme
  public var timeStepScale: Double
  public var timeStepMinimum: Double
  public var timeStepMaximum: Double
  public var timeStepFloor: Double

  /// D, channels of the state space (`intermediate_size`).
  public var innerSize: Int { expand * hiddenSize }
  /// Columns of x_proj: time step, B and C.
  var projectionSize: Int { timeStepRank + 2 * stateSize }

  /// A Mamba of the usual proportions: rank = ceil(hidden / 16) unless given.
  public static func mamba(
    vocabularySize: Int, hiddenSize: Int, layerCount: Int, stateSize: Int = 16,
    convolutionTaps: Int = 4, expand: Int = 2, timeStepRank: Int? = nil,
    tiesWordEmbeddings: Bool = true, initializerRange: Double = 0.1,
    specialTokens: SpecialTokenIDs = SpecialTokenIDs()
  ) throws(ModelError) -> MambaConfiguration {
    let configuration = MambaConfiguration(
      vocabularySize: vocabularySize, hiddenSize: hiddenSize, layerCount: layerCount,
      stateSize: stateSize, convolutionTaps: convolutionTaps, expand: expand,
      timeStepRank: timeStepRank ?? (hiddenSize + 15) / 16, normEpsilon: 1e-5, hasBias: false,
      hasConvolutionBias: true, tiesWordEmbeddings: tiesWordEmbeddings, residualInFloat32: true,
      specialTokens: specialTokens, initializerRange: initializerRange,
      rescalesPrenormResidual: false, timeStepScheme: .random, timeStepScale: 1,
      timeStepMinimum: 0.001, timeStepMaximum: 0.1, timeStepFloor: 1e-4)
    return try MambaConfiguration(ConfigurationFields(values: configuration.json))
  }
}

extension MambaConfiguration {
  init(_ fields: ConfigurationFields) throws(ModelError) {
    try fields.require(
      "hidden_act", named: "hidden_act", oneOf: ["silu", "swish"], default: "silu")
    vocabularySize = try fields.integer("vocab_size", in: SizeLimits.vocabulary)
    hiddenSize = try fields.integer("hidden_size", in: SizeLimits.hidden)
    layerCount = try fields.integer("num_hidden_layers", in: SizeLimits.layers)
    stateSize = try fields.integer("state_size", in: SizeLimits.states, default: 16)
    convolutionTaps = try fields.integer("conv_kernel", in: SizeLimits.convolutionTaps, default: 4)
    expand = try fields.integer("expand", in: 1...64, default: 2)
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

  /// The keys of config.json.
  var json: [String: JSONValue] {
    let keys: [String: JSONValue] = [
      "architectures": .list([.text("MambaForCausalLM")]),
      "model_type": .text("mamba"),
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
