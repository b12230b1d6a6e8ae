import TensorKit

/// Final norm, vocabulary projection and loss; logits of a whole batch never exist at once but in
/// `logits`.
struct OutputHead {
  let norm: TensorPlace
  /// [V, d], without a bias.
  let projection: LinearPlace
  let epsilon: Double

  /// log p(target) [T].
  func logProbabilities(_ pass: Pass, targets: [Int32]) throws -> [Float] {
    let (hidden, weight) = factors(pass)
    return try Self.filled(targets) { output, targets in
      try pass.ops.headLogProbabilities(
        output, hidden: hidden, weight: weight, targets: targets,
        scratch: pass.scratch)
    }
  }

  /// Logits [T, V].
  func logits(_ pass: Pass) -> [Float] {
    let (hidden, weight) = factors(pass)
    let count = pass.tokens * projection.outputs
    return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      if let start = buffer.baseAddress {
        pass.ops.linear(
          output: Matrix(start, rows: pass.tokens, columns: projection.outputs), input: hidden,
          weight: weight)
      }
      filled = count
    }
  }

  /// Mean over the tokens of each sequence of the normalised stream [sequences, d], summed in double in
  /// the order of the tokens.
  func meanHidden(_ pass: Pass, sequenceOffsets: [Int]) -> [Float] {
    let size = projection.inputs
    _ = normalize(pass, precision: .f32)
    let hidden = pass.matrix(pass.stream.operand, columns: size)
    var means: [Float] = []
    means.reserveCapacity(max(0, sequenceOffsets.count - 1) * size)
    for (start, end) in zip(sequenceOffsets, sequenceOffsets.dropFirst()) {
      var sums = [Double](repeating: 0, count: size)
      for row in start..<end {
        let values = hidden.row(row)
        for column in 0..<size { sums[column] += Double(values[column]) }
      }
      means += sums.map { Float($0 / Double(end - start)) }
    }
    return means
  }

  /// NLL [T]; adds the gradients of head and norm, and starts the residual gradient.
  func lossBackward(
    _ pass: Pass, gradients: ParameterView, targets: [Int32], weights: [Float]
  ) throws -> [Float] {
    guard let buffers = pass.stream.gradients else { throw ModelError.needsTrainingWorkspace }
    let hidden = normalize(pass, precision: pass.inputPrecision)
    // The kernel weighs every row, also those without a target.
    let counted = zip(targets, weights).map { target, weight in target < 0 ? 0 : weight }
    let logProbabilities = try counted.withUnsafeBufferPointer { counted in
      try Self.filled(targets) { output, targets in
        guard let tokenWeights = counted.baseAddress else { return }
        try pass.ops.headLossBackward(
          output,
          hiddenGradient: pass.matrix(buffers.normalized, columns: projection.inputs),
          weightGradient: gradients.weight(projection), hidden: hidden,
          weight: pass.weights.weight(projection), targets: targets,
          tokenWeights: tokenWeights, scratch: pass.scratch)
      }
    }
    try startResidual(pass, gradients: gradients)
    return logProbabilities.map { 0 - $0 }
  }

  /// The residual gradient from that of the normalised stream; adds the norm's gradient.
  func startResidual(_ pass: Pass, gradients: ParameterView) throws {
    let stream = pass.stream
    guard let buffers = stream.gradients else { throw ModelError.needsTrainingWorkspace }
    pass.ops.clear(pass.pointer(buffers.residual), count: pass.tokens * projection.inputs)
    try pass.normalizeBackward(
      norm, gradients: gradients, residualGradient: buffers.residual,
      outputGradient: buffers.normalized, input: stream.output, scale: stream.outputScale)
  }

  /// The projection, and the normalised stream as its product reads it. A model in mixed precision has no
  /// whole copy of its head: outside of training steps it takes the f32 parameters.
  func factors(_ pass: Pass) -> (hidden: Operand, weight: Operand) {
    let weight = readWeight(pass)
    return (normalize(pass, precision: weight.inputPrecision), weight)
  }

  /// The projection as it is read outside of training steps.
  func readWeight(_ pass: Pass) -> Operand {
    if case .mixed = pass.matrices { return pass.weights.weight(projection).operand }
    return pass.weight(projection)
  }

  /// The normalised stream.
  func normalize(_ pass: Pass, precision: Precision) -> Operand {
    let stream = pass.stream
    return pass.normalize(
      norm, output: stream.operand, input: stream.output, scale: stream.outputScale,
      epsilon: epsilon, precision: precision)
  }

  /// An array as long as `targets` that `body` fills.
  private static func filled(
    _ targets: [Int32],
    _ body: (UnsafeMutablePointer<Float>, UnsafePointer<Int32>) throws -> Void
  ) throws -> [Float] {
    try [Float](unsafeUninitializedCapacity: targets.count) { buffer, filled in
      try targets.withUnsafeBufferPointer { targets in
        if let output = buffer.baseAddress, let targets = targets.baseAddress {
          try body(output, targets)
        }
      }
      filled = targets.count
    }
  }
}
