import ArgumentParser
import Pipeline
import TensorKit
import Training

/// The recipe of a training: a preset, or the published settings, and every value in its place.
struct RecipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A recipe, which sets everything below that is not named (\(TrainingPreset.list)): see models "
        + "--presets.", valueName: "preset"), transform: presetName)
  var preset: TrainingPreset?
  @Option(
    help: "Optimiser steps; by default those of the preset.", transform: whole(1...Most.counted))
  var steps: Int?
  @Option(
    help: "Passes over the shards, in place of steps.", transform: realAboveZero(upTo: 1e6))
  var epochs: Double?
  @Option(
    help: "Input tokens to read, in place of steps.", transform: realAboveZero(upTo: 1e18))
  var tokens: Double?
  @Option(
    help: """
      Floating-point operations to spend in place of steps, a teacher's beside the student included; not \
      those of text that seqkd's teacher writes.
      """,
    transform: realAboveZero(upTo: 1e30))
  var flops: Double?
  @Option(
    help: """
      In place of steps: as many operations as so many steps without a teacher take. With a teacher \
      beside the student that is fewer steps (published: 25, 45, 65 thousand for 100 thousand).
      """,
    transform: whole(1...Most.counted))
  var computeOfSteps: Int?
  @Option(help: "Chunks of one optimiser step. (default: 8)", transform: whole(1...Most.planned))
  var batch: Int?
  @Option(help: "Chunks of one forward and backward pass.", transform: whole(1...Most.planned))
  var microBatch: Int?
  @Option(help: "Most tokens taken of a chunk. (default: 1025)", transform: whole(2...Most.planned))
  var chunkTokens: Int?
  @Option(help: "Highest learning rate. (default: 0.0006)", transform: real(0...1e6))
  var lr: Double?
  @Option(
    help: "Learning rate at the end of the cosine. (default: 6e-05)", transform: real(0...1e6))
  var minLR: Double?
  @Option(
    help:
      "Steps of warm-up; by default 2,000 as published, in runs of fewer steps a tenth of them.",
    transform: whole(0...Most.counted))
  var warmup: Int?
  @Option(help: "Decay of the first moment. (default: 0.9)", transform: decay())
  var beta1: Double?
  @Option(help: "Decay of the second moment. (default: 0.98)", transform: decay())
  var beta2: Double?
  @Option(
    help: "Added to the root of the second moment. (default: 1e-06)",
    transform: realAboveZero(upTo: 1))
  var epsilon: Double?
  @Option(
    help: "Decoupled weight decay of every parameter. (default: 0.01)", transform: real(0...1e6))
  var weightDecay: Double?
  @Option(
    help: "Largest global norm of the gradient. (default: 1.0)",
    transform: realAboveZero(upTo: 1e30))
  var clip: Double?
  @Option(
    help: """
      Order of the chunks: sequential, the same in every epoch (as published), or shuffled by the \
      seed, a new one in every epoch.
      """)
  var order: ChunkOrder?
  @Option(help: "Seed. (default: 10)", transform: seedNumber())
  var seed: UInt64?

  func validate() throws {
    guard budgets.count <= 1 else {
      throw ValidationError(
        "Give one of \(budgets.map(\.option).joined(separator: " and ")): each says the steps.")
    }
    if budgets.isEmpty, preset == nil {
      throw ValidationError(
        "Give --steps, --epochs, --tokens, --flops or --compute-of-steps, or a --preset that says the "
          + "steps.")
    }
    // What a pass holds is planned before anything is read; this cannot even be planned.
    let (chunks, tokens) = (chunksPerMicroBatch, tokensOfAChunk)
    guard chunks * (tokens - 1) <= Most.planned else {
      throw ValidationError(
        "--micro-batch (or --batch) times --chunk-tokens is \(chunks) times \(tokens); "
          + "expected at most \(Most.planned) tokens in one pass.")
    }
  }

  /// What holds where nothing is given.
  private var base: TrainingConfiguration {
    preset?.training
      ?? TrainingConfiguration(
        steps: 1, chunksPerMicroBatch: 8, chunksPerStep: 8, endOfSequenceToken: nil,
        learningRate: 6e-4, minimumLearningRate: 6e-5, warmupSteps: 2000, checkpointInterval: 500)
  }

  /// Most tokens taken of a chunk.
  var tokensOfAChunk: Int { chunkTokens ?? base.chunkTokens }
  private var chunksPerStep: Int { batch ?? base.chunksPerStep }
  private var chunksPerMicroBatch: Int {
    min(chunksPerStep, microBatch ?? preset?.training.chunksPerMicroBatch ?? chunksPerStep)
  }

  /// How long is trained, by the option that says so.
  private var budgets: [(option: String, budget: TrainingBudget)] {
    [
      steps.map { ("--steps", .steps($0)) }, epochs.map { ("--epochs", .epochs($0)) },
      tokens.map { ("--tokens", .tokens($0)) }, flops.map { ("--flops", .operations($0)) },
      computeOfSteps.map { ("--compute-of-steps", .operationsOfSteps($0)) },
    ].compactMap { $0 }
  }

  /// The settings in force.
  ///
  /// - Parameters:
  ///   - steps: those of a budget, asked for where one is given.
  ///   - note: told what is not as asked for or published.
  func configuration(
    steps: (TrainingBudget, TrainingConfiguration) throws -> Int, note: (String) -> Void
  ) throws -> TrainingConfiguration {
    var training = base
    training.chunksPerStep = chunksPerStep
    training.chunksPerMicroBatch = chunksPerMicroBatch
    training.chunkTokens = tokensOfAChunk
    training.learningRate = lr ?? training.learningRate
    training.minimumLearningRate = minLR ?? training.minimumLearningRate
    training.beta1 = beta1 ?? training.beta1
    training.beta2 = beta2 ?? training.beta2
    training.epsilon = epsilon ?? training.epsilon
    training.weightDecay = weightDecay ?? training.weightDecay
    training.gradientClip = clip ?? training.gradientClip
    training.order = order ?? training.order
    training.seed = seed ?? training.seed
    if let budget = budgets.first?.budget { training.steps = try steps(budget, training) }
    let usual = training.warmupSteps
    training.warmupSteps = warmup ?? TrainingPreset.warmup(usual, steps: training.steps)
    if warmup == nil, training.warmupSteps != usual {
      note("warm-up of \(training.warmupSteps) steps, a tenth of the run (--warmup sets it)")
    }
    return training
  }
}

/// A preset by its name.
@Sendable func presetName(_ text: String) throws -> TrainingPreset {
  do {
    return try TrainingPreset(named: text)
  } catch {
    throw ValidationError("expected one of \(TrainingPreset.list)")
  }
}
