import LanguageModels
import Numerics
public import TensorKit

/// One measured generation: a line of `bench generate`.
public struct GenerateMeasurement: Encodable, Sendable {
  public var bench = "generate"
  public var shape: String
  /// Trainable values, tied weights counted once.
  public var parameters: Int
  public var precision: Precision
  public var threads: Int
  /// Sequences that are decoded together.
  public var batch: Int
  public var promptTokens: Int
  public var newTokens: Int
  /// Prompt tokens a second, first new token included.
  public var prefillTokensPerSecond: Double
  /// Seconds of the best and of the middle step, one token of every sequence.
  public var stepSeconds: Double
  public var stepSecondsMedian: Double
  /// New tokens a second of all sequences together, prompts not counted.
  public var tokensPerSecond: Double
  public var tokensPerSecondMedian: Double
  /// Bytes of weights that the best step reads, in 10^9 a second. Where this is near the machine's memory
  /// rate, a step cannot be faster.
  public var weightGigabytesPerSecond: Double
  /// What was planned before anything was allocated.
  public var plannedBytes: Int
  public var machine: MachineDescription
}

/// What is measured of generation.
public struct GenerateWork: Sendable {
  public var precision: Precision
  public var batch: Int
  public var promptTokens: Int
  public var newTokens: Int

  /// The first new token comes with the prompt; a step is what is measured.
  public static let leastNewTokens = 2

  public init(
    precision: Precision = .f32, batch: Int = 1, promptTokens: Int = 128, newTokens: Int = 64
  ) {
    self.precision = precision
    self.batch = batch
    self.promptTokens = promptTokens
    self.newTokens = newTokens
  }
}

/// Continuing random prompts: plain draws at temperature 1, no sequence ends early.
public enum GenerateBenchmark {
  /// The precisions that can be generated in.
  public static let precisions: [Precision] = Precision.allCases

  /// Measures one batch.
  ///
  /// - Throws: `BenchmarkError` for work that has no meaning or does not fit.
  public static func run(
    _ shape: BenchmarkShape, work: GenerateWork, compute: Ops
  ) throws -> GenerateMeasurement {
    try BenchmarkError.check([
      ("--batch", work.batch), ("--prompt-tokens", work.promptTokens),
    ])
    try BenchmarkError.check("--new-tokens", work.newTokens, least: GenerateWork.leastNewTokens)
    guard precisions.contains(work.precision) else {
      throw BenchmarkError.precision(
        work.precision, benchmark: "generate", available: precisions)
    }
    try compute.require(work.precision, for: .scoring)
    let plan = try DecodingPlan.check(
      configuration: shape.configuration, sequences: work.batch,
      capacity: work.promptTokens + work.newTokens, precision: work.precision,
      compute: compute, limitBytes: SystemMemory.available())
    let model = try LanguageModel.make(
      shape.configuration, initialization: .values(RandomWeights(pool: compute.pool)),
      precision: work.precision, purpose: .scoring, compute: compute)
    let generator = try Generator(
      model: model, sampling: SamplingSettings(), maximumNewTokens: work.newTokens, endOfText: [],
      plan: plan)
    // Once unmeasured: memory is touched and products are compiled.
    _ = try seconds(generator, shape: shape, work: work)
    let (prefill, steps) = try seconds(generator, shape: shape, work: work)
    let step = Timing(seconds: steps)
    return GenerateMeasurement(
      shape: shape.name, parameters: shape.configuration.parameterCount,
      precision: work.precision, threads: compute.pool.threads, batch: work.batch,
      promptTokens: work.promptTokens, newTokens: work.newTokens,
      prefillTokensPerSecond: Double(work.batch * work.promptTokens) / prefill,
      stepSeconds: step.best, stepSecondsMedian: step.median,
      tokensPerSecond: Double(work.batch) / step.best,
      tokensPerSecondMedian: Double(work.batch) / step.median,
      weightGigabytesPerSecond: Double(weightBytes(shape, work.precision)) / step.best * 1e-9,
      plannedBytes: plan.totalBytes, machine: MachineDescription(compute: compute))
  }

  /// Weights that products read in a step: all but an embedding that is no head.
  private static func weightBytes(_ shape: BenchmarkShape, _ precision: Precision) -> Int {
    let configuration = shape.configuration
    let embedding =
      configuration.tiesWordEmbeddings
      ? 0 : configuration.vocabularySize * configuration.hiddenSize
    // Of int8 by panels of whole blocks.
    let rows = Operand.blockColumns
    return (configuration.parameterCount - embedding)
      * Operand.byteCount(
        rows: rows, columns: rows, precision: precision,
        layout: precision == .int8 ? .panels : .rows) / (rows * rows)
  }

  /// Seconds of the prompts, and of every step.
  private static func seconds(
    _ generator: Generator, shape: BenchmarkShape, work: GenerateWork
  ) throws -> (prefill: Double, steps: [Double]) {
    var random = RandomSource(seed: 7)
    let requests = (0..<work.batch).map { number in
      GenerationRequest(
        prompt: number,
        tokens: (0..<work.promptTokens).map { _ in
          Int32(random.index(below: shape.configuration.vocabularySize))
        })
    }
    var last = ContinuousClock.now
    var times: [Double] = []
    var told = 0
    _ = try generator.run(requests) { _, _ in
      told += 1
      if told % work.batch == 0 {
        let now = ContinuousClock.now
        times.append((now - last) / .seconds(1))
        last = now
      }
      return true
    }
    return (times[0], Array(times.dropFirst()))
  }
}
