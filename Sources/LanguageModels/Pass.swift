import TensorKit

/// What every block of one pass over a batch is given.
struct Pass {
  let ops: Ops
  let workspace: Workspace
  let weights: ParameterView
  let matrices: ModelMatrices
  let offsets: SequenceOffsets
  /// Input tokens [tokens].
  let ids: UnsafePointer<Int32>
  /// Position of each token in its sequence [tokens], or its row where the layers have tables of the
  /// pass.
  let positions: UnsafePointer<Int32>
  /// The sequences that the pass continues, if it does.
  let decoding: DecodingPass?
  /// The stems and branches of the pass, if it has any.
  let branches: BranchPass?
  /// Who looks at what norms give, if anybody does.
  let observer: NormObserver?

  /// Rows of every activation in this pass.
  var tokens: Int { offsets.tokens }
  var scratch: Arena { workspace.scratch }
  var stream: ResidualStream { workspace.activations.stream }
  /// What products read their inputs in.
  var inputPrecision: Precision { workspace.inputPrecision }

  func pointer(_ slot: Slot) -> UnsafeMutablePointer<Float> { workspace.pointer(slot) }

  /// A slot as [tokens, columns].
  func matrix(_ slot: Slot, columns: Int) -> Matrix {
    Matrix(workspace.pointer(slot), rows: tokens, columns: columns)
  }

  /// output [tokens, d] = rows of the embedding.
  func embed(_ place: TensorPlace, output: Slot) {
    let size = workspace.configuration.hiddenSize
    if case .rounded(let rounded) = matrices {
      ops.gatherRows(
        output: pointer(output), from: rounded.embedding, ids: ids, rows: tokens)
    } else {
      ops.gatherRows(
        output: pointer(output), from: weights[place], ids: ids, rows: tokens, size: size)
    }
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

// Linear maps in the precision of the model.
extension Pass {
  /// The weight of a rounded map, in the precision of the model.
  func weight(_ place: LinearPlace) -> Operand {
    switch matrices {
    case .full: weights.weight(place).operand
    case .mixed(let copies): copies.weight(place)
    case .rounded(let rounded): rounded[place]
    }
  }

  /// output [tokens, outputs] = input weight^T + bias, or += when `accumulate`.
  func linear(_ place: LinearPlace, output: Matrix, input: Operand, accumulate: Bool = false) {
    ops.linear(
      output: output, input: input, weight: weight(place), bias: weights.bias(place),
      accumulate: accumulate)
  }

  /// Adds to the gradients of weight and bias; `outputGradient` is what `rounded` rounds.
  func linearWeightGradient(
    _ place: LinearPlace, gradients: ParameterView, outputGradient: Matrix, rounded: Operand,
    input: Operand
  ) {
    ops.linearWeightGradient(gradients.weight(place), outputGradient: rounded, input: input)
    if let bias = gradients.bias(place) { ops.columnSum(bias, adding: outputGradient) }
  }

  /// inputGradient [tokens, inputs] = outputGradient weight.
  func linearInputGradient(
    _ place: LinearPlace, _ inputGradient: Matrix, outputGradient: Operand
  ) {
    ops.linearInputGradient(
      inputGradient, outputGradient: outputGradient, weight: weight(place))
  }
}

// Inputs of linear maps.
extension Pass {
  /// Memory of a slot as rows that products read.
  func rows(_ slot: Slot, columns: Int, precision: Precision? = nil) -> Operand {
    let precision = precision ?? inputPrecision
    return Operand(
      pointer(slot), rows: tokens, columns: columns, precision: precision,
      rowScales: precision == .int8 ? pointer(workspace.activations.rowScales) : nil)
  }

  /// `values` rounded into `slot`, or as they are in f32.
  func rounded(_ values: Matrix, in slot: Slot) -> Operand {
    guard inputPrecision != .f32 else { return values.operand }
    let output = rows(slot, columns: values.columns)
    ops.round(values, to: output)
    return output
  }

  /// rmsNorm(input) [tokens, size], rounded as products read it, or to `precision`; keeps 1 / rms in
  /// `scale` when given.
  func normalize(
    _ place: TensorPlace, output: Slot, input: Slot, scale: Slot? = nil, epsilon: Double,
    precision: Precision? = nil
  ) -> Operand {
    let result = rows(output, columns: place.count, precision: precision)
    observer?.note(
      place, input: pointer(input), weight: weights[place], rows: tokens, epsilon: epsilon)
    ops.rmsNorm(
      to: result, rstd: scale.map(pointer), input: pointer(input), weight: weights[place],
      epsilon: Float(epsilon))
    return result
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
