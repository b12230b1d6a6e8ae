import TensorKit

/// The layers of Mamba-1, as transformers' MambaForCausalLM has them.
struct MambaStack: LayerStack {
  let shape: MambaConfiguration
  let places: MambaParameters

  var embedding: TensorPlace { places.embedding }
  var roundedMaps: RoundedMaps { RoundedMaps(places, shape) }

  private func slots(_ activations: Activations) throws -> MambaActivations {
    guard case .mamba(let slots) = activations.family else { throw ModelError.foreignWorkspace }
    return slots
  }

  func input(of activations: Activations) throws -> Slot {
    let slots = try slots(activations)
    return slots.layers.first?.input ?? slots.output
  }

  private func blocks(_ slots: MambaActivations, _ pass: Pass) -> [MambaBlock] {
    zip(places.layers, slots.layers).enumerated().map { index, layer in
      MambaBlock(
        shape: shape, places: layer.0, saved: layer.1, shared: slots,
        recurrence: pass.decoding?.recurrence(layer: index))
    }
  }

  func forward(_ pass: Pass, _ activations: Activations) throws {
    let slots = try slots(activations)
    let blocks = blocks(slots, pass)
    for (index, block) in blocks.enumerated() {
      let next = index + 1 < blocks.count ? slots.layers[index + 1].input : slots.output
      block.forward(pass, output: next)
    }
  }

  func backward(_ pass: Pass, _ activations: Activations, gradients: ParameterView) throws {
    let slots = try slots(activations)
    guard let buffers = slots.gradients else { throw ModelError.needsTrainingWorkspace }
    let blocks = blocks(slots, pass)
    for (index, block) in blocks.enumerated().reversed() {
      // The last layer's activations are still those of the forward pass.
      if slots.isCheckpointed, index + 1 < blocks.count { block.mix(pass) }
      try block.backward(pass, gradients: gradients, buffers: buffers)
    }
  }

  func prepare(_ state: DecodingState, weights: ParameterView) throws {
    guard case .mamba(let slots) = state.slots.family else { throw ModelError.foreignWorkspace }
    for (places, layer) in zip(places.layers, slots.layers) {
      places.transpose(
        weights, shape, decay: state.pointer(layer.decay),
        convolution: state.pointer(layer.convolution))
    }
  }

  func head(_ activations: Activations) throws -> OutputHead {
    let slots = try slots(activations)
    return OutputHead(
      norm: places.finalNorm, projection: roundedMaps.head, epsilon: shape.normEpsilon,
      input: slots.output, inputScale: slots.outputScale, operand: slots.operand,
      residualGradient: slots.gradients?.residual,
      normalizedGradient: slots.gradients?.normalized)
  }
}
