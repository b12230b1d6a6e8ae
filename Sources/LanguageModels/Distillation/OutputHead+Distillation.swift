import TensorKit

extension OutputHead {
  /// Losses [T]; adds the gradients of head and norm, and starts the residual gradient.
  func distillationBackward(
    _ pass: Pass, gradients: ParameterView, batch: PackedBatch, _ request: DistillationRequest
  ) throws -> DistillationLosses {
    guard let buffers = pass.stream.gradients else { throw ModelError.needsTrainingWorkspace }
    let teacher = request.target.teacher
    if case .tokens(let tokens) = teacher { try Self.check(tokens, batch, projection.outputs) }
    let hidden = normalize(pass, precision: pass.inputPrecision)
    let total = pass.matrix(buffers.normalized, columns: projection.inputs)
    // Free until the residual gradient starts.
    let part = pass.matrix(buffers.residual, columns: projection.inputs)
    let count = batch.tokenCount
    var losses = [Float](repeating: 0, count: 3 * count)
    try losses.withUnsafeMutableBufferPointer { losses in
      try batch.targets.withUnsafeBufferPointer { targets in
        try batch.weights.withUnsafeBufferPointer { weights in
          guard let output = losses.baseAddress, let targets = targets.baseAddress,
            let weights = weights.baseAddress
          else { return }
          try pass.ops.headDistillationBackward(
            Ops.DistillationOutput(
              logProbabilities: output, divergences: output + count,
              entropies: output + 2 * count),
            hiddenGradient: total, weightGradient: gradients.weight(projection), hidden: hidden,
            weight: pass.weights.weight(projection), targets: targets, tokenWeights: weights,
            teacher: teacher, loss: request.loss,
            divergenceGradient: request.measuresGradients ? part : nil, scratch: pass.scratch,
            teacherScratch: request.scratch)
        }
      }
    }
    let squares = request.measuresGradients ? try squares(pass, total: total, part: part) : nil
    try startResidual(pass, gradients: gradients)
    return DistillationLosses(
      negativeLogLikelihoods: losses[..<count].map { 0 - $0 },
      divergences: Array(losses[count..<2 * count]), entropies: Array(losses[(2 * count)...]),
      gradientSquares: squares)
  }

  /// Overwrites `part`.
  private func squares(
    _ pass: Pass, total: Matrix, part: Matrix
  ) throws -> DistillationLosses.GradientSquares {
    let values = part.rows * part.columns
    func sum() throws -> Double {
      try pass.ops.sumOfSquares(part.pointer, count: values, scratch: pass.scratch)
    }
    var squares = DistillationLosses.GradientSquares()
    squares.divergence = try sum()
    pass.ops.add(part.pointer, total.pointer, factor: -1, count: values)
    squares.likelihood = try sum()
    return squares
  }

  /// Refuses entries that a kernel could not index.
  private static func check(
    _ tokens: WeightedTokens, _ batch: PackedBatch, _ vocabulary: Int
  ) throws(ModelError) {
    guard tokens.count == batch.tokenCount, tokens.offsets.count == tokens.count + 1,
      tokens.offsets.first == 0, tokens.offsets.last == tokens.tokens.count,
      tokens.weights.count == tokens.tokens.count,
      zip(tokens.offsets, tokens.offsets.dropFirst()).allSatisfy({ $0 <= $1 })
    else {
      throw .batch(
        found: "a teacher's tokens of \(tokens.count) positions",
        expected: "those of \(batch.tokenCount), with ascending offsets")
    }
    guard tokens.vocabulary <= vocabulary else {
      throw .batch(
        found: "a teacher's distributions over \(tokens.vocabulary) tokens",
        expected: "at most the \(vocabulary) of the student")
    }
    let limit = UInt32(tokens.vocabulary)
    if let foreign = tokens.tokens.first(where: { UInt32(bitPattern: $0) >= limit }) {
      throw .batch(found: "a teacher's token \(foreign)", expected: "ids below \(limit)")
    }
  }
}
