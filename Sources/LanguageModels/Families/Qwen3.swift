import Store

/// Qwen3, the dense models: every head of q and k is normalised before the rotation, heads have a
/// size of their own, and no bias unless the file says so.
struct Qwen3: Transformer {
  static let family = Family.qwen3
  static let name = "Qwen3"
  static let className = "Qwen3ForCausalLM"
  static let usualTheta = 1e6

  var shape: TransformerShape

  init(_ fields: ConfigurationFields) throws(ModelError) {
    // Other families take null as absent, transformers refuses it in this one.
    if fields.values["head_dim"] == .null {
      throw fields.wrong("head_dim", "an integer (128 where the key is left out)")
    }
    shape = try TransformerShape(
      fields, fallbacks: .init(maximumPositions: 32768, theta: 10000, headDimension: 128))
    let bias = try fields.flag("attention_bias", default: false)
    shape.hasQueryKeyValueBias = bias
    shape.hasOutputBias = bias
    shape.hasQueryKeyNorm = true
    shape.windows = try SlidingWindows.qwen(fields, layers: shape.layerCount)
  }

  init(_ sizes: ModelSizes) throws(ModelError) {
    var keys = TransformerShape.keys(sizes, theta: Self.usualTheta)
    // The published models have heads of 128 whatever their size; a model that is chosen by its
    // sizes shares the hidden size among its heads, as those of the other families.
    if sizes.headDimension == nil, let heads = sizes.headCount, heads > 0 {
      keys["head_dim"] = .integer(sizes.hiddenSize / heads)
    }
    try self.init(ConfigurationFields(values: keys))
  }

  var ownKeys: [String: JSONValue] {
    SlidingWindows.qwenKeys(shape.windows)
      .merging(["attention_bias": .flag(shape.hasQueryKeyValueBias)]) { $1 }
  }
}
