import TensorKit

/// The layers of Mamba-1, as transformers' MambaForCausalLM has them.
struct MambaStack: LayerStack {
  let shape: MambaConfiguration
  let places: MambaParameters

  var maps: RoundedMaps { RoundedMaps(places, shape) }
  var finalNorm: TensorPlace { places.finalNorm }
  var normEpsilon: Double { shape.normEpsilon }

  private func blocks(_ slots: MambaActivations, _ pass: Pass) -> [MambaBlock] {
    zip(places.layers, slots.layers).enumerated().map { index, layer in
      MambaBlock(
        shape: shape, places: layer.0, input: pass.stream.states[index], saved: layer.1,
        shared: slots, recurrence: pass.decoding?.recurrence(layer: index))
    }
  }

  func forward(_ pass: Pass) throws {
    let blocks = blocks(try pass.workspace.activations.mamba(), pass)
    for (block, output) in zip(blocks, pass.stream.states.dropFirst()) {
      block.forward(pass, output: output)
    }
  }

  func backward(_ pass: Pass, gradients: ParameterView) throws {
    let slots = try pass.workspace.activations.mamba()
    guard let buffers = slots.gradients else { throw ModelError.needsTrainingWorkspace }
    let blocks = blocks(slots, pass)
    for (index, block) in blocks.enumerated().reversed() {
      // The last layer's activations are still those of the forward pass.
      if pass.workspace.purpose == .checkpointedTraining, index + 1 < blocks.count {
        block.mix(pass)
      }
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
}
