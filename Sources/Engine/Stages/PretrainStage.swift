import Corpus
import EngineInterface
import LanguageModels
import Numerics
import Pipeline
import Training

/// Trains the teacher or the reference on the reserve part.
struct PretrainStage: StageWork {
  /// "teacher" or "reference".
  let role: String
  let plan: TrainedModel
  /// Takes what the training waits with.
  let asked: (FaultQuestion?) -> Void
  /// Takes pictures of the run for the Models screen.
  let show: (RunSnapshot) -> Void

  func run(_ context: StageContext) throws -> StageOutcome {
    let target = context.folder.model(role)
    if ModelFolder(target).isPresent { return .done("ready") }
    let reserve = context.folder.shards(.reserve)
    let manifest = try Parts.manifest(.reserve, context.folder)
    let records = plan.records ?? TrainingRecords()
    let configuration = records.applied(
      to: plan.training.configuration(
        chunks: try TokenShards(folder: reserve).count, endOfText: manifest.endOfText,
        in: context.settings,
        precision: context.precisions.training))
    let runFolder = context.folder.run(role)
    let start = TrainingStart.fresh(
      try plan.shape.configuration(
        vocabularySize: manifest.vocabularySize, endOfText: manifest.endOfText),
      RandomSource(seed: context.settings.seed).split(role))
    var verb = Train(
      start,
      on: TrainingPlace(
        shards: reserve, runFolder: runFolder, output: target,
        tensorBoard: records.tensorBoard(of: runFolder)),
      configuration: configuration,
      heldOut: Parts.heldOut(context, limit: plan.training.evaluationChunks),
      tokenizerFolder: context.folder.tokenizerFolder(context.settings), preset: plan.recipe,
      compute: context.compute)
    verb.samples = records.samples
    let recorder = Recorder(
      RunRecorder(
        name: role, corpus: "reserve", runFolder: runFolder,
        steps: configuration.steps, memory: try verb.memory().totalBytes,
        operationsPerToken: try? TrainingPrice.operationsPerToken(
          of: start, configuration)))
    let trained = try verb.run(context.work) { event in
      let before = recorder.value.question
      if let event = recorder.value.record(event) { context.publisher.send(.notice(event.notice)) }
      if recorder.value.question != before { asked(recorder.value.question) }
      show(recorder.value.snapshot)
    }
    let loss = recorder.value.snapshot.heldOutLoss.map { ", held-out \(Number.fixed($0, 3))" } ?? ""
    return .done(
      "\(Number.count(trained.parameters)) parameters, \(Number.count(trained.tokens)) tokens\(loss)"
    )
  }
}

/// A recorder that an escaping closure on the same thread can write to.
final class Recorder<Value> {
  var value: Value
  init(_ value: Value) { self.value = value }
}
