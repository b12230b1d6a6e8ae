import Corpus
import DifferenceSampling
import EngineInterface
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit

/// Scores every chunk of the scored part with teacher and reference.
struct ScoreStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    let shards = try TokenShards(folder: context.folder.shards(.scored))
    let manifest = try Parts.manifest(.scored, context.folder)
    let folders = try [
      ("teacher", context.settings.teacher), ("reference", context.settings.reference),
    ]
    .map { role, origin in
      let folder = context.folder.modelFolder(role, origin)
      guard Folder.exists(folder + "/config.json") else {
        throw EngineError.missing(stage: "score", needs: "the \(role)", path: folder)
      }
      return folder
    }
    let memory = try ScoringMemory.plan(
      teacher: ModelConfiguration(file: folders[0] + "/config.json"),
      reference: ModelConfiguration(file: folders[1] + "/config.json"),
      settings: ScoringSettings(
        endOfText: manifest.endOfText, seed: context.settings.seed,
        blockSize: context.settings.scoringBlock,
        maximumPositions: context.settings.chunkTokens - 1,
        precision: context.settings.scoringPrecision),
      tokensPerBatch: ScoringJob.recordedTokensPerBatch(folder: context.folder.scores),
      compute: context.compute)
    context.note("scoring: \(MemoryText.plan(of: memory))")
    let models = try folders.map { folder in
      ScoringModel(identity: try Identities.model(folder)) {
        try ModelScorer(folder: folder, settings: memory.settings, compute: context.compute)
      }
    }
    var job = try ScoringJob(
      source: shards, corpus: try Identities.shards(context.folder.shards(.scored)),
      teacher: models[0], reference: models[1], settings: memory.settings,
      folder: context.folder.scores)
    // A reference trained here has learnt the project's reserve; another one may record its own.
    let reserve = context.folder.shards(.reserve)
    let isOwn = folders[1] == context.folder.model("reference") && Folder.isFolder(reserve)
    job.reserve = try ReserveCheck(
      reserve: isOwn ? reserve : nil, reference: folders[1], threads: context.compute.pool.threads
    ).overlap(with: shards) { line, isWarning in context.note(line, isWarning ? .warning : .info) }
    var recorder = ScoreRecorder(sourceNames: shards.sources, ratio: context.settings.ratio)
    var lastHandover = -Double.infinity
    let outcome = try job.run(control: context.control.scoring) { event in
      recorder.record(event)
      if case .damagedPart(let path, let reason) = event {
        context.note("\(path) is damaged (\(reason)) and is made again", .warning)
      }
      let now = Clock.seconds()
      if now - lastHandover > 1 {
        context.scored(recorder.takeRows())
        lastHandover = now
      }
      context.publisher.show(.scoring, always: false) {
        recorder.snapshot().map(EngineEvent.scoring)
      }
      context.progress(
        recorder.fraction, eta: recorder.secondsLeft,
        detail: recorder.detail + ", " + context.settings.scoringPrecision.rawValue)
    }
    if let picture = recorder.snapshot() { context.publisher.showNow(.scoring, .scoring(picture)) }
    switch outcome {
    case .stopped: return .stopped
    case .finished(let scores):
      let lost = scores.nonFiniteChunks.count
      return .done(
        "\(Number.grouped(scores.count)) chunks"
          + (lost > 0 ? ", \(lost) without a finite score" : ""))
    }
  }
}
