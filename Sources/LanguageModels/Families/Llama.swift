import Store

/// Llama 1 to 3: a transformer with no bias unless the file says so.
struct Llama: Transformer {
  static let family = Family.llama
  static let name = "Llama"
  static let className = "LlamaForCausalLM"
  static let usualTheta = 10000.0
  static let gguf = GGUFConventions(interleavesHeads: true, dividesFrequencies: true)

  var shape: TransformerShape

  init(_ fields: ConfigurationFields) throws(ModelError) {
    shape = try TransformerShape(
      fields, fallbacks: .init(maximumPositions: 2048, theta: 10000, headDimension: nil))
    // transformers itself refuses a Llama whose heads do not divide, with or without head_dim.
    try TransformerShape.requireDividing(shape.hiddenSize, headCount: shape.headCount)
    // transformers computes this family without windows but decodes it with them.
    if let windows = try SlidingWindows.qwen(fields, layers: shape.layerCount) {
      throw .unsupported(
        feature: "use_sliding_window", found: "true (\(windows.fact))",
        supported: "attention over the whole sequence in this family")
    }
    let attentionBias = try fields.flag("attention_bias", default: false)
    shape.hasQueryKeyValueBias = attentionBias
    shape.hasOutputBias = attentionBias
    shape.hasMLPBias = try fields.flag("mlp_bias", default: false)
  }

  var ownKeys: [String: JSONValue] {
    ["attention_bias": .flag(shape.hasQueryKeyValueBias), "mlp_bias": .flag(shape.hasMLPBias)]
  }
}
