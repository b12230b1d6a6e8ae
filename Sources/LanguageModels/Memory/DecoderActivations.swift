import TensorKit

/// Buffers of a Qwen2 or Llama pass over T tokens.
///
/// Backward needs of each layer the two residual inputs, q k v after the rotation, the attention's
/// output and log-sum-exp, and gate and up; the normalised inputs and the SwiGLU product are
/// computed again. In scoring all layers share one set, and both residual slots are the same. With
/// block checkpointing only each layer's input is kept and the rest is one set.
struct DecoderActivations {
  struct Layer {
    /// Residual stream before the layer [T, d].
    let input: Slot
    /// 1 / rms of the input [T].
    let inputScale: Slot
    /// q, k, v side by side [T, (heads + 2 kv heads) hd].
    let queryKeyValue: Slot
    /// Attention's output [T, heads hd].
    let attention: Slot
    /// Log-sum-exp of the attention scores [heads, T].
    let logSumExp: Slot
    /// Residual stream between attention and MLP [T, d].
    let middle: Slot
    let middleScale: Slot
    /// gate, up side by side [T, 2 f].
    let gateUp: Slot
  }

  struct Gradients {
    /// Of the residual stream [T, d].
    let residual: Slot
    /// Of a normalised input [T, d].
    let normalized: Slot
    /// Of the attention's output [T, heads hd].
    let attention: Slot
    /// [T, (heads + 2 kv heads) hd]
    let queryKeyValue: Slot
    /// Of the SwiGLU product [T, f].
    let product: Slot
    /// A gradient in the precision of the products.
    let rounded: Slot
  }

  let layers: [Layer]
  /// Residual stream after the last layer [T, d].
  let output: Slot
  let outputScale: Slot
  /// What the next product reads: the normalised input of a block or of the head [T, d], or a
  /// block's result in the precision of the products.
  let operand: Slot
  /// SwiGLU product [T, f].
  let product: Slot
  /// Rotation tables [T, hd / 2].
  let cosines: Slot
  let sines: Slot
  let gradients: Gradients?
  let isCheckpointed: Bool

  init(
    _ c: DecoderConfiguration, tokens: Int, precision: Precision, purpose: WorkspacePurpose,
    plan: inout BufferPlan
  ) {
    let d = c.hiddenSize
    let f = c.intermediateSize
    isCheckpointed = purpose == .checkpointedTraining
    func layer(_ plan: inout BufferPlan, input: Slot, middle: Slot) -> Layer {
      Layer(
        input: input, inputScale: plan.reserve(tokens),
        queryKeyValue: plan.reserve(tokens * c.queryKeyValueSize),
        attention: plan.reserve(tokens * c.querySize),
        logSumExp: plan.reserve(tokens * c.headCount), middle: middle,
        middleScale: plan.reserve(tokens), gateUp: plan.reserve(tokens * 2 * f))
    }
    output = plan.reserve(tokens * d)
    switch purpose {
    case .training:
      layers = (0..<c.layerCount).map { _ in
        layer(&plan, input: plan.reserve(tokens * d), middle: plan.reserve(tokens * d))
      }
    case .checkpointedTraining:
      let one = layer(&plan, input: output, middle: plan.reserve(tokens * d))
      layers = (0..<c.layerCount).map { _ in one.reading(plan.reserve(tokens * d)) }
    case .scoring:
      layers = Array(
        repeating: layer(&plan, input: output, middle: output), count: c.layerCount)
    }
    outputScale = plan.reserve(tokens)
    operand = plan.reserveOperand(
      tokens: tokens, width: d, roundedWidth: max(c.querySize, purpose.trains ? f : 0),
      precision: precision)
    product = plan.reserveOperand(
      tokens: tokens, width: f, roundedWidth: f, precision: precision)
    cosines = plan.reserve(tokens * c.headDimension / 2)
    sines = plan.reserve(tokens * c.headDimension / 2)
    gradients =
      purpose == .scoring
      ? nil
      : Gradients(
        residual: plan.reserve(tokens * d), normalized: plan.reserve(tokens * d),
        attention: plan.reserve(tokens * c.querySize),
        queryKeyValue: plan.reserve(tokens * c.queryKeyValueSize),
        product: plan.reserve(tokens * f),
        rounded: plan.reserveOperand(
          tokens: tokens, width: 0, roundedWidth: max(2 * f, c.queryKeyValueSize, d),
          precision: precision))
  }
}

extension DecoderActivations.Layer {
  /// The same slots with another input.
  fileprivate func reading(_ input: Slot) -> Self {
    Self(
      input: input, inputScale: inputScale, queryKeyValue: queryKeyValue, attention: attention,
      logSumExp: logSumExp, middle: middle, middleScale: middleScale, gateUp: gateUp)
  }
}
