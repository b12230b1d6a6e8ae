import Glibc
import TensorKit

/// One Mamba-1 layer with its norm and residual:
/// output = input + out_proj(scan(u) silu(z)), u = silu(conv(x)), x and z = in_proj(norm(input)).
struct MambaBlock {
  let shape: MambaShape
  let places: MambaParameters.Layer
  /// Residual stream before the layer [T, d].
  let input: Slot
  let saved: MambaActivations.Layer
  let shared: MambaActivations
  /// The sequences that the pass continues, if it does.
  var recurrence: MambaRecurrence?
  /// The stems and branches of the pass, if it has any.
  var branching: MambaBranching?

  /// Makes everything that backward needs: all but the output projection.
  func mix(_ pass: Pass) {
    let inner = shape.innerSize
    let normalized = pass.normalize(
      places.norm, output: pass.stream.operand, input: input, scale: saved.inputScale,
      epsilon: shape.normEpsilon)
    pass.linear(
      places.input, output: pass.matrix(saved.xz, columns: 2 * inner), input: normalized)
    prepare(pass)
    convolve(pass)
    let projected = pass.matrix(saved.projected, columns: shape.projectionSize)
    pass.ops.linear(
      output: projected, input: pass.matrix(shared.convolved, columns: inner).operand,
      weight: pass.weights.matrix(
        places.projection, rows: shape.projectionSize, columns: inner
      ).operand)
    expandTimeStep(pass)
    if let branching {
      branching.scan(
        pass.ops, output: pass.pointer(saved.gated), inputs: scanInputs(pass), shape: shape)
    } else if let recurrence {
      pass.ops.scan(
        output: pass.pointer(saved.gated), states: recurrence.states, inputs: scanInputs(pass),
        shape: shape.scan(pass.offsets))
    } else {
      pass.ops.scan(
        output: pass.pointer(saved.gated), saved: saved.states.map(pass.pointer),
        inputs: scanInputs(pass), shape: shape.scan(pass.offsets))
    }
  }

  /// Writes the residual stream after the layer to `output`.
  func forward(_ pass: Pass, output: Slot) {
    let d = shape.hiddenSize
    mix(pass)
    if output.offset != input.offset {
      pass.ops.copy(pass.pointer(output), pass.pointer(input), count: pass.tokens * d)
    }
    let gated = pass.matrix(saved.gated, columns: shape.innerSize)
    pass.linear(
      places.output, output: pass.matrix(output, columns: d),
      input: pass.rounded(gated, in: pass.stream.operand), accumulate: true)
  }

  /// Takes the gradient of `output` in the residual gradient and leaves there that of `input`.
  func backward(
    _ pass: Pass, gradients: ParameterView, buffers: MambaActivations.Gradients
  ) throws {
    guard let states = saved.states else { throw ModelError.needsTrainingWorkspace }
    let d = shape.hiddenSize
    let inner = shape.innerSize
    let residual = pass.matrix(buffers.stream.residual, columns: d)
    let roundedResidual = pass.rounded(residual, in: buffers.stream.rounded)
    pass.linearWeightGradient(
      places.output, gradients: gradients, outputGradient: residual, rounded: roundedResidual,
      input: pass.rounded(pass.matrix(saved.gated, columns: inner), in: pass.stream.operand))
    pass.linearInputGradient(
      places.output, pass.matrix(buffers.gated, columns: inner),
      outputGradient: roundedResidual)

    prepare(pass)
    convolve(pass)
    expandTimeStep(pass)
    pass.ops.clear(pass.pointer(buffers.decay), count: buffers.decay.count)
    try pass.ops.scanBackward(
      gradients: scanGradients(pass, gradients, buffers),
      outputGradient: pass.pointer(buffers.gated), saved: pass.pointer(states),
      inputs: scanInputs(pass), shape: shape.scan(pass.offsets), scratch: pass.scratch)
    addDecayGradient(pass, gradients, buffers)
    projectionBackward(pass, gradients, buffers)
    convolutionBackward(pass, gradients, buffers)

    let normalized = pass.normalize(
      places.norm, output: pass.stream.operand, input: input, epsilon: shape.normEpsilon)
    let xzGradient = pass.matrix(buffers.xz, columns: 2 * inner)
    let rounded = pass.rounded(xzGradient, in: buffers.stream.rounded)
    pass.linearWeightGradient(
      places.input, gradients: gradients, outputGradient: xzGradient, rounded: rounded,
      input: normalized)
    pass.linearInputGradient(
      places.input, pass.matrix(buffers.stream.normalized, columns: d), outputGradient: rounded)
    try pass.normalizeBackward(
      places.norm, gradients: gradients, residualGradient: buffers.stream.residual,
      outputGradient: buffers.stream.normalized, input: input, scale: saved.inputScale)
  }

  /// Gradients of dt_proj and x_proj; adds to that of the convolution's output.
  private func projectionBackward(
    _ pass: Pass, _ gradients: ParameterView, _ buffers: MambaActivations.Gradients
  ) {
    let inner = shape.innerSize
    let rank = shape.timeStepRank
    let timeStepGradient = pass.matrix(buffers.timeStep, columns: inner)
    let projectedGradient = pass.matrix(buffers.projected, columns: shape.projectionSize)
    pass.ops.linearWeightGradient(
      gradients.matrix(places.timeStep, rows: inner, columns: rank),
      outputGradient: timeStepGradient.operand,
      input: pass.matrix(saved.projected, columns: shape.projectionSize)
        .columns(from: 0, count: rank).operand)
    pass.ops.linearInputGradient(
      projectedGradient.columns(from: 0, count: rank), outputGradient: timeStepGradient.operand,
      weight: pass.weights.matrix(places.timeStep, rows: inner, columns: rank).operand)
    let rows = shape.projectionSize
    pass.ops.linearWeightGradient(
      gradients.matrix(places.projection, rows: rows, columns: inner),
      outputGradient: projectedGradient.operand,
      input: pass.matrix(shared.convolved, columns: inner).operand)
    pass.ops.linearInputGradient(
      pass.matrix(buffers.convolved, columns: inner), outputGradient: projectedGradient.operand,
      weight: pass.weights.matrix(places.projection, rows: rows, columns: inner).operand,
      accumulate: true)
  }

  /// Gradients of the convolution and of x.
  private func convolutionBackward(
    _ pass: Pass, _ gradients: ParameterView, _ buffers: MambaActivations.Gradients
  ) {
    let inner = shape.innerSize
    let taps = shape.convolutionTaps
    pass.ops.clear(pass.pointer(buffers.convolution), count: buffers.convolution.count)
    pass.ops.convSiLUBackward(
      inputGradient: pass.matrix(buffers.xz, columns: 2 * inner).columns(from: 0, count: inner),
      weightGradient: pass.pointer(buffers.convolution),
      biasGradient: places.convolutionBias.map { gradients[$0] },
      outputGradient: pass.matrix(buffers.convolved, columns: inner),
      input: pass.matrix(saved.xz, columns: 2 * inner).columns(from: 0, count: inner),
      weight: pass.pointer(shared.convolution),
      bias: places.convolutionBias.map { UnsafePointer(pass.weights[$0]) }, taps: taps,
      offsets: pass.offsets)
    let gradient = gradients[places.convolution]
    let transposed = pass.pointer(buffers.convolution)
    for channel in 0..<inner {
      for tap in 0..<taps { gradient[channel * taps + tap] += transposed[tap * inner + channel] }
    }
  }

  /// A = -exp(A_log), so the gradient of A_log is that of A times A.
  private func addDecayGradient(
    _ pass: Pass, _ gradients: ParameterView, _ buffers: MambaActivations.Gradients
  ) {
    let gradient = gradients[places.logDecay]
    let decay = pass.pointer(shared.decay)
    let decayGradient = pass.pointer(buffers.decay)
    for channel in 0..<shape.innerSize {
      for state in 0..<shape.stateSize {
        let index = state * shape.innerSize + channel
        gradient[channel * shape.stateSize + state] += decayGradient[index] * decay[index]
      }
    }
  }
}

// What forward and backward both compute.
extension MambaBlock {
  /// Brings A and the convolution's weight into the kernels' layouts: [N, D] and [K, D].
  private func prepare(_ pass: Pass) {
    // Decoding has done so once for all its passes.
    if recurrence != nil { return }
    places.transpose(
      pass.weights, shape, decay: pass.pointer(shared.decay),
      convolution: pass.pointer(shared.convolution))
  }

  private func convolve(_ pass: Pass) {
    let inner = shape.innerSize
    let output = pass.matrix(shared.convolved, columns: inner)
    let input = pass.matrix(saved.xz, columns: 2 * inner).columns(from: 0, count: inner)
    let bias = places.convolutionBias.map { UnsafePointer(pass.weights[$0]) }
    if let branching {
      branching.convolve(
        pass.ops, output: output, input: input, weight: pass.pointer(shared.convolution),
        bias: bias, taps: shape.convolutionTaps)
    } else if let recurrence {
      pass.ops.convSiLU(
        output: output, input: input, windows: recurrence.windows,
        weight: recurrence.convolution, bias: bias, taps: shape.convolutionTaps,
        offsets: pass.offsets)
    } else {
      pass.ops.convSiLU(
        output: output, input: input, weight: pass.pointer(shared.convolution), bias: bias,
        taps: shape.convolutionTaps, offsets: pass.offsets)
    }
  }

  /// The low-rank time step times dt_proj.weight; its bias and softplus belong to the scan.
  private func expandTimeStep(_ pass: Pass) {
    pass.ops.linear(
      output: pass.matrix(shared.timeStep, columns: shape.innerSize),
      input: pass.matrix(saved.projected, columns: shape.projectionSize)
        .columns(from: 0, count: shape.timeStepRank).operand,
      weight: pass.weights.matrix(
        places.timeStep, rows: shape.innerSize, columns: shape.timeStepRank
      ).operand)
  }

  private func scanInputs(_ pass: Pass) -> ScanInputs {
    let projected = pass.matrix(saved.projected, columns: shape.projectionSize)
    let inner = shape.innerSize
    return ScanInputs(
      u: pass.pointer(shared.convolved), timeSteps: pass.pointer(shared.timeStep),
      z: pass.matrix(saved.xz, columns: 2 * inner).columns(from: inner, count: inner),
      b: projected.columns(from: shape.timeStepRank, count: shape.stateSize),
      c: projected.columns(from: shape.timeStepRank + shape.stateSize, count: shape.stateSize),
      a: recurrence?.decay ?? UnsafePointer(pass.pointer(shared.decay)),
      skip: pass.weights[places.skip], timeStepBias: pass.weights[places.timeStepBias])
  }

  private func scanGradients(
    _ pass: Pass, _ gradients: ParameterView, _ buffers: MambaActivations.Gradients
  ) -> ScanGradients {
    let projected = pass.matrix(buffers.projected, columns: shape.projectionSize)
    let inner = shape.innerSize
    return ScanGradients(
      u: pass.pointer(buffers.convolved), timeSteps: pass.pointer(buffers.timeStep),
      z: pass.matrix(buffers.xz, columns: 2 * inner).columns(from: inner, count: inner),
      b: projected.columns(from: shape.timeStepRank, count: shape.stateSize),
      c: projected.columns(from: shape.timeStepRank + shape.stateSize, count: shape.stateSize),
      a: pass.pointer(buffers.decay), skip: gradients[places.skip],
      timeStepBias: gradients[places.timeStepBias])
  }
}

extension MambaShape {
  /// The scan of a packed batch.
  func scan(_ offsets: SequenceOffsets) -> ScanShape {
    ScanShape(offsets: offsets, channels: innerSize, states: stateSize)
  }
}

extension MambaParameters.Layer {
  /// Brings A = -exp(A_log) and the convolution's weight into the kernels' layouts: [N, D] and [K, D].
  func transpose(
    _ weights: ParameterView, _ shape: MambaShape, decay: UnsafeMutablePointer<Float>,
    convolution: UnsafeMutablePointer<Float>
  ) {
    let inner = shape.innerSize
    let logDecay = weights[self.logDecay]
    let weight = weights[self.convolution]
    for channel in 0..<inner {
      for state in 0..<shape.stateSize {
        decay[state * inner + channel] = -expf(logDecay[channel * shape.stateSize + state])
      }
      for tap in 0..<shape.convolutionTaps {
        convolution[tap * inner + channel] = weight[channel * shape.convolutionTaps + tap]
      }
    }
  }
}
