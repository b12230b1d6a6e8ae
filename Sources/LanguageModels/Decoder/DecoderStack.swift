import TensorKit

/// The layers of Qwen2 and Llama: attention and MLP in turn.
struct DecoderStack: LayerStack {
  let shape: DecoderConfiguration
  let places: DecoderParameters

  var embedding: TensorPlace { places.embedding }
  var roundedMaps: RoundedMaps { RoundedMaps(places, shape) }

  private func slots(_ activations: Activations) throws -> DecoderActivations {
    guard case .decoder(let slots) = activations.family else {
      throw ModelError.foreignWorkspace
    }
    return slots
  }

  func input(of activations: Activations) throws -> Slot {
    let slots = try slots(activations)
    return slots.layers.first?.input ?? slots.output
  }

  private func blocks(
    _ slots: DecoderActivations, _ pass: Pass
  ) -> [(attention: AttentionBlock, mlp: MLPBlock)] {
    zip(places.layers, slots.layers).enumerated().map { index, layer in
      let (places, saved) = layer
      return (
        AttentionBlock(
          shape: shape, places: places, saved: saved, shared: slots,
          cache: pass.decoding?.attentionCache(layer: index)),
        MLPBlock(shape: shape, places: places, saved: saved, shared: slots)
      )
    }
  }

  func forward(_ pass: Pass, _ activations: Activations) throws {
    let slots = try slots(activations)
    let blocks = blocks(slots, pass)
    for (index, block) in blocks.enumerated() {
      try block.attention.forward(pass)
      let next = index + 1 < blocks.count ? slots.layers[index + 1].input : slots.output
      try block.mlp.forward(pass, output: next)
    }
  }

  func backward(_ pass: Pass, _ activations: Activations, gradients: ParameterView) throws {
    let slots = try slots(activations)
    guard let buffers = slots.gradients else { throw ModelError.needsTrainingWorkspace }
    let blocks = blocks(slots, pass)
    for (index, block) in blocks.enumerated().reversed() {
      // The last layer's activations are still those of the forward pass.
      if slots.isCheckpointed, index + 1 < blocks.count {
        try block.attention.forward(pass)
        block.mlp.expand(pass)
      }
      try block.mlp.backward(pass, gradients: gradients, buffers: buffers)
      try block.attention.backward(pass, gradients: gradients, buffers: buffers)
    }
  }

  func prepare(_ state: DecodingState, weights: ParameterView) throws {
    guard case .decoder(let slots) = state.slots.family else {
      throw ModelError.foreignWorkspace
    }
    shape.rotary.fill(
      cosines: state.pointer(slots.cosines), sines: state.pointer(slots.sines),
      positions: state.plan.capacity, headDimension: shape.headDimension)
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
