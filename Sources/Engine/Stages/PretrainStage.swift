import Corpus
import EngineInterface
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Training

/// Trains the teacher or the reference on the reserve part.
struct PretrainStage: StageWork {
  /// "teacher" or "reference".
  let role: String
  let plan: TrainedModel
  /// Takes pictures of the run for the Models screen.
  let show: (RunSnapshot) -> Void

  func run(_ context: StageContext) throws -> StageOutcome {
    let target = context.folder.model(role)
    if Folder.exists(target + "/config.json") { return .done("ready") }
    let shards = try TokenShards(folder: context.folder.shards(.reserve))
    let manifest = try Parts.manifest(.reserve, context.folder)
    guard shards.count >= plan.training.chunksPerStep else {
      throw EngineError.tooFewChunks(
        corpus: "reserve", found: shards.count, expected: plan.training.chunksPerStep)
    }
    let shape = try plan.shape.configuration(
      vocabularySize: manifest.vocabularySize, endOfText: manifest.endOfText)
    let configuration = plan.training.configuration(
      chunks: shards.count, endOfText: manifest.endOfText, in: context.settings)
    let memory = try TrainingMemory.check(
      model: shape, training: configuration, compute: context.compute)
    context.note("\(role): \(MemoryText.plan(of: memory, configuration))")
    let seeds = RandomSource(seed: context.settings.seed).split(role)
    let model = try LanguageModel.make(
      shape, initialization: .seeded(seeds), precision: configuration.precision,
      compute: context.compute)
    let workspace = try configuration.makeWorkspace(for: model)
    let recorder = Recorder(
      RunRecorder(
        name: role, corpus: "reserve", runFolder: context.folder.run(role),
        steps: configuration.steps, memory: memory.totalBytes))
    let trainer = try Trainer(
      model: model, workspace: workspace, configuration: configuration, chunks: shards,
      heldOut: try Parts.heldOut(context, configuration, limit: plan.training.evaluationChunks),
      runFolder: context.folder.run(role),
      control: context.control.training
    ) { event in
      if let notice = recorder.value.record(event) { context.publisher.send(.notice(notice)) }
      let run = recorder.value.snapshot
      show(run)
      context.report(run)
    }
    guard try trainer.run() == .finished else { return .stopped }
    try model.save(to: target, tokenizerFolder: context.folder.tokenizerFolder(context.settings))
    let loss = recorder.value.snapshot.heldOutLoss.map { ", held-out \(Number.fixed($0, 3))" } ?? ""
    return .done(
      "\(Number.count(shape.parameterCount)) parameters, "
        + "\(Number.count(recorder.value.snapshot.tokens)) tokens\(loss)")
  }
}

/// A recorder that an escaping closure on the same thread can write to.
final class Recorder<Value> {
  var value: Value
  init(_ value: Value) { self.value = value }
}

extension StageContext {
  /// Shows a training run as the job.
  func report(_ run: RunSnapshot) {
    let since = run.step - (run.lastCheckpoint ?? 0)
    progress(
      Double(run.step) / Double(max(1, run.steps)), eta: run.eta,
      detail:
        "step \(run.step)/\(run.steps), loss \(Number.fixed(run.averageLoss, 3)), "
        + "\(Number.grouped(Int(run.tokensPerSecond))) tokens/s, "
        + settings.trainingPrecision.rawValue,
      unsaved: since > 0 ? "\(since) steps since the last checkpoint" : nil)
  }
}
