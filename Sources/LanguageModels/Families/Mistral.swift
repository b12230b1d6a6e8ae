import Store

/// Mistral 7B and its kin: a transformer without biases, with a sliding window in every layer unless
/// the file has null for it.
struct Mistral: Transformer {
  static let family = Family.mistral
  static let name = "Mistral"
  static let className = "MistralForCausalLM"
  static let usualTheta = 10000.0
  // Files of Mistral models call themselves llama, and cannot say their windows.
  static let gguf = GGUFConventions(isWritten: false)

  var shape: TransformerShape

  init(_ fields: ConfigurationFields) throws(ModelError) {
    // Other families take null as absent, transformers refuses it in this one.
    if fields.values["num_key_value_heads"] == .null {
      throw fields.wrong("num_key_value_heads", "an integer (8 where the key is left out)")
    }
    shape = try TransformerShape(
      fields,
      fallbacks: .init(
        maximumPositions: 1 << 17, theta: 10000, headDimension: nil, keyValueHeads: 8))
    shape.windows = try SlidingWindows.mistral(fields, layers: shape.layerCount)
  }

  init(_ sizes: ModelSizes) throws(ModelError) {
    var keys = TransformerShape.keys(sizes, theta: Self.usualTheta)
    // A model that is chosen by its sizes has what its sizes say, as those of the other families.
    keys["sliding_window"] = .null
    if sizes.keyValueHeadCount == nil {
      keys["num_key_value_heads"] = sizes.headCount.map { .integer($0) }
    }
    try self.init(ConfigurationFields(values: keys))
  }

  var ownKeys: [String: JSONValue] { SlidingWindows.mistralKeys(shape.windows) }
}
