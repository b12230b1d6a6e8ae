import Store

/// Qwen1.5, Qwen2 and Qwen2.5: a transformer with biases on q, k and v.
struct Qwen2: Transformer {
  static let family = Family.qwen2
  static let name = "Qwen2"
  static let className = "Qwen2ForCausalLM"
  static let usualTheta = 1e6

  var shape: TransformerShape

  init(_ fields: ConfigurationFields) throws(ModelError) {
    // A file without theta is refused, because libraries disagree on the fallback.
    shape = try TransformerShape(
      fields, fallbacks: .init(maximumPositions: 32768, theta: nil, headDimension: nil))
    shape.hasQueryKeyValueBias = true
    shape.windows = try SlidingWindows.qwen(fields, layers: shape.layerCount)
  }

  var ownKeys: [String: JSONValue] { SlidingWindows.qwenKeys(shape.windows) }
}
