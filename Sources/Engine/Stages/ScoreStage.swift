import Corpus
import DifferenceSampling
import EngineInterface
import LanguageModels
import Store

/// Scores every chunk of the scored part with teacher and reference.
struct ScoreStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    let shards = try TokenShards(folder: context.folder.shards(.scored))
    let manifest = try Parts.manifest(.scored, context.folder)
    var settings = ScoringSettings(
      endOfText: manifest.endOfText, seed: context.settings.seed,
      blockSize: context.settings.scoringBlock)
    settings.maximumPositions = context.settings.chunkTokens - 1
    let job = try ScoringJob(
      source: shards, corpus: try Identities.shards(context.folder.shards(.scored)),
      teacher: try model("teacher", context.settings.teacher, context, settings),
      reference: try model("reference", context.settings.reference, context, settings),
      settings: settings, folder: context.folder.scores)
    var recorder = ScoreRecorder(sourceNames: shards.sources, ratio: context.settings.ratio)
    var handedOver = 0
    var lastHandover = -Double.infinity
    let outcome = try job.run(control: context.control.scoring) { event in
      recorder.record(event)
      if case .damagedPart(let path, let reason) = event {
        context.note("\(path) is damaged (\(reason)) and is made again", .warning)
      }
      let now = Clock.seconds()
      if now - lastHandover > 1, recorder.rows.count > handedOver {
        context.scored(Array(recorder.rows[handedOver...]))
        handedOver = recorder.rows.count
        lastHandover = now
      }
      context.publisher.show(.scoring, always: false) {
        recorder.snapshot().map(EngineEvent.scoring)
      }
      context.progress(
        recorder.fraction, eta: recorder.secondsLeft, detail: recorder.detail)
    }
    if let picture = recorder.snapshot() { context.publisher.showNow(.scoring, .scoring(picture)) }
    switch outcome {
    case .stopped: return .stopped
    case .finished(let scores):
      let lost = scores.nonFiniteChunks.count
      return .done(
        "\(Text.grouped(scores.count)) chunks"
          + (lost > 0 ? ", \(lost) without a finite score" : ""))
    }
  }

  private func model(
    _ role: String, _ origin: ModelOrigin, _ context: StageContext, _ settings: ScoringSettings
  ) throws -> ScoringModel {
    let folder = context.folder.modelFolder(role, origin)
    guard Folder.exists(folder + "/config.json") else {
      throw EngineError.missing(stage: "score", needs: "the \(role)", path: folder)
    }
    return ScoringModel(identity: try Identities.model(folder)) {
      try ModelScorer(
        model: LanguageModel.load(folder: folder, compute: context.compute), settings: settings)
    }
  }
}
