import TensorKit

/// SwiGLU of one layer with its norm and residual:
/// output = middle + down_proj(silu(gate) * up), gate and up = projections of norm(middle).
struct MLPBlock {
  let shape: DecoderConfiguration
  let places: DecoderParameters.Layer
  let saved: DecoderActivations.Layer
  let shared: DecoderActivations

  /// Writes the residual stream after the layer to `output`.
  func forward(_ pass: Pass, output: Slot) {
    let d = shape.hiddenSize
    let f = shape.intermediateSize
    pass.normalize(
      places.postAttentionNorm, output: shared.normalized, input: saved.middle,
      scale: saved.middleScale, epsilon: shape.normEpsilon)
    let gateUp = pass.matrix(saved.gateUp, columns: 2 * f)
    pass.linear(places.gateUp, output: gateUp, input: pass.matrix(shared.normalized, columns: d))
    let product = pass.matrix(shared.product, columns: f)
    pass.ops.swiglu(
      output: product, gate: gateUp.columns(from: 0, count: f),
      up: gateUp.columns(from: f, count: f))
    if output.offset != saved.middle.offset {
      pass.ops.copy(pass.pointer(output), pass.pointer(saved.middle), count: pass.tokens * d)
    }
    pass.linear(
      places.down, output: pass.matrix(output, columns: d), input: product, accumulate: true)
  }

  /// Takes the gradient of `output` in the residual gradient and leaves there that of `middle`.
  /// Overwrites the saved gate and up by their gradients.
  func backward(
    _ pass: Pass, gradients: ParameterView, buffers: DecoderActivations.Gradients
  ) throws {
    let d = shape.hiddenSize
    let f = shape.intermediateSize
    let residual = pass.matrix(buffers.residual, columns: d)
    let productGradient = pass.matrix(buffers.product, columns: f)
    pass.linearInputGradient(places.down, productGradient, outputGradient: residual)

    let gateUp = pass.matrix(saved.gateUp, columns: 2 * f)
    let gate = gateUp.columns(from: 0, count: f)
    let up = gateUp.columns(from: f, count: f)
    let product = pass.matrix(shared.product, columns: f)
    pass.ops.swigluBackward(
      gateGradient: gate, upGradient: up, output: product, outputGradient: productGradient,
      gate: gate, up: up)
    pass.linearWeightGradient(
      places.down, gradients: gradients, outputGradient: residual, input: product)

    pass.normalize(
      places.postAttentionNorm, output: shared.normalized, input: saved.middle,
      epsilon: shape.normEpsilon)
    pass.linearWeightGradient(
      places.gateUp, gradients: gradients, outputGradient: gateUp,
      input: pass.matrix(shared.normalized, columns: d))
    pass.linearInputGradient(
      places.gateUp, pass.matrix(buffers.normalized, columns: d), outputGradient: gateUp)
    try pass.normalizeBackward(
      places.postAttentionNorm, gradients: gradients, residualGradient: buffers.residual,
      outputGradient: buffers.normalized, input: saved.middle, scale: saved.middleScale)
  }
}
