import TensorKit

/// Grouped-query attention of one layer with its norm and residual:
/// middle = input + o_proj(attention(rope(qkv_proj(norm(input))))); some families normalise the heads
/// of q and k before the rotation.
struct AttentionBlock {
  let shape: TransformerShape
  let places: TransformerParameters.Layer
  /// Residual stream before the layer [T, d].
  let input: Slot
  let saved: TransformerActivations.Layer
  let shared: TransformerActivations
  /// Tokens that a token sees; nil for all before it.
  let window: Int?
  /// The sequences that the pass continues, if it does.
  var cache: AttentionCache?

  func forward(_ pass: Pass) throws {
    let d = shape.hiddenSize
    let normalized = pass.normalize(
      places.inputNorm, output: pass.stream.operand, input: input, scale: saved.inputScale,
      epsilon: shape.normEpsilon)
    let joined = pass.matrix(saved.queryKeyValue, columns: shape.queryKeyValueSize)
    pass.linear(places.queryKeyValue, output: joined, input: normalized)
    normalizeHeads(joined, pass)
    rotate(joined, pass)
    let attended = pass.matrix(saved.attention, columns: shape.querySize)
    let (q, k, v) = split(joined)
    if let branches = pass.branches {
      try pass.ops.branchAttention(
        output: attended, q: q, k: k, v: v, offsets: branches.offsets,
        shape: shape.attention(pass.offsets, window: window), scratch: branches.memory)
    } else if let cache {
      try pass.ops.cachedAttention(
        output: attended, q: q, k: k, v: v, rows: cache.rows,
        shape: shape.attention(pass.offsets, window: window), scratch: pass.scratch)
    } else {
      try pass.ops.attention(
        output: attended, logSumExp: pass.pointer(saved.logSumExp), q: q, k: k, v: v,
        shape: shape.attention(pass.offsets, window: window), scratch: pass.scratch)
    }
    if saved.middle.offset != input.offset {
      pass.ops.copy(
        pass.pointer(saved.middle), pass.pointer(input), count: pass.tokens * d)
    }
    pass.linear(
      places.attentionOutput, output: pass.matrix(saved.middle, columns: d),
      input: pass.rounded(attended, in: pass.stream.operand), accumulate: true)
  }

  /// Takes the gradient of `middle` in the residual gradient and leaves there that of `input`.
  func backward(
    _ pass: Pass, gradients: ParameterView, buffers: TransformerActivations.Gradients
  ) throws {
    let d = shape.hiddenSize
    let residual = pass.matrix(buffers.stream.residual, columns: d)
    let attended = pass.matrix(saved.attention, columns: shape.querySize)
    let attendedGradient = pass.matrix(buffers.attention, columns: shape.querySize)
    let roundedResidual = pass.rounded(residual, in: buffers.stream.rounded)
    pass.linearWeightGradient(
      places.attentionOutput, gradients: gradients, outputGradient: residual,
      rounded: roundedResidual, input: pass.rounded(attended, in: pass.stream.operand))
    pass.linearInputGradient(
      places.attentionOutput, attendedGradient, outputGradient: roundedResidual)

    let joined = pass.matrix(saved.queryKeyValue, columns: shape.queryKeyValueSize)
    let joinedGradient = pass.matrix(buffers.queryKeyValue, columns: shape.queryKeyValueSize)
    let (q, k, v) = split(joined)
    let (qGradient, kGradient, vGradient) = split(joinedGradient)
    try pass.ops.attentionBackward(
      qGradient: qGradient, kGradient: kGradient, vGradient: vGradient,
      outputGradient: attendedGradient, output: attended,
      logSumExp: pass.pointer(saved.logSumExp), q: q, k: k, v: v,
      shape: shape.attention(pass.offsets, window: window), scratch: pass.scratch)
    rotate(joinedGradient, pass, backward: true)
    try normalizeHeadsBackward(joinedGradient, pass, gradients)

    let normalized = pass.normalize(
      places.inputNorm, output: pass.stream.operand, input: input, epsilon: shape.normEpsilon)
    let rounded = pass.rounded(joinedGradient, in: buffers.stream.rounded)
    pass.linearWeightGradient(
      places.queryKeyValue, gradients: gradients, outputGradient: joinedGradient,
      rounded: rounded, input: normalized)
    pass.linearInputGradient(
      places.queryKeyValue, pass.matrix(buffers.stream.normalized, columns: d),
      outputGradient: rounded)
    try pass.normalizeBackward(
      places.inputNorm, gradients: gradients, residualGradient: buffers.stream.residual,
      outputGradient: buffers.stream.normalized, input: input, scale: saved.inputScale)
  }

  /// Rotates q and k, which lie side by side, in one call.
  private func rotate(_ joined: Matrix, _ pass: Pass, backward: Bool = false) {
    let kept = shape.rotary.dependsOnLength ? nil : cache
    pass.ops.rotary(
      joined.columns(from: 0, count: shape.querySize + shape.keyValueSize),
      positions: pass.positions,
      cosines: kept?.cosines ?? UnsafePointer(pass.pointer(shared.cosines)),
      sines: kept?.sines ?? UnsafePointer(pass.pointer(shared.sines)),
      heads: shape.headCount + shape.keyValueHeadCount, headSize: shape.headDimension,
      backward: backward)
  }

  /// Normalises the heads of q and of k, where the family does.
  private func normalizeHeads(_ joined: Matrix, _ pass: Pass) {
    guard let queryNorm = places.queryNorm, let keyNorm = places.keyNorm else { return }
    let (q, k, _) = split(joined)
    let inputs = saved.headNorms.map { normalizedInputs($0, pass) }
    pass.ops.headNorm(
      q, weight: pass.weights[queryNorm], shape: shape.queryHeads,
      epsilon: Float(shape.normEpsilon), kept: inputs?.q)
    pass.ops.headNorm(
      k, weight: pass.weights[keyNorm], shape: shape.keyHeads,
      epsilon: Float(shape.normEpsilon), kept: inputs?.k)
  }

  /// Turns the gradients of the normalised q and k into those of q and k.
  private func normalizeHeadsBackward(
    _ joined: Matrix, _ pass: Pass, _ gradients: ParameterView
  ) throws {
    guard let queryNorm = places.queryNorm, let keyNorm = places.keyNorm else { return }
    guard let slots = saved.headNorms else { throw ModelError.needsTrainingWorkspace }
    let (q, k, _) = split(joined)
    let inputs = normalizedInputs(slots, pass)
    try pass.ops.headNormBackward(
      q, weightGradient: gradients[queryNorm], weight: pass.weights[queryNorm],
      kept: (inputs.q.input, UnsafePointer(inputs.q.rstd)), shape: shape.queryHeads,
      scratch: pass.scratch)
    try pass.ops.headNormBackward(
      k, weightGradient: gradients[keyNorm], weight: pass.weights[keyNorm],
      kept: (inputs.k.input, UnsafePointer(inputs.k.rstd)), shape: shape.keyHeads,
      scratch: pass.scratch)
  }

  /// q and k before their norms, each with 1 / rms of its heads.
  private func normalizedInputs(
    _ slots: TransformerActivations.HeadNorms, _ pass: Pass
  ) -> (
    q: (input: Matrix, rstd: UnsafeMutablePointer<Float>),
    k: (input: Matrix, rstd: UnsafeMutablePointer<Float>)
  ) {
    let both = pass.matrix(slots.inputs, columns: shape.querySize + shape.keyValueSize)
    return (
      (both.columns(from: 0, count: shape.querySize), pass.pointer(slots.queryScale)),
      (
        both.columns(from: shape.querySize, count: shape.keyValueSize),
        pass.pointer(slots.keyScale)
      )
    )
  }

  private func split(_ joined: Matrix) -> (q: Matrix, k: Matrix, v: Matrix) {
    (
      joined.columns(from: 0, count: shape.querySize),
      joined.columns(from: shape.querySize, count: shape.keyValueSize),
      joined.columns(from: shape.querySize + shape.keyValueSize, count: shape.keyValueSize)
    )
  }
}

extension TransformerShape {
  /// The attention of a packed batch.
  func attention(_ offsets: SequenceOffsets, window: Int? = nil) -> AttentionShape {
    AttentionShape(
      offsets: offsets, heads: headCount, keyValueHeads: keyValueHeadCount,
      headSize: headDimension, window: window)
  }
}
