import TensorKit

/// The layers of Mamba-1, as transformers' MambaForCausalLM has them.
struct MambaStack: LayerStack {
  let shape: MambaShape
  let places: MambaParameters

  /// What makes time steps, B and C (x_proj, dt_proj) is not rounded: it is 3 % of the products and
  /// feeds exponentials.
  var maps: RoundedMaps {
    RoundedMaps(
      body: places.layers.flatMap { [$0.input, $0.output] },
      normed: places.layers.map { NormedMap(norm: $0.norm, map: $0.input) },
      finalNorm: places.finalNorm, head: places.head, embedding: places.embedding, shape)
  }
  var finalNorm: TensorPlace { places.finalNorm }
  var normEpsilon: Double { shape.normEpsilon }

  private func blocks(_ slots: MambaActivations, _ pass: Pass) throws -> [MambaBlock] {
    let branching = try pass.branches.map { try MambaBranching($0, shape) }
    return try zip(places.layers, slots.layers).enumerated().map { index, layer in
      MambaBlock(
        shape: shape, places: layer.0, input: pass.stream.states[index], saved: layer.1,
        shared: slots, recurrence: try pass.decoding?.recurrence(layer: index),
        branching: branching)
    }
  }

  func forward(_ pass: Pass) throws {
    let blocks = try blocks(pass.workspace.activations.layers(), pass)
    for (block, output) in zip(blocks, pass.stream.states.dropFirst()) {
      block.forward(pass, output: output)
    }
  }

  func backward(_ pass: Pass, gradients: ParameterView) throws {
    let slots: MambaActivations = try pass.workspace.activations.layers()
    guard let buffers = slots.gradients else { throw ModelError.needsTrainingWorkspace }
    let blocks = try blocks(slots, pass)
    for (index, block) in blocks.enumerated().reversed() {
      // The last layer's activations are still those of the forward pass.
      if pass.workspace.purpose == .checkpointedTraining, index + 1 < blocks.count {
        block.mix(pass)
      }
      try block.backward(pass, gradients: gradients, buffers: buffers)
    }
  }

  func prepare(_ state: DecodingState, weights: ParameterView) throws {
    let slots: MambaCache = try state.cache()
    for (places, layer) in zip(places.layers, slots.layers) {
      places.transpose(
        weights, shape, decay: state.pointer(layer.decay),
        convolution: state.pointer(layer.convolution))
    }
  }
}
