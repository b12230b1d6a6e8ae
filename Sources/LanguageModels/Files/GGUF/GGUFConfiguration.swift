import Store

/// What the metadata of a GGUF file says of a model, as the keys of config.json.
struct GGUFConfiguration {
  /// By the keys of config.json.
  private(set) var values: [String: JSONValue]
  /// Tensors that are settings, not weights.
  private(set) var readTensors: Set<String> = []
  private let path: String
  private let family: Family
  private var conventions: GGUFConventions { family.architecture.gguf }
  private let metadata: [String: GGUFValue]
  /// Where a value of config.json comes from, for messages.
  private var sources: [String: String] = [:]

  init(
    _ metadata: [String: GGUFValue], _ parts: [GGUFFile], family: Family, path: String
  ) throws(ModelError) {
    self.path = path
    self.family = family
    self.metadata = metadata
    values = [
      Family.key: .text(family.rawValue),
      // Where output.weight is stored and differs, it is the head.
      "tie_word_embeddings": .flag(true),
    ]
    let tensors = Dictionary(
      parts.flatMap { file in file.tensors.map { ($0.name, (file, $0)) } },
      uniquingKeysWith: { first, _ in first })
    guard let embedding = tensors["token_embd.weight"]?.1, embedding.shape.count == 2 else {
      throw refusal(
        "token_embd.weight \(tensors.isEmpty ? "missing" : "missing or no matrix")",
        "the embeddings")
    }
    values["vocab_size"] = .integer(embedding.shape[0])
    sources["vocab_size"] = "the rows of token_embd.weight"
    try refuseWhatIsNotComputed()
    for (key, source) in conventions.isStateSpace ? Self.mambaKeys : Self.transformerKeys {
      guard let value = try plain(source) else {
        if Self.optional.contains(source) { continue }
        throw refusal("no \(name(source))", "what the model needs")
      }
      values[key] = value
      sources[key] = name(source)
    }
    // The token that pads is the tokenizer's: transformers' config.json of these families has none.
    for (key, kind) in [("bos_token_id", "bos"), ("eos_token_id", "eos")] {
      let source = "tokenizer.ggml.\(kind)_token_id"
      guard case .integer(let id)? = metadata[source] else { continue }
      values[key] = .integer(id)
      sources[key] = source
    }
    func has(_ tensor: String) -> JSONValue { .flag(tensors["blk.0.\(tensor)"] != nil) }
    if conventions.isStateSpace {
      values["use_bias"] = has("ssm_in.bias")
      values["use_conv_bias"] = has("ssm_conv1d.bias")
    } else {
      values["attention_bias"] = has("attn_q.bias")
      values["mlp_bias"] = has("ffn_gate.bias")
      try readHeads()
      try readRotation(tensors["rope_freqs.weight"])
    }
  }

  /// Keys of config.json and where they come from, behind the architecture's name.
  private static let transformerKeys = [
    ("hidden_size", "embedding_length"), ("intermediate_size", "feed_forward_length"),
    ("num_hidden_layers", "block_count"), ("num_attention_heads", "attention.head_count"),
    ("num_key_value_heads", "attention.head_count_kv"),
    ("max_position_embeddings", "context_length"),
    ("rms_norm_eps", "attention.layer_norm_rms_epsilon"), ("head_dim", "attention.key_length"),
    ("num_experts", "expert_count"),
  ]

  private static let mambaKeys = [
    ("hidden_size", "embedding_length"), ("num_hidden_layers", "block_count"),
    ("intermediate_size", "ssm.inner_size"), ("state_size", "ssm.state_size"),
    ("conv_kernel", "ssm.conv_kernel"), ("time_step_rank", "ssm.time_step_rank"),
    ("layer_norm_epsilon", "attention.layer_norm_rms_epsilon"),
  ]

  private static let optional: Set<String> = [
    "attention.head_count_kv", "attention.key_length", "expert_count",
  ]

  /// Settings that would change what the model computes, and the value that changes nothing.
  private static let neutral: [(key: String, value: GGUFValue)] = [
    ("attention.causal", .flag(true)), ("attention.clamp_kqv", .number(0)),
    ("attention.max_alibi_bias", .number(0)), ("attention.scale", .number(0)),
    ("attention.temperature_length", .integer(0)), ("attention.temperature_scale", .number(0)),
    ("attn_logit_softcapping", .number(0)), ("embedding_scale", .number(1)),
    ("final_logit_softcapping", .number(0)), ("logit_scale", .number(1)),
    ("pooling_type", .integer(0)), ("residual_scale", .number(1)),
    ("ssm.dt_b_c_rms", .flag(false)), ("use_parallel_residual", .flag(false)),
  ]

  /// The whole name of a setting.
  func name(_ key: String) -> String { "\(family.rawValue).\(key)" }

  func refusal(_ found: String, _ expected: String) -> ModelError {
    .unusable(
      path: path, found: found, expected: expected,
      advice: "Use another GGUF file of the model, or the folder with its safetensors weights.")
  }

  private func unsupported(_ key: String, _ value: GGUFValue, _ supported: String) -> ModelError {
    .unsupported(feature: name(key), found: value.shown, supported: supported, path: path)
  }

  private func refuseWhatIsNotComputed() throws(ModelError) {
    for (key, neutral) in Self.neutral {
      guard let value = metadata[name(key)], value != neutral else { continue }
      throw unsupported(key, value, "models without it")
    }
    // Such a file does not say in which layers.
    if let window = metadata[name("attention.sliding_window")], window != .integer(0) {
      throw unsupported("attention.sliding_window", window, "attention over the whole sequence")
    }
  }

  /// A number as config.json has it; a list of one value for every layer is that value.
  private func plain(_ key: String) throws(ModelError) -> JSONValue? {
    switch metadata[name(key)] {
    case nil: return nil
    case .integer(let value)?: return .integer(value)
    case .number(let value)?: return .number(Self.shortest(value))
    case .integers(let values)? where Set(values).count == 1: return .integer(values[0])
    case .integers(let values)?:
      throw unsupported(key, .integers(values), "one value for all layers")
    case let other?: throw refusal("\(name(key)) \(other.shown)", "a number")
    }
  }

  /// The number that was meant by one in single precision: 1e-06, not 9.999999974752427e-07.
  static func shortest(_ value: Double) -> Double {
    let single = Float(value)
    return Double(single) == value ? Double("\(single)") ?? value : value
  }

  private mutating func readHeads() throws(ModelError) {
    guard case .integer(let hidden)? = values["hidden_size"],
      case .integer(let heads)? = values["num_attention_heads"], heads > 0
    else { return }
    if values["head_dim"] == nil { values["head_dim"] = .integer(hidden / heads) }
    let size = values["head_dim"]
    if let length = try plain("attention.value_length"), length != size {
      throw unsupported(
        "attention.value_length", metadata[name("attention.value_length")] ?? .integer(0),
        "values as long as keys")
    }
    if let turned = try plain("rope.dimension_count"), turned != size {
      throw unsupported(
        "rope.dimension_count", metadata[name("rope.dimension_count")] ?? .integer(0),
        "the rotation of whole heads (\(size?.shown ?? ""))")
    }
  }

  private mutating func readRotation(_ stored: (GGUFFile, GGUFTensorInfo)?) throws(ModelError) {
    let base = try plain("rope.freq_base") ?? .number(10_000)
    values["rope_theta"] = base
    sources["rope_theta"] = name("rope.freq_base")
    let scaling: [String: JSONValue]?
    do throws(ModelError) {
      scaling = try GGUFRotation.scaling { (key) throws(ModelError) in
        if case .text(let text)? = metadata[name(key)] { return .text(text) }
        return try plain(key)
      }
    } catch {
      guard case .unsupported(let feature, let found, let supported, nil) = error else {
        throw error
      }
      throw .unsupported(feature: name(feature), found: found, supported: supported, path: path)
    }
    values["rope_scaling"] = scaling.map { .object($0) }
    for key in ["rope_type", "factor", "original_max_position_embeddings"] {
      sources["rope_scaling.\(key)"] = name("rope.scaling")
    }
    guard conventions.dividesFrequencies, let (file, info) = stored else { return }
    guard scaling == nil, case .integer(let size)? = values["head_dim"] else {
      throw refusal("rope_freqs.weight beside \(name("rope.scaling"))", "one of them")
    }
    guard info.type == .f32, info.shape == [size / 2] else {
      throw refusal(
        "rope_freqs.weight \(info.typeName) \(ShapeText(info.shape))", "F32 [\(size / 2)]")
    }
    let factors = file.withBytes(0..<info.range.count, of: info) { bytes in
      (0..<info.count).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
    guard factors.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw refusal("rope_freqs.weight with values that are no divisors", "factors above 0")
    }
    readTensors.insert(info.name)
    var positions = 0
    if case .integer(let length)? = values["max_position_embeddings"] { positions = length }
    var theta = 10_000.0
    if case .integer(let value) = base { theta = Double(value) }
    if case .number(let value) = base { theta = value }
    values["rope_scaling"] = GGUFRotation.scaling(
      dividing: factors, theta: theta, positions: positions
    ).map { .object($0) }
  }

  /// The same error in the words of the file.
  func translated(_ error: ModelError) -> ModelError {
    switch error {
    case .configuration(let key, let found, let expected, _):
      refusal("\(sources[key] ?? key) \(found)", expected)
    case .unsupported(let feature, let found, let supported, _):
      .unsupported(
        feature: sources[feature] ?? feature, found: found, supported: supported, path: path)
    default: error
    }
  }
}
