import TensorKit

extension OutputHead {
  /// What both models say of the batch's targets. With `gradients` it adds those of head and norm, and
  /// starts the residual gradient.
  func policy(
    _ pass: Pass, gradients: ParameterView?, batch: PackedBatch, _ request: PolicyRequest
  ) throws -> PolicyFigures {
    try Self.check(request, batch, vocabulary: projection.outputs)
    let hidden = normalize(pass, precision: pass.inputPrecision)
    let count = batch.tokenCount
    var figures = [Float](repeating: 0, count: 3 * count)
    try figures.withUnsafeMutableBufferPointer { figures in
      try batch.targets.withUnsafeBufferPointer { targets in
        guard let start = figures.baseAddress, let targets = targets.baseAddress else { return }
        let output = Ops.PolicyOutput(
          logProbabilities: start, teacherLogProbabilities: start + count,
          divergences: start + 2 * count)
        func run(_ gradient: Ops.PolicyGradient?) throws {
          try pass.ops.headPolicy(
            output, hidden: hidden, weight: pass.weights.weight(projection), targets: targets,
            teacher: (request.teacher.hidden, request.teacher.weight),
            temperature: request.temperature, gradient: gradient, scratch: pass.scratch,
            teacherScratch: request.scratch)
        }
        guard let gradients, let objective = request.objective else { return try run(nil) }
        try withGradient(pass, gradients, batch, objective) { try run($0) }
      }
    }
    if let gradients { try startResidual(pass, gradients: gradients) }
    return PolicyFigures(
      logProbabilities: Array(figures[..<count]),
      teacherLogProbabilities: Array(figures[count..<2 * count]),
      divergences: Array(figures[(2 * count)...]))
  }

  private func withGradient(
    _ pass: Pass, _ gradients: ParameterView, _ batch: PackedBatch, _ objective: PolicyObjective,
    _ body: (Ops.PolicyGradient) throws -> Void
  ) throws {
    guard let buffers = pass.stream.gradients else { throw ModelError.needsTrainingWorkspace }
    try batch.weights.withUnsafeBufferPointer { weights in
      try objective.advantages.withUnsafeBufferPointer { advantages in
        try objective.oldLogProbabilities.withUnsafeBufferPointer { old in
          try objective.importanceWeights.withUnsafeBufferPointer { importance in
            guard let weights = weights.baseAddress, let advantages = advantages.baseAddress,
              let old = old.baseAddress, let importance = importance.baseAddress
            else { return }
            try body(
              Ops.PolicyGradient(
                hidden: pass.matrix(buffers.normalized, columns: projection.inputs),
                weight: gradients.weight(projection), ratio: objective.ratio,
                divergence: objective.divergence, tokenWeights: weights, advantages: advantages,
                oldLogProbabilities: old, importanceWeights: importance))
          }
        }
      }
    }
  }

  /// Refuses what a kernel could not index.
  private static func check(
    _ request: PolicyRequest, _ batch: PackedBatch, vocabulary: Int
  ) throws(ModelError) {
    let count = batch.tokenCount
    guard request.teacher.hidden.rows == count else {
      throw .batch(
        found: "a teacher's states of \(request.teacher.hidden.rows) positions",
        expected: "those of \(count)")
    }
    if let objective = request.objective {
      let counts = [
        objective.advantages.count, objective.oldLogProbabilities.count,
        objective.importanceWeights.count,
      ]
      if let wrong = counts.first(where: { $0 != count }) {
        throw .batch(found: "figures of \(wrong) sampled tokens", expected: "those of \(count)")
      }
    }
    let shared = min(vocabulary, request.teacher.vocabularySize)
    if let foreign = batch.targets.first(where: { Int($0) >= shared }) {
      throw .batch(
        found: "sampled token \(foreign)", expected: "ids below the \(shared) that both models have"
      )
    }
  }
}
