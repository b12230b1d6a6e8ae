import TensorKit

/// What every block of one pass over a batch is given.
struct Pass {
  let ops: Ops
  let workspace: Workspace
  let weights: ParameterView
  let offsets: SequenceOffsets

  /// Rows of every activation in this pass.
  var tokens: Int { offsets.tokens }
  var scratch: Arena { workspace.scratch }

  func pointer(_ slot: Slot) -> UnsafeMutablePointer<Float> { workspace.pointer(slot) }

  /// A slot as [tokens, columns].
  func matrix(_ slot: Slot, columns: Int) -> Matrix {
    Matrix(workspace.pointer(slot), rows: tokens, columns: columns)
  }
}

/// One role's values, addressed by place; valid while the store lives.
struct ParameterView {
  let base: UnsafeMutablePointer<Float>

  subscript(place: TensorPlace) -> UnsafeMutablePointer<Float> { base + place.offset }

  func matrix(_ place: TensorPlace, rows: Int, columns: Int) -> Matrix {
    Matrix(base + place.offset, rows: rows, columns: columns)
  }

  /// Weight [outputs, inputs] of a linear map.
  func weight(_ place: LinearPlace) -> Matrix {
    matrix(place.weight, rows: place.outputs, columns: place.inputs)
  }

  /// Bias [outputs] of a linear map.
  func bias(_ place: LinearPlace) -> UnsafeMutablePointer<Float>? {
    place.bias.map { base + $0.offset }
  }
}

extension Pass {
  /// output [tokens, outputs] = input weight^T + bias, or += when `accumulate`.
  func linear(_ place: LinearPlace, output: Matrix, input: Matrix, accumulate: Bool = false) {
    ops.linear(
      output: output, input: input, weight: weights.weight(place), bias: weights.bias(place),
      accumulate: accumulate)
  }

  /// Adds to the gradients of weight and bias.
  func linearWeightGradient(
    _ place: LinearPlace, gradients: ParameterView, outputGradient: Matrix, input: Matrix
  ) {
    ops.linearWeightGradient(
      gradients.weight(place), biasGradient: gradients.bias(place),
      outputGradient: outputGradient, input: input)
  }

  /// inputGradient [tokens, inputs] = outputGradient weight.
  func linearInputGradient(
    _ place: LinearPlace, _ inputGradient: Matrix, outputGradient: Matrix
  ) {
    ops.linearInputGradient(
      inputGradient, outputGradient: outputGradient, weight: weights.weight(place))
  }

  /// output = rmsNorm(input) [tokens, size]; keeps 1 / rms in `scale` when given.
  func normalize(
    _ place: TensorPlace, output: Slot, input: Slot, scale: Slot? = nil, epsilon: Double
  ) {
    ops.rmsNorm(
      output: pointer(output), rstd: scale.map(pointer), input: pointer(input),
      weight: weights[place], rows: tokens, size: place.count, epsilon: Float(epsilon))
  }

  /// Adds the norm's gradients: to the residual stream's and to its weight's.
  func normalizeBackward(
    _ place: TensorPlace, gradients: ParameterView, residualGradient: Slot,
    outputGradient: Slot, input: Slot, scale: Slot
  ) throws {
    try ops.rmsNormBackward(
      inputGradient: pointer(residualGradient), weightGradient: gradients[place],
      outputGradient: pointer(outputGradient), input: pointer(input), weight: weights[place],
      rstd: pointer(scale), rows: tokens, size: place.count, scratch: scratch)
  }
}

extension Pass {
  /// Checks `batch` against model and workspace.
  init(_ batch: PackedBatch, model: any CausalLanguageModel, workspace: Workspace) throws {
    guard workspace.configuration == model.configuration else {
      throw ModelError.foreignWorkspace
    }
    try batch.check(
      vocabularySize: model.configuration.vocabularySize,
      maximumTokens: workspace.maximumTokens)
    let lengths = zip(batch.sequenceOffsets, batch.sequenceOffsets.dropFirst()).map { $1 - $0 }
    self.init(
      ops: model.compute, workspace: workspace,
      weights: ParameterView(base: try model.parameters.base(.weights)),
      offsets: SequenceOffsets(lengths: lengths))
  }
}

extension ModelError {
  static var needsTrainingWorkspace: ModelError {
    .batch(found: "a workspace for scoring", expected: "one for training")
  }

  static var foreignWorkspace: ModelError {
    .batch(found: "a workspace of another model", expected: "one of this configuration")
  }
}
