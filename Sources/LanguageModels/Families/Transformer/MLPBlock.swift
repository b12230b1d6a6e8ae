import TensorKit

/// SwiGLU of one layer with its norm and residual:
/// output = middle + down_proj(silu(gate) * up), gate and up = projections of norm(middle).
struct MLPBlock {
  let shape: TransformerShape
  let places: TransformerParameters.Layer
  let saved: TransformerActivations.Layer
  let shared: TransformerActivations

  /// Makes gate and up, which backward needs.
  func expand(_ pass: Pass) {
    let normalized = pass.normalize(
      places.postAttentionNorm, output: pass.stream.operand, input: saved.middle,
      scale: saved.middleScale, epsilon: shape.normEpsilon)
    pass.linear(
      places.gateUp, output: pass.matrix(saved.gateUp, columns: 2 * shape.intermediateSize),
      input: normalized)
  }

  /// Writes the residual stream after the layer to `output`.
  func forward(_ pass: Pass, output: Slot) throws {
    let d = shape.hiddenSize
    let f = shape.intermediateSize
    expand(pass)
    let gateUp = pass.matrix(saved.gateUp, columns: 2 * f)
    let product = pass.rows(shared.product, columns: f)
    pass.ops.swiglu(
      to: product, gate: gateUp.columns(from: 0, count: f), up: gateUp.columns(from: f, count: f))
    if output.offset != saved.middle.offset {
      pass.ops.copy(pass.pointer(output), pass.pointer(saved.middle), count: pass.tokens * d)
    }
    pass.linear(
      places.down, output: pass.matrix(output, columns: d), input: product, accumulate: true)
  }

  /// Takes the gradient of `output` in the residual gradient and leaves there that of `middle`.
  /// Overwrites the saved gate and up by their gradients.
  func backward(
    _ pass: Pass, gradients: ParameterView, buffers: TransformerActivations.Gradients
  ) throws {
    let d = shape.hiddenSize
    let f = shape.intermediateSize
    let residual = pass.matrix(buffers.stream.residual, columns: d)
    let productGradient = pass.matrix(buffers.product, columns: f)
    let roundedResidual = pass.rounded(residual, in: buffers.stream.rounded)
    pass.linearInputGradient(places.down, productGradient, outputGradient: roundedResidual)

    let gateUp = pass.matrix(saved.gateUp, columns: 2 * f)
    let gate = gateUp.columns(from: 0, count: f)
    let up = gateUp.columns(from: f, count: f)
    let product = pass.matrix(shared.product, columns: f)
    pass.ops.swigluBackward(
      gateGradient: gate, upGradient: up, output: product, outputGradient: productGradient,
      gate: gate, up: up)
    pass.linearWeightGradient(
      places.down, gradients: gradients, outputGradient: residual, rounded: roundedResidual,
      input: pass.rounded(product, in: pass.stream.operand))

    let normalized = pass.normalize(
      places.postAttentionNorm, output: pass.stream.operand, input: saved.middle,
      epsilon: shape.normEpsilon)
    let rounded = pass.rounded(gateUp, in: buffers.stream.rounded)
    pass.linearWeightGradient(
      places.gateUp, gradients: gradients, outputGradient: gateUp, rounded: rounded,
      input: normalized)
    pass.linearInputGradient(
      places.gateUp, pass.matrix(buffers.stream.normalized, columns: d), outputGradient: rounded)
    try pass.normalizeBackward(
      places.postAttentionNorm, gradients: gradients, residualGradient: buffers.stream.residual,
      outputGradient: buffers.stream.normalized, input: saved.middle, scale: saved.middleScale)
  }
}
