import TensorKit

/// The layers of Qwen2 and Llama: attention and MLP in turn.
struct DecoderStack: LayerStack {
  let shape: DecoderConfiguration
  let places: DecoderParameters

  var maps: RoundedMaps { RoundedMaps(places, shape) }
  var finalNorm: TensorPlace { places.finalNorm }
  var normEpsilon: Double { shape.normEpsilon }

  private func blocks(
    _ slots: DecoderActivations, _ pass: Pass
  ) -> [(attention: AttentionBlock, mlp: MLPBlock)] {
    zip(places.layers, slots.layers).enumerated().map { index, layer in
      let (places, saved) = layer
      return (
        AttentionBlock(
          shape: shape, places: places, input: pass.stream.states[index], saved: saved,
          shared: slots, cache: pass.decoding?.attentionCache(layer: index)),
        MLPBlock(shape: shape, places: places, saved: saved, shared: slots)
      )
    }
  }

  func forward(_ pass: Pass) throws {
    let blocks = blocks(try pass.workspace.activations.decoder(), pass)
    for (block, output) in zip(blocks, pass.stream.states.dropFirst()) {
      try block.attention.forward(pass)
      try block.mlp.forward(pass, output: output)
    }
  }

  func backward(_ pass: Pass, gradients: ParameterView) throws {
    let slots = try pass.workspace.activations.decoder()
    guard let buffers = slots.gradients else { throw ModelError.needsTrainingWorkspace }
    let blocks = blocks(slots, pass)
    for (index, block) in blocks.enumerated().reversed() {
      // The last layer's activations are still those of the forward pass.
      if pass.workspace.purpose == .checkpointedTraining, index + 1 < blocks.count {
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
}
