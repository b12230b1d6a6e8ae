import TensorKit

/// Every causal language model: embedding, a family's layers, final norm, output head.
final class StackedModel: CausalLanguageModel {
  let configuration: ModelConfiguration
  let parameters: ParameterStore
  let compute: Compute
  let precision: Precision
  private let stack: any LayerStack
  private let maps: RoundedMaps
  private let head: OutputHead
  private let matrices: ModelMatrices
  /// Row of the embedding that learns nothing from lookups: torch's padding_idx.
  private let paddingToken: Int?

  init(
    _ configuration: ModelConfiguration, source: (any TensorSource)?, precision: Precision,
    purpose: WorkspacePurpose, compute: Compute
  ) throws {
    try compute.require(precision, for: purpose)
    self.configuration = configuration
    self.compute = compute
    self.precision = precision
    var table = ParameterTable()
    stack = configuration.architecture.makeLayers(&table)
    paddingToken = configuration.architecture.paddingToken
    maps = stack.maps
    head = OutputHead(norm: stack.finalNorm, projection: maps.head, epsilon: stack.normEpsilon)
    let rounds = precision != .f32 && !purpose.trains
    parameters = try ParameterStore(table: table, isSparse: rounds)
    if rounds {
      matrices = .rounded(
        try RoundedWeights(
          maps, precision: precision, source: source, table: table, ops: compute))
    } else {
      matrices = precision == .f32 ? .full : .mixed(try Bfloat16Copies(maps, table: table))
    }
    guard let source else { return }
    let weights = try parameters.base(.weights)
    let places = RoundedPlaces(maps)
    for entry in table.entries where entry.tiedTo == nil {
      if rounds, places.contain(entry) { continue }
      try source.reader(of: entry)(entry.count, weights + entry.offset)
    }
    if case .rounded(let rounded) = matrices, precision == .int8 {
      try smooth(rounded, source, purpose)
    }
  }

  /// Moves range between norms and the maps behind them: see ``NormSmoothing``. The maps' weights are
  /// read a second time.
  private func smooth(
    _ rounded: RoundedWeights, _ source: any TensorSource, _ purpose: WorkspacePurpose
  ) throws {
    let observer = NormObserver()
    let batch = NormSmoothing.probe(vocabularySize: configuration.vocabularySize)
    let workspace = try Workspace(
      configuration: configuration, maximumTokens: batch.tokenCount,
      maximumSequences: batch.sequenceCount, precision: precision, purpose: purpose,
      compute: compute)
    try run(batch, workspace, observer: observer) { pass in
      _ = head.normalize(pass, precision: precision)
    }
    let weights = try parameters.base(.weights)
    for normed in maps.normed {
      guard let inputs = observer.sums[normed.norm.offset],
        let columns = rounded.columnSquares[normed.map.weight.offset]
      else { continue }
      let factors = NormSmoothing.factors(inputs: inputs, columns: columns)
      guard factors.contains(where: { $0 != 1 }) else { continue }
      try rounded.read(
        normed.map, times: factors, from: source, table: parameters.table, ops: compute)
      for (channel, factor) in factors.enumerated() {
        weights[normed.norm.offset + channel] /= factor
      }
    }
    rounded.finishLoading()
  }

  var holdsAllWeights: Bool {
    if case .rounded = matrices { return false }
    return true
  }

  func logProbabilities(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try run(batch, workspace) { pass in
      try head.logProbabilities(pass, targets: batch.targets)
    }
  }

  func logits(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try run(batch, workspace) { pass in
      head.logits(pass)
    }
  }

  func meanHidden(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try run(batch, workspace) { pass in
      head.meanHidden(pass, sequenceOffsets: batch.sequenceOffsets)
    }
  }

  func nextLogits(_ pieces: [DecodingPiece], state: DecodingState) throws -> Matrix {
    let decoding = try DecodingPass(pieces, state: state)
    return try run(PackedBatch(pieces), state.workspace, decoding: decoding) { pass in
      head.nextLogits(pass, pieces: pieces, state: state)
    }
  }

  func scores(
    _ batch: BranchedBatch, workspace: Workspace
  ) throws -> [[ContinuationScore]] {
    guard batch.tokenCount > 0 else { return batch.scores([]) }
    guard batch.offsets.branches.isEmpty || configuration.sharesBeginnings else {
      throw ModelError.batch(
        found: "texts that share a beginning", expected: "whole texts, for this model's rotations")
    }
    if let target = batch.targets.first(where: {
      $0.token < 0 || Int($0.token) >= configuration.vocabularySize
    }) {
      throw ModelError.batch(
        found: "target \(target.token)", expected: "ids below \(configuration.vocabularySize)")
    }
    let branches = try BranchPass(batch.offsets, configuration, compute)
    return batch.scores(
      try run(PackedBatch(batch), workspace, branches: branches) { pass in
        try head.scores(pass, batch.targets)
      })
  }

  func prepare(_ state: DecodingState) throws {
    try stack.prepare(state, weights: ParameterView(base: parameters.base(.weights)))
  }

  func lossAndGradients(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    try backward(batch, workspace) { pass, gradients in
      try head.lossBackward(
        pass, gradients: gradients, targets: batch.targets, weights: batch.weights)
    }
  }

  func distill(
    _ batch: PackedBatch, _ request: DistillationRequest, workspace: Workspace
  ) throws -> DistillationLosses {
    try backward(batch, workspace) { pass, gradients in
      try head.distillationBackward(pass, gradients: gradients, batch: batch, request)
    }
  }

  func policy(
    _ batch: PackedBatch, _ request: PolicyRequest, workspace: Workspace
  ) throws -> PolicyFigures {
    guard request.objective != nil else {
      return try run(batch, workspace) { pass in
        try head.policy(pass, gradients: nil, batch: batch, request)
      }
    }
    return try backward(batch, workspace) { pass, gradients in
      try head.policy(pass, gradients: gradients, batch: batch, request)
    }
  }

  func withHead<Result>(
    _ batch: PackedBatch, workspace: Workspace, _ body: (HeadFactors) throws -> Result
  ) throws -> Result {
    try run(batch, workspace) { pass in
      let (hidden, weight) = head.factors(pass)
      return try body(HeadFactors(hidden: hidden, weight: weight))
    }
  }

  /// Forward, the head's loss with its gradients, and backward through the layers.
  private func backward<Losses>(
    _ batch: PackedBatch, _ workspace: Workspace,
    _ headLoss: (Pass, ParameterView) throws -> Losses
  ) throws -> Losses {
    guard holdsAllWeights else {
      throw ModelError.precision(
        found: "gradients of a model that was made for scoring in \(precision.rawValue)",
        expected: "one made for training")
    }
    guard let buffers = workspace.activations.stream.gradients else {
      throw ModelError.needsTrainingWorkspace
    }
    let gradients = ParameterView(base: try parameters.base(.gradients))
    return try run(batch, workspace) { pass in
      let losses = try headLoss(pass, gradients)
      try stack.backward(pass, gradients: gradients)
      let residual = pass.matrix(buffers.residual, columns: configuration.hiddenSize)
      if let paddingToken {
        for row in 0..<pass.tokens where pass.ids[row] == paddingToken {
          residual.row(row).update(repeating: 0, count: residual.columns)
        }
      }
      pass.ops.scatterAddRows(
        tableGradient: gradients[maps.embedding], outputGradient: residual.pointer, ids: pass.ids,
        rows: pass.tokens, size: residual.columns)
      return losses
    }
  }

  /// Runs embedding and layers, then `body`.
  private func run<Result>(
    _ batch: PackedBatch, _ workspace: Workspace, decoding: DecodingPass? = nil,
    branches: BranchPass? = nil, observer: NormObserver? = nil, _ body: (Pass) throws -> Result
  ) throws -> Result {
    let lengths = try check(batch, workspace)
    let offsets = SequenceOffsets(lengths: lengths)
    let weights = try parameters.base(.weights)
    if case .mixed(let copies) = matrices { copies.refresh(from: weights, ops: compute) }
    var positions = [Int32](repeating: 0, count: max(1, batch.tokenCount))
    return try positions.withUnsafeMutableBufferPointer { positions in
      try batch.tokens.withUnsafeBufferPointer { tokens in
        guard let ids = tokens.baseAddress, let start = positions.baseAddress else {
          throw ModelError.batch(found: "no tokens", expected: "at least one")
        }
        offsets.writePositions(to: start)
        decoding?.movePositions(start, offsets: offsets)
        branches?.movePositions(start)
        workspace.writePassTables(
          positions: start, offsets: offsets, lengths: decoding?.lengths ?? lengths)
        let pass = Pass(
          ops: compute, workspace: workspace, weights: ParameterView(base: weights),
          matrices: matrices, offsets: offsets, ids: ids, positions: UnsafePointer(start),
          decoding: decoding, branches: branches, observer: observer)
        pass.embed(maps.embedding, output: pass.stream.states[0])
        try stack.forward(pass)
        return try body(pass)
      }
    }
  }

  /// Lengths of the batch's sequences.
  private func check(_ batch: PackedBatch, _ workspace: Workspace) throws -> [Int] {
    guard workspace.configuration == configuration, workspace.precision == precision else {
      throw ModelError.foreignWorkspace
    }
    try batch.check(
      vocabularySize: configuration.vocabularySize, maximumTokens: workspace.maximumTokens)
    if let limit = workspace.activations.family.sequenceLimit, batch.sequenceCount > limit {
      throw ModelError.batch(
        found: "\(batch.sequenceCount) sequences", expected: "at most \(limit), as planned")
    }
    return zip(batch.sequenceOffsets, batch.sequenceOffsets.dropFirst()).map { $1 - $0 }
  }
}
