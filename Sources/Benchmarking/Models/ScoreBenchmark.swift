import DifferenceSampling
import LanguageModels
public import TensorKit

/// Scoring as difference sampling does it: the log-probability of every token of every chunk.
public enum ScoreBenchmark {
  /// The precisions that can be scored in.
  public static let precisions: [Precision] = Precision.allCases

  /// Measures passes of `work.batch` chunks through a `ModelScorer`.
  ///
  /// - Throws: `BenchmarkError` for work that has no meaning or does not fit.
  public static func run(
    _ shape: BenchmarkShape, work: ModelWork, compute: Ops
  ) throws -> ModelMeasurement {
    try work.check()
    guard precisions.contains(work.precision) else {
      throw BenchmarkError.precision(work.precision, benchmark: "score", available: precisions)
    }
    try compute.require(work.precision, for: .scoring)
    let benchmark = ModelBenchmark(name: "score", shape: shape, work: work, compute: compute)
    let tokens = work.batch * work.chunkLength
    let plan = MemoryPlan(
      configuration: shape.configuration, maximumTokens: tokens, precision: work.precision,
      purpose: .scoring, compute: compute)
    try benchmark.requireRoom(plan.totalBytes)
    return try benchmark.measure(
      plannedBytes: plan.totalBytes,
      flopsPerToken: ProductCount.forwardPerToken(shape.configuration)
    ) {
      let model = try LanguageModel.make(
        shape.configuration, initialization: .values(RandomWeights(pool: compute.pool)),
        precision: work.precision, purpose: .scoring, compute: compute)
      let scorer = try ModelScorer(model: model, maximumTokens: tokens)
      let chunks = try benchmark.chunks().enumerated().map { number, tokens in
        try ChunkWindow(
          tokens, number: number, mask: .none, vocabularySize: scorer.vocabularySize)
      }
      var sum = 0.0
      let timing = try Timing.measure(work.policy, begin: benchmark.resetProfile) {
        let logProbabilities = try scorer.logProbabilities(of: chunks)
        sum = logProbabilities.reduce(0) { $0 + $1.reduce(0) { $0 + Double($1) } }
      }
      return (timing, -sum / Double(tokens))
    }
  }
}
