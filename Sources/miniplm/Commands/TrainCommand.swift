import ArgumentParser
import LanguageModels
import Numerics
import Pipeline
import TensorKit
import Training

/// One student.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on token shards, with metrics and checkpoints.",
    discussion: """
      Metrics go to metrics.jsonl, checkpoints are Hugging Face folders plus the optimiser's \
      moments. Stopped or killed, the same command goes on from the newest checkpoint and computes \
      the same bits as an undisturbed run.
      """)

  @Option(help: "Model folder or GGUF file to start from (see new-model).", transform: modelPlace())
  var model: String
  @Option(help: "Folder of the token shards.")
  var shards: String
  @OptionGroup var conversion: TrainConversionOptions
  @Option(help: "Folder of held-out token shards.")
  var heldOut: String?
  @Option(name: .customLong("run"), help: "Run folder: metrics and checkpoints.")
  var runFolder: String
  @Option(name: [.short, .long], help: "Folder for the finished model.")
  var output: String?
  @Option(help: "Optimiser steps.", transform: whole(1...Most.counted))
  var steps: Int
  @Option(help: "Chunks of one optimiser step. (default: 8)", transform: whole(1...Most.planned))
  var batch = 8
  @Option(help: "Chunks of one forward and backward pass.", transform: whole(1...Most.planned))
  var microBatch: Int?
  @Option(
    help: """
      Precision: f32, bf16 (mixed: weights, gradients and moments stay f32), or auto: bf16 where the \
      processor trains in it and the model is large enough to gain by it, else f32.
      """)
  var precision = PrecisionSetting.f32
  @Flag(help: "Compute activations again in the backward pass: less memory, more work, same bits.")
  var checkpointBlocks = false
  @Option(help: "Most tokens taken of a chunk. (default: 1025)", transform: whole(2...Most.planned))
  var chunkTokens = 1025
  @Option(help: "Highest learning rate. (default: 0.0006)", transform: real(0...1e6))
  var lr = 6e-4
  @Option(
    help: "Learning rate at the end of the cosine. (default: 6e-05)", transform: real(0...1e6))
  var minLR = 6e-5
  @Option(
    help:
      "Steps of warm-up; by default 2,000 as published, in runs of fewer steps a tenth of them.",
    transform: whole(0...Most.counted))
  var warmup: Int?
  @Option(help: "Decay of the first moment. (default: 0.9)", transform: decay())
  var beta1 = 0.9
  @Option(help: "Decay of the second moment. (default: 0.98)", transform: decay())
  var beta2 = 0.98
  @Option(
    help: "Added to the root of the second moment. (default: 1e-06)",
    transform: realAboveZero(upTo: 1))
  var epsilon = 1e-6
  @Option(help: "Decoupled weight decay. (default: 0.01)", transform: real(0...1e6))
  var weightDecay = 0.01
  @Option(
    help: "Largest global norm of the gradient. (default: 1.0)",
    transform: realAboveZero(upTo: 1e30))
  var clip = 1.0
  @Option(help: "Order of the chunks: sequential (as published) or shuffled by the seed.")
  var order = ChunkOrder.sequential
  @Option(help: "Seed. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @Option(
    help:
      "The end-of-text token; by default that of the shards' manifest, or the model's eos_token_id.",
    transform: tokenID())
  var eos: Int32?
  @Option(
    help: "Steps between evaluations on the held-out shards. (default: 500)",
    transform: whole(1...Most.counted))
  var evaluateEvery = 500
  @Option(help: "Steps between checkpoints. (default: 500)", transform: whole(1...Most.counted))
  var checkpointEvery = 500
  @OptionGroup var retention: RetentionOptions
  @OptionGroup var records: TrainRecordOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try retention.validate(heldOut: heldOut)
    // What a pass holds is planned before anything is read; this cannot even be planned.
    let chunks = min(batch, microBatch ?? batch)
    guard chunks * (chunkTokens - 1) <= Most.planned else {
      throw ValidationError(
        "--micro-batch (or --batch) times --chunk-tokens is \(chunks) times \(chunkTokens); "
          + "expected at most \(Most.planned) tokens in one pass.")
    }
  }

  /// What is in force.
  private var warmupSteps: Int { warmup ?? (steps >= 2000 ? 2000 : steps / 10) }

  func run() throws {
    let run = CommandRun("train", common)
    if warmup == nil, warmupSteps != 2000 {
      run.note("warm-up of \(warmupSteps) steps, a tenth of the run (--warmup sets it)")
    }
    let result = try run.run(savingOnRequest: true) { work in
      try verb(work).run(work) { say($0, run) }
    }
    if common.json {
      return try Output.json(
        Summary(
          steps: result.steps, tokens: result.tokens, loss: result.loss,
          heldOutLoss: result.heldOutLoss, run: runFolder, model: output))
    }
    try Output.line(
      "\(result.steps) steps, \(Number.grouped(result.tokens)) tokens, loss "
        + "\(Number.fixed(result.loss, 4))"
        + (result.heldOutLoss.map { ", held-out \(Number.fixed($0, 4))" } ?? ""))
  }

  private func verb(_ work: Work) throws -> Train {
    let isConverted = conversion.convertFrom != nil
    let converted = isConverted ? try conversion.chunks(shards, model: model, work) : nil
    let evaluated = try heldOut.map {
      HeldOut(
        shards: $0, chunks: isConverted ? try conversion.chunks($0, model: model, work) : nil,
        tokenizer: isConverted ? conversion.convertTo : nil)
    }
    let (compute, folder) = (try common.compute(), ModelFolder(model))
    let precision = TrainingPrecision.resolve(
      precision, runs: [runFolder],
      parameters: precision == .auto ? try folder.configuration().parameterCount : 0,
      capability: compute.capability)
    var train = Train(
      .folder(folder),
      on: TrainingPlace(
        shards: shards, chunks: converted, runFolder: runFolder, output: output,
        tensorBoard: records.tensorboard),
      configuration: trainingConfiguration(precision), heldOut: evaluated, compute: compute)
    train.samples = try records.samples(seed: seed)
    return train
  }

  private func trainingConfiguration(_ precision: Precision) -> TrainingConfiguration {
    retention.applied(
      to: TrainingConfiguration(
        steps: steps, chunksPerMicroBatch: min(batch, microBatch ?? batch), chunksPerStep: batch,
        chunkTokens: chunkTokens, endOfSequenceToken: eos,
        learningRate: lr, minimumLearningRate: minLR, warmupSteps: warmupSteps, beta1: beta1,
        beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, gradientClip: clip, seed: seed,
        order: order, evaluationInterval: heldOut == nil ? nil : evaluateEvery,
        checkpointInterval: checkpointEvery, precision: precision,
        checkpointBlocks: checkpointBlocks))
  }

  /// What a run tells beside its progress.
  private func say(_ event: TrainingEvent, _ run: CommandRun) {
    switch event {
    case .evaluated(let record, _):
      run.note(
        "step \(record.step), held-out loss \(Number.fixed(record.losses.all.chunkMean, 4))")
    case .started(let step) where step > 0: run.note("resumed at step \(step)")
    case .checkpointDamaged(let path, let reason):
      run.note("\(path) is damaged (\(reason)); the checkpoint before is used", .warning)
    case .updateRefused(let step, let reason, _):
      run.note("update of step \(step) left out: \(reason)", .warning)
    case .checkpoint(let record): run.note("checkpoint \(record.path)")
    case .sampled(let samples):
      for sample in samples {
        run.note("step \(sample.step), \(sample.prompt.debugDescription) goes on: \(sample.text)")
      }
    case .setback(let step, let what, let reason):
      run.note("step \(step), \(what) could not be written: \(reason)", .warning)
    default: break
    }
  }

  private struct Summary: Encodable {
    var steps: Int
    var tokens: Int
    var loss: Double?
    var heldOutLoss: Double?
    var run: String
    var model: String?
  }
}
