import TensorKit

/// Qwen2 and Llama: embedding, layers of attention and MLP, final norm, output head.
final class DecoderModel: CausalLanguageModel {
  let configuration: ModelConfiguration
  let parameters: ParameterStore
  let compute: Compute
  private let shape: DecoderConfiguration
  private let places: DecoderParameters

  init(_ shape: DecoderConfiguration, compute: Compute) throws {
    configuration = .decoder(shape)
    self.shape = shape
    self.compute = compute
    var table = ParameterTable()
    places = DecoderParameters(shape, table: &table)
    parameters = try ParameterStore(table: table)
  }

  func logProbabilities(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try run(batch, workspace) { pass, slots, _, _ in
      try head(slots).logProbabilities(pass, targets: batch.targets)
    }
  }

  func logits(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try run(batch, workspace) { pass, slots, _, _ in head(slots).logits(pass) }
  }

  func nextLogits(_ pieces: [DecodingPiece], state: DecodingState) throws -> Matrix {
    let decoding = try DecodingPass(pieces, state: state)
    return try run(PackedBatch(pieces), state.workspace, decoding: decoding) { pass, slots, _, _ in
      head(slots).nextLogits(pass, pieces: pieces, state: state)
    }
  }

  func lossAndGradients(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    let gradients = ParameterView(base: try parameters.base(.gradients))
    return try run(batch, workspace) { pass, slots, ids, blocks in
      guard let buffers = slots.gradients else { throw ModelError.needsTrainingWorkspace }
      let losses = try head(slots).lossBackward(
        pass, gradients: gradients, targets: batch.targets, weights: batch.weights,
        normalizedGradient: buffers.normalized, residualGradient: buffers.residual)
      for (attention, mlp) in blocks.reversed() {
        try mlp.backward(pass, gradients: gradients, buffers: buffers)
        try attention.backward(pass, gradients: gradients, buffers: buffers)
      }
      let residual = pass.matrix(buffers.residual, columns: shape.hiddenSize)
      // torch gives the padding token's row no gradient from the lookup.
      if let padding = shape.specialTokens.padding {
        for row in 0..<pass.tokens where ids[row] == padding {
          residual.row(row).update(repeating: 0, count: shape.hiddenSize)
        }
      }
      pass.ops.scatterAddRows(
        tableGradient: gradients[places.embedding], outputGradient: residual.pointer, ids: ids,
        rows: pass.tokens, size: shape.hiddenSize)
      return losses
    }
  }

  private typealias Blocks = [(attention: AttentionBlock, mlp: MLPBlock)]

  /// Runs embedding and layers, then gives `body` what backward needs.
  private func run<Result>(
    _ batch: PackedBatch, _ workspace: Workspace, decoding: DecodingPass? = nil,
    _ body: (Pass, DecoderActivations, UnsafePointer<Int32>, Blocks) throws -> Result
  ) throws -> Result {
    guard case .decoder(let slots) = workspace.activations.family else {
      throw ModelError.foreignWorkspace
    }
    let pass = try Pass(batch, model: self, workspace: workspace)
    var positions = [Int32](repeating: 0, count: max(1, pass.tokens))
    return try positions.withUnsafeMutableBufferPointer { positions in
      try batch.tokens.withUnsafeBufferPointer { tokens in
        guard let ids = tokens.baseAddress, let start = positions.baseAddress else {
          throw ModelError.batch(found: "no tokens", expected: "at least one")
        }
        pass.offsets.writePositions(to: start)
        decoding?.movePositions(start, offsets: pass.offsets)
        pass.ops.gatherRows(
          output: pass.pointer(slots.layers.first?.input ?? slots.output),
          from: pass.weights[places.embedding], ids: ids, rows: pass.tokens,
          size: shape.hiddenSize)
        let blocks = blocks(slots, positions: start, decoding: decoding)
        for (index, block) in blocks.enumerated() {
          try block.attention.forward(pass)
          let next = index + 1 < blocks.count ? slots.layers[index + 1].input : slots.output
          block.mlp.forward(pass, output: next)
        }
        return try body(pass, slots, ids, blocks)
      }
    }
  }

  private func blocks(
    _ slots: DecoderActivations, positions: UnsafePointer<Int32>, decoding: DecodingPass?
  ) -> Blocks {
    zip(places.layers, slots.layers).enumerated().map { index, layer in
      let (places, saved) = layer
      return (
        AttentionBlock(
          shape: shape, places: places, saved: saved, shared: slots, positions: positions,
          cache: decoding?.attentionCache(layer: index)),
        MLPBlock(shape: shape, places: places, saved: saved, shared: slots)
      )
    }
  }

  private func head(_ slots: DecoderActivations) -> OutputHead {
    OutputHead(
      norm: places.finalNorm, weight: places.head, vocabularySize: shape.vocabularySize,
      hiddenSize: shape.hiddenSize, epsilon: shape.normEpsilon, input: slots.output,
      inputScale: slots.outputScale, normalized: slots.normalized)
  }
}
