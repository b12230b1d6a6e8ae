import TensorKit

/// Mamba-1, as transformers' MambaForCausalLM: embedding, layers, final norm, output head.
final class MambaModel: CausalLanguageModel {
  let configuration: ModelConfiguration
  let parameters: ParameterStore
  let compute: Compute
  private let shape: MambaConfiguration
  private let places: MambaParameters

  init(_ shape: MambaConfiguration, compute: Compute) throws {
    configuration = .mamba(shape)
    self.shape = shape
    self.compute = compute
    var table = ParameterTable()
    places = MambaParameters(shape, table: &table)
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

  /// Computes what every pass of `state` reads of the weights in the kernels' layouts.
  func prepare(_ slots: MambaSlots, in state: DecodingState) throws {
    let weights = ParameterView(base: try parameters.base(.weights))
    for (places, layer) in zip(places.layers, slots.layers) {
      places.transpose(
        weights, shape, decay: state.pointer(layer.decay),
        convolution: state.pointer(layer.convolution))
    }
  }

  func lossAndGradients(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    let gradients = ParameterView(base: try parameters.base(.gradients))
    return try run(batch, workspace) { pass, slots, ids, blocks in
      guard let buffers = slots.gradients else { throw ModelError.needsTrainingWorkspace }
      let losses = try head(slots).lossBackward(
        pass, gradients: gradients, targets: batch.targets, weights: batch.weights,
        normalizedGradient: buffers.normalized, residualGradient: buffers.residual)
      for block in blocks.reversed() {
        try block.backward(pass, gradients: gradients, buffers: buffers)
      }
      pass.ops.scatterAddRows(
        tableGradient: gradients[places.embedding],
        outputGradient: pass.pointer(buffers.residual), ids: ids, rows: pass.tokens,
        size: shape.hiddenSize)
      return losses
    }
  }

  /// Runs embedding and layers, then gives `body` what backward needs.
  private func run<Result>(
    _ batch: PackedBatch, _ workspace: Workspace, decoding: DecodingPass? = nil,
    _ body: (Pass, MambaActivations, UnsafePointer<Int32>, [MambaBlock]) throws -> Result
  ) throws -> Result {
    guard case .mamba(let slots) = workspace.activations.family else {
      throw ModelError.foreignWorkspace
    }
    let pass = try Pass(batch, model: self, workspace: workspace)
    // The saved states have room for a partly filled chunk in each planned sequence.
    if workspace.purpose == .training, batch.sequenceCount > workspace.maximumSequences {
      throw ModelError.batch(
        found: "\(batch.sequenceCount) sequences",
        expected: "at most \(workspace.maximumSequences), as planned")
    }
    return try batch.tokens.withUnsafeBufferPointer { tokens in
      guard let ids = tokens.baseAddress else {
        throw ModelError.batch(found: "no tokens", expected: "at least one")
      }
      pass.ops.gatherRows(
        output: pass.pointer(slots.layers.first?.input ?? slots.output),
        from: pass.weights[places.embedding], ids: ids, rows: pass.tokens, size: shape.hiddenSize)
      let blocks = zip(places.layers, slots.layers).enumerated().map { index, layer in
        MambaBlock(
          shape: shape, places: layer.0, saved: layer.1, shared: slots,
          recurrence: decoding?.recurrence(layer: index))
      }
      for (index, block) in blocks.enumerated() {
        let next = index + 1 < blocks.count ? slots.layers[index + 1].input : slots.output
        block.forward(pass, output: next)
      }
      return try body(pass, slots, ids, blocks)
    }
  }

  private func head(_ slots: MambaActivations) -> OutputHead {
    OutputHead(
      norm: places.finalNorm, weight: places.head, vocabularySize: shape.vocabularySize,
      hiddenSize: shape.hiddenSize, epsilon: shape.normEpsilon, input: slots.output,
      inputScale: slots.outputScale, normalized: slots.normalized)
  }
}
