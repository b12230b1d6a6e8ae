import ArgumentParser
import Corpus
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
  @OptionGroup var distillation: DistillationOptions
  @Option(help: "Folder of held-out token shards.")
  var heldOut: String?
  @Option(name: .customLong("run"), help: "Run folder: metrics and checkpoints.")
  var runFolder: String
  @Option(name: [.short, .long], help: "Folder for the finished model.")
  var output: String?
  @OptionGroup var recipe: RecipeOptions
  @Option(
    help: """
      Precision: f32, bf16 (mixed: weights, gradients and moments stay f32), or auto: bf16 where the \
      processor trains in it and the model is large enough to gain by it, else f32.
      """)
  var precision = PrecisionSetting.f32
  @Flag(help: "Compute activations again in the backward pass: less memory, more work, same bits.")
  var checkpointBlocks = false
  @Option(
    help:
      "The end-of-text token; by default that of the shards' manifest, or the model's eos_token_id.",
    transform: tokenID())
  var eos: Int32?
  @Option(
    help: "Steps between evaluations on the held-out shards. (default: 500)",
    transform: whole(1...Most.counted))
  var evaluateEvery = 500
  @Option(
    help: "Steps between checkpoints. (default: 500, or as a preset has it)",
    transform: whole(1...Most.counted))
  var checkpointEvery: Int?
  @OptionGroup var retention: RetentionOptions
  @OptionGroup var faults: FaultOptions
  @OptionGroup var records: TrainRecordOptions
  @OptionGroup var common: CommonOptions

  func validate() throws { try retention.validate(heldOut: heldOut) }

  func run() throws {
    let run = CommandRun("train", common)
    let result = try run.run(savingOnRequest: true) { work in
      let text = try distillation.text(
        of: shards, run: runFolder, chunkTokens: recipe.tokensOfAChunk, eos: eos,
        compute: common.compute(), work)
      return try verb(on: text.shards, text.work, run).run(text.work) { say($0, run) }
    }
    if common.json {
      return try Output.json(
        Summary(
          steps: result.steps, tokens: result.tokens, loss: result.loss,
          heldOutLoss: result.heldOutLoss, run: runFolder, model: output,
          distillation: result.distillation, minillm: result.minillm))
    }
    try Output.line(
      "\(result.steps) steps, \(Number.grouped(result.tokens)) tokens, loss "
        + "\(Number.fixed(result.loss, 4))"
        + (result.heldOutLoss.map { ", held-out \(Number.fixed($0, 4))" } ?? ""))
  }

  private func verb(on shards: String, _ work: Work, _ run: CommandRun) throws -> Train {
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
    var training = try recipe.configuration(
      steps: { budget, training in
        try budget.steps(
          of: training, .folder(folder),
          on: converted ?? TokenShards(ShardLocation(shards)),
          teacher: distillation.trainingTeacher(of: training))
      }, note: { run.note($0) })
    training.endOfSequenceToken = eos
    training.evaluationInterval = heldOut == nil ? nil : evaluateEvery
    training.checkpointInterval = checkpointEvery ?? training.checkpointInterval
    training.precision = precision
    training.checkpointBlocks = checkpointBlocks
    training.keepsRollouts = distillation.samples.keepRollouts
    training.faults = faults.policy
    var train = Train(
      .folder(folder),
      on: TrainingPlace(
        shards: shards, chunks: converted, runFolder: runFolder, output: output,
        tensorBoard: records.tensorboard),
      configuration: retention.applied(to: training),
      teacher: distillation.trainingTeacher(of: training),
      heldOut: evaluated, preset: recipe.preset, compute: compute)
    train.samples = try records.samples(seed: training.seed)
    return train
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
    case .spike(let fault):
      run.note("step \(fault.step) is a spike: \(fault.text)", .warning)
    case .wentBack(let step, let fault):
      run.note(
        "step \(fault.step): \(fault.text); back to step \(step), its batch is passed over",
        .warning)
    case .passedOver(let step): run.note("the batch of step \(step) is passed over", .warning)
    case .checkpoint(let record): run.note("checkpoint \(record.path)")
    case .epoch(let record) where record.isWorthTelling:
      run.note("epoch \(record.epoch) is complete at step \(Number.grouped(record.step))")
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
    var distillation: DistillationMetrics?
    var minillm: MiniLLMMetrics?
  }
}
