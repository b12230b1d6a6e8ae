public import Corpus
import LanguageModels
import Numerics
public import Training

/// How long a student is trained: what is asked for, of which the steps follow, and with them warm-up
/// and cosine.
public enum TrainingBudget: Sendable, Equatable {
  /// Optimiser steps.
  case steps(Int)
  /// Passes over the chunks.
  case epochs(Double)
  /// Input tokens that are read.
  case tokens(Double)
  /// Floating-point operations of student and teacher together.
  case operations(Double)
  /// As many operations as so many steps without a teacher take: the budget by which the paper
  /// compares methods (3 N / (3 N + N_teacher) T steps of Vanilla KD, 25 to 65 thousand of 100
  /// thousand; arXiv 2410.17215, section 3.1), by what is counted in place of 6 N D.
  case operationsOfSteps(Int)
}

extension TrainingBudget {
  /// Steps that the budget comes to, at least one.
  ///
  /// - Parameters:
  ///   - training: its chunks, their length and order; its own steps say nothing.
  ///   - chunks: what is trained on.
  ///   - teacher: computes beside the student, or has filled a cache.
  /// - Throws: `PipelineError.setting` where the budget is less than half a step, or has more steps than
  ///   can be counted; `ModelError`, `StoreError`, `TrainingError.corpusTooSmall`.
  public func steps(
    of training: TrainingConfiguration, _ start: TrainingStart, on chunks: any ChunkSource,
    teacher: TrainingTeacher? = nil
  ) throws -> Int {
    switch self {
    case .steps(let steps): return steps
    case .epochs(let epochs):
      return try BatchPlan(
        chunkCount: chunks.count, chunksPerStep: training.chunksPerStep, order: training.order,
        seed: training.seed
      ).steps(ofEpochs: epochs)
    case .tokens(let most):
      let step = StepAccount.tokens(of: training, chunks)
      return try Self.count(most, over: step, "tokens", "tokens")
    case .operations(let most):
      let step = try StepAccount(training, start, chunks, teacher).total
      return try Self.count(most, over: step, "flops", "operations")
    case .operationsOfSteps(let steps):
      let step = try StepAccount(training, start, chunks, teacher)
      return try Self.count(
        Double(steps) * step.student, over: step.total, "compute-of-steps", "operations")
    }
  }

  private static func count(
    _ budget: Double, over step: Double, _ name: String, _ unit: String
  ) throws(PipelineError) -> Int {
    let steps = (budget / max(1, step)).rounded()
    guard steps >= 1, steps < mostSteps else {
      throw .setting(
        name: name, found: "\(Number.significant(budget, 3)) \(unit)",
        expected: steps < 1
          ? "at least the \(Number.significant(step, 3)) of one step"
          : "less than \(Number.significant(mostSteps * step, 3))")
    }
    return Int(steps)
  }

  private static let mostSteps = 1e15
}

/// What a step of a training computes, on average over its chunks.
private struct StepAccount {
  /// Floating-point operations of the student alone, and with its teacher.
  let student: Double
  let total: Double

  init(
    _ training: TrainingConfiguration, _ start: TrainingStart, _ chunks: any ChunkSource,
    _ teacher: TrainingTeacher?
  ) throws {
    let tokens = Self.tokens(of: training, chunks)
    let length = max(1, Int((tokens / Double(training.chunksPerStep)).rounded()))
    student = try Self.operations(of: training, start, tokens, length)
    total =
      try teacher.map {
        try Self.operations(of: $0.priced(training, length: length), start, tokens, length)
      } ?? student
  }

  /// By the one account; of a rollout that serves several steps its part.
  private static func operations(
    of training: TrainingConfiguration, _ start: TrainingStart, _ tokens: Double, _ length: Int
  ) throws -> Double {
    let steps = training.minillm?.steps(ofRollout: training) ?? 1
    var account = ComputeAccount()
    account.add(
      training, of: ModelOperations(try start.configuration()), steps: steps,
      textTokens: tokens * Double(steps), length: length)
    return account.total / Double(steps)
  }

  /// Input tokens of a step.
  static func tokens(of training: TrainingConfiguration, _ chunks: any ChunkSource) -> Double {
    chunks.meanInputs(chunkTokens: training.chunkTokens) * Double(training.chunksPerStep)
  }
}

extension ChunkSource {
  /// Mean input positions of a chunk, of evenly spaced ones: no corpus is too large for it.
  func meanInputs(chunkTokens: Int) -> Double {
    let sampled = min(count, 1 << 16)
    guard sampled > 0 else { return 0 }
    let sum = (0..<sampled).reduce(0) { sum, number in
      sum + max(0, min(length(of: number * count / sampled), chunkTokens) - 1)
    }
    return Double(sum) / Double(sampled)
  }
}
