import Glibc
import Store

/// A model's shape as the metadata of a GGUF file: what `GGUFConfiguration` reads, in the words of
/// llama.cpp's converter.
struct GGUFSettings {
  private(set) var entries: [GGUFWriter.Entry] = []
  /// Divisors of the rotation's frequencies, where they are stored as a tensor.
  private(set) var divisors: [Float]?
  /// What a person should know, a sentence each.
  private(set) var remarks: [String] = []
  private let architecture: String

  /// - Throws: `ModelError.unsupported` for what such a file cannot say.
  init(_ configuration: ModelConfiguration, name: String, _ type: GGUFWeightType)
    throws(ModelError)
  {
    architecture = configuration.modelType
    entries = [
      .init("general.architecture", .text(architecture)), .init("general.type", .text("model")),
      .init("general.name", .text(name)), .init("general.file_type", .uint32(type.fileType)),
    ]
    if type == .q8_0 { entries.append(.init("general.quantization_version", .uint32(2))) }
    let conventions = configuration.family.architecture.gguf
    guard conventions.isWritten else {
      throw .unsupported(
        feature: "as a GGUF file, \(Family.key)", found: "\"\(architecture)\"",
        supported: Family.allCases.filter { $0.architecture.gguf.isWritten }.map(\.rawValue)
          .joined(separator: ", "))
    }
    switch configuration.architecture.shape {
    case let shape as TransformerShape:
      try add(shape, divides: conventions.dividesFrequencies)
    case let shape as MambaShape: add(shape)
    default: break
    }
  }

  private mutating func add(_ key: String, _ value: GGUFWriter.Value) {
    entries.append(.init("\(architecture).\(key)", value))
  }

  private mutating func add(_ key: String, _ number: Int) {
    add(key, .uint32(UInt32(clamping: number)))
  }

  private mutating func add(_ shape: TransformerShape, divides: Bool) throws(ModelError) {
    if let windows = shape.windows {
      throw .unsupported(
        feature: "as a GGUF file, sliding_window", found: windows.fact,
        supported: "attention over the whole sequence")
    }
    add("block_count", shape.layerCount)
    add("context_length", shape.maximumPositions)
    add("embedding_length", shape.hiddenSize)
    add("feed_forward_length", shape.intermediateSize)
    add("attention.head_count", shape.headCount)
    add("attention.head_count_kv", shape.keyValueHeadCount)
    add("attention.layer_norm_rms_epsilon", .float32(Float(shape.normEpsilon)))
    add("attention.key_length", shape.headDimension)
    add("attention.value_length", shape.headDimension)
    add("rope.dimension_count", shape.headDimension)
    add("rope.freq_base", .float32(Float(shape.rotary.theta)))
    add("vocab_size", shape.vocabularySize)
    try add(shape.rotary, headDimension: shape.headDimension, divides: divides)
    if shape.hasMLPBias {
      remarks.append("llama.cpp has no place for the biases of the feed-forward layers (mlp_bias)")
    }
    if shape.hasOutputBias, !divides {
      remarks.append(
        "llama.cpp has no place for the bias of the attention's output in this family "
          + "(attention_bias)")
    }
  }

  private mutating func add(
    _ rotary: RotaryEmbedding, headDimension: Int, divides: Bool
  ) throws(ModelError) {
    func refusal(_ found: String, _ supported: String) -> ModelError {
      .unsupported(
        feature: "as a GGUF file, rope_parameters.rope_type", found: found, supported: supported)
    }
    switch rotary.scaling {
    case .none: break
    case .linear(let factor):
      add("rope.scaling.type", .text("linear"))
      add("rope.scaling.factor", .float32(Float(factor)))
    case .llama3(let scaling):
      guard divides else { throw refusal("llama3 in this family", "default, linear, yarn") }
      divisors = Self.divisors(scaling, theta: rotary.theta, headDimension: headDimension)
    case .yarn(let scaling):
      guard scaling.mscale == nil, scaling.mscaleOfAllDimensions == nil, scaling.truncates else {
        throw refusal("yarn with mscale or without truncate", "yarn as Qwen's models have it")
      }
      add("rope.scaling.type", .text("yarn"))
      add("rope.scaling.factor", .float32(Float(scaling.factor)))
      add("rope.scaling.original_context_length", Int(scaling.originalLength))
      for (key, value) in [
        ("attn_factor", scaling.statedAttentionFactor), ("beta_fast", scaling.fastTurns),
        ("beta_slow", scaling.slowTurns),
      ] {
        if let value { add("rope.scaling.yarn_\(key)", .float32(Float(value))) }
      }
    case .dynamic: throw refusal("dynamic", "default, linear, yarn, llama3 (of Llama)")
    case .longrope: throw refusal("longrope", "default, linear, yarn, llama3 (of Llama)")
    }
  }

  /// What the frequencies are divided by, as the converter computes it.
  private static func divisors(
    _ scaling: Llama3Scaling, theta: Double, headDimension: Int
  ) -> [Float] {
    (0..<headDimension / 2).map { index in
      let wavelength = 2 * Double.pi * pow(theta, Double(2 * index) / Double(headDimension))
      if wavelength < scaling.originalLength / scaling.highFrequencyFactor { return 1 }
      if wavelength > scaling.originalLength / scaling.lowFrequencyFactor {
        return Float(scaling.factor)
      }
      let smooth =
        (scaling.originalLength / wavelength - scaling.lowFrequencyFactor)
        / (scaling.highFrequencyFactor - scaling.lowFrequencyFactor)
      return Float(1 / ((1 - smooth) / scaling.factor + smooth))
    }
  }

  private mutating func add(_ shape: MambaShape) {
    add("block_count", shape.layerCount)
    // It has no limit; llama.cpp takes this for what it reserves by default.
    add("context_length", 1 << 20)
    add("embedding_length", shape.hiddenSize)
    // Of no meaning here, yet asked for.
    add("feed_forward_length", 0)
    add("attention.head_count", 0)
    add("ssm.conv_kernel", shape.convolutionTaps)
    add("ssm.inner_size", shape.innerSize)
    add("ssm.state_size", shape.stateSize)
    add("ssm.time_step_rank", shape.timeStepRank)
    add("attention.layer_norm_rms_epsilon", .float32(Float(shape.normEpsilon)))
    add("ssm.dt_b_c_rms", .flag(false))
    add("vocab_size", shape.vocabularySize)
    if shape.innerSize != 2 * shape.hiddenSize {
      remarks.append("llama.cpp takes models only whose inner size is twice the hidden size")
    }
    if shape.hasBias {
      remarks.append("llama.cpp has no place for the biases of in_proj and out_proj (use_bias)")
    }
    if !shape.hasConvolutionBias {
      remarks.append("llama.cpp wants a bias of the convolution, and the model has none")
    }
  }
}
