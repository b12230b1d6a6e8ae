import ArgumentParser
import Corpus
import Engine
import LanguageModels
import Numerics
import Pipeline
import Store
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

  @Option(help: "Model folder to start from (see new-model).")
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
  @Option(help: "Optimiser steps.")
  var steps: Int
  @Option(help: "Chunks of one optimiser step.")
  var batch = 8
  @Option(help: "Chunks of one forward and backward pass.")
  var microBatch: Int?
  @Option(help: "Precision: f32, or bf16 (mixed: weights, gradients and moments stay f32).")
  var precision = Precision.f32
  @Flag(help: "Compute activations again in the backward pass: less memory, more work, same bits.")
  var checkpointBlocks = false
  @Option(help: "Most tokens taken of a chunk.")
  var chunkTokens = 1025
  @Option(help: "Highest learning rate.")
  var lr = 6e-4
  @Option(help: "Learning rate at the end of the cosine.")
  var minLR = 6e-5
  @Option(help: "Steps of warm-up.")
  var warmup = 2000
  @Option var beta1 = 0.9
  @Option var beta2 = 0.98
  @Option(help: "Added to the root of the second moment.")
  var epsilon = 1e-6
  @Option var weightDecay = 0.01
  @Option(help: "Largest global norm of the gradient.")
  var clip = 1.0
  @Option(help: "Order of the chunks: sequential (as published) or shuffled by the seed.")
  var order = ChunkOrder.sequential
  @Option var seed: UInt64 = 10
  @Option(help: "The end-of-text token; by default the model's eos_token_id.")
  var eos: Int32?
  @Option(help: "Steps between evaluations on the held-out shards.")
  var evaluateEvery = 500
  @Option(help: "Steps between checkpoints.")
  var checkpointEvery = 500
  @OptionGroup var common: CommonOptions

  func run() throws {
    let chunks = try conversion.chunks(shards, model: model)
    let compute = try common.compute()
    let configuration = TrainingConfiguration(
      steps: steps, chunksPerMicroBatch: min(batch, microBatch ?? batch), chunksPerStep: batch,
      chunkTokens: chunkTokens, endOfSequenceToken: try eos ?? ScoringOptions.endOfText(of: model),
      learningRate: lr, minimumLearningRate: minLR, warmupSteps: warmup, beta1: beta1,
      beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, gradientClip: clip, seed: seed,
      order: order, evaluationInterval: heldOut == nil ? nil : evaluateEvery,
      checkpointInterval: checkpointEvery, precision: precision,
      checkpointBlocks: checkpointBlocks)
    try configuration.validate()
    let memory = try TrainingMemory.check(
      model: ModelConfiguration(file: model + "/config.json"), training: configuration,
      compute: compute)
    if !common.quiet {
      Output.error(
        "train: \(MemoryText.plan(of: memory, configuration))")
    }
    let student = try LanguageModel.load(folder: model, precision: precision, compute: compute)
    let workspace = try configuration.makeWorkspace(for: student)
    let evaluation = try heldOut.map {
      HeldOutEvaluation(
        chunks: try conversion.chunks($0, model: model), chunkTokens: chunkTokens,
        endOfSequenceToken: configuration.endOfSequenceToken,
        chunksPerBatch: configuration.chunksPerMicroBatch)
    }
    let control = TrainingControl()
    let interruption = Interruption { control.stop() }
    let printer = TrainingPrinter(isQuiet: common.quiet)
    let trainer = try Trainer(
      model: student, workspace: workspace, configuration: configuration, chunks: chunks,
      heldOut: evaluation, runFolder: runFolder, control: control
    ) { printer.print($0) }
    let outcome = try trainer.run()
    withExtendedLifetime(interruption) {}
    guard outcome == .finished else { throw ExitStatus.stopped }
    if let output {
      try student.save(to: output, tokenizerFolder: model)
      try TrainingDataRecord(shards: TokenShards(folder: shards), path: shards)
        .write(folder: output)
    }
    let result = Result(
      steps: trainer.state.step, tokens: trainer.state.tokensSeen, loss: printer.loss,
      heldOutLoss: printer.heldOutLoss, run: runFolder, model: output)
    if common.json { return try Output.json(result) }
    Output.line(
      "\(result.steps) steps, \(Number.grouped(result.tokens)) tokens, loss "
        + "\(Number.fixed(result.loss, 4))"
        + (result.heldOutLoss.map { ", held-out \(Number.fixed($0, 4))" } ?? ""))
  }

  private struct Result: Encodable {
    var steps: Int
    var tokens: Int
    var loss: Double?
    var heldOutLoss: Double?
    var run: String
    var model: String?
  }
}

/// The lines of a training run.
final class TrainingPrinter {
  private(set) var loss: Double?
  private(set) var heldOutLoss: Double?
  private var lines: ProgressLines
  private let isQuiet: Bool

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    lines = ProgressLines("train", isQuiet: isQuiet)
  }

  func print(_ event: TrainingEvent) {
    switch event {
    case .step(let step):
      loss = step.smoothedLoss
      lines.report(
        Double(step.step) / Double(max(1, step.totalSteps)), eta: step.secondsRemaining,
        "step \(step.step)/\(step.totalSteps), loss \(Number.fixed(step.smoothedLoss, 3)), "
          + "lr \(step.learningRate), grad norm \(Number.fixed(step.gradientNorm, 2)), "
          + "\(Number.grouped(Int(step.tokensPerSecond))) tokens/s")
    case .evaluated(let record, _):
      heldOutLoss = record.losses.all.chunkMean
      say("step \(record.step), held-out loss \(Number.fixed(record.losses.all.chunkMean, 4))")
    case .started(let step) where step > 0: say("resumed at step \(step)")
    case .checkpointDamaged(let path, let reason):
      say("\(path) is damaged (\(reason)); the checkpoint before is used")
    case .updateRefused(let step, let reason, _): say("update of step \(step) left out: \(reason)")
    case .checkpoint(let record): say("checkpoint \(record.path)")
    default: break
    }
  }

  private func say(_ text: String) { if !isQuiet { Output.error("train: \(text)") } }
}
