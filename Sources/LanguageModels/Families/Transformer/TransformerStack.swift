import TensorKit

/// The layers of a transformer: attention and MLP in turn.
struct TransformerStack: LayerStack {
  let shape: TransformerShape
  let places: TransformerParameters

  var maps: RoundedMaps {
    RoundedMaps(
      body: places.layers.flatMap { [$0.queryKeyValue, $0.attentionOutput, $0.gateUp, $0.down] },
      normed: places.layers.flatMap {
        [
          NormedMap(norm: $0.inputNorm, map: $0.queryKeyValue),
          NormedMap(norm: $0.postAttentionNorm, map: $0.gateUp),
        ]
      },
      finalNorm: places.finalNorm, head: places.head, embedding: places.embedding, shape)
  }
  var finalNorm: TensorPlace { places.finalNorm }
  var normEpsilon: Double { shape.normEpsilon }

  private func blocks(
    _ slots: TransformerActivations, _ pass: Pass
  ) throws -> [(attention: AttentionBlock, mlp: MLPBlock)] {
    try zip(places.layers, slots.layers).enumerated().map { index, layer in
      let (places, saved) = layer
      return (
        AttentionBlock(
          shape: shape, places: places, input: pass.stream.states[index], saved: saved,
          shared: slots, window: shape.window(ofLayer: index),
          cache: try pass.decoding?.attentionCache(layer: index)),
        MLPBlock(shape: shape, places: places, saved: saved, shared: slots)
      )
    }
  }

  func forward(_ pass: Pass) throws {
    let blocks = try blocks(pass.workspace.activations.layers(), pass)
    for (block, output) in zip(blocks, pass.stream.states.dropFirst()) {
      try block.attention.forward(pass)
      try block.mlp.forward(pass, output: output)
    }
  }

  func backward(_ pass: Pass, gradients: ParameterView) throws {
    let slots: TransformerActivations = try pass.workspace.activations.layers()
    guard let buffers = slots.gradients else { throw ModelError.needsTrainingWorkspace }
    let blocks = try blocks(slots, pass)
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
    let slots: TransformerCache = try state.cache()
    guard !shape.rotary.dependsOnLength else { return }
    let capacity = state.plan.capacity
    shape.rotary.fill(
      cosines: state.pointer(slots.cosines), sines: state.pointer(slots.sines),
      positions: 0..<capacity, length: capacity, headDimension: shape.headDimension)
  }
}
