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
  /// Takes what was checked before scoring.
  let checked: (CheckReport) -> Void

  func run(_ context: StageContext) throws -> StageOutcome {
    let (folder, settings) = (context.folder, context.settings)
    func model(_ role: String, _ origin: ModelOrigin) throws -> ModelFolder {
      let model = ModelFolder(folder.modelFolder(role, origin))
      guard model.isPresent else {
        throw EngineError.missing(stage: "score", needs: "the \(role)", path: model.path)
      }
      return model
    }
    let reference = try model("reference", settings.reference)
    // A reference trained here has learnt the project's reserve; another one may record its own.
    let reserve = folder.shards(.reserve)
    let isOwn = reference.path == folder.model("reference") && Folder.isFolder(reserve)
    let verb = Score(
      ScoringInputs(
        shards: folder.shards(.scored), teacher: try model("teacher", settings.teacher),
        reference: reference, tokenizer: Self.tokenizer(folder, settings), digests: context.digests,
        compute: context.compute),
      settings: Score.Settings(
        seed: settings.seed, blockSize: settings.scoringBlock,
        maximumPositions: settings.chunkTokens - 1, precision: settings.scoringPrecision),
      output: folder.scores, reserve: isOwn ? reserve : nil,
      waivers: settings.waivers ?? [])
    let live = LiveScores(
      context, sources: try TokenShards(folder: folder.shards(.scored)).sources)
    defer { live.show() }
    let result = try verb.run(context.work, onChecks: checked) { live.take($0) }
    let scores = result.scores
    let lost = scores.nonFiniteChunks.count
    return .done(
      "\(Number.grouped(scores.count)) chunks"
        + (result.resolved.map { ", auto is \($0.precision.rawValue)" } ?? "")
        + (lost > 0 ? ", \(lost) without a finite score" : ""))
  }

  /// The tokenizer of the project; nil for one that has gone, which scoring can do without.
  private static func tokenizer(_ folder: ProjectFolder, _ settings: ProjectSettings) -> String? {
    let place = folder.tokenizerFolder(settings)
    return ModelFolder(place).tokenizerFile == nil ? nil : place
  }
}

/// Hands new scores to the desk, at most once a second, and shows the picture of all.
private final class LiveScores {
  private let context: StageContext
  private var recorder: ScoreRecorder
  private var lastHandover = -Double.infinity

  init(_ context: StageContext, sources: [String]) {
    self.context = context
    recorder = ScoreRecorder(sourceNames: sources, ratio: context.settings.ratio)
  }

  func take(_ event: ScoringEvent) {
    recorder.record(event)
    let now = Clock.seconds()
    if now - lastHandover > 1 {
      context.scored(recorder.takeRows())
      lastHandover = now
    }
    context.publisher.show(.scoring, always: false) {
      self.recorder.snapshot().map(EngineEvent.scoring)
    }
  }

  func show() {
    if let picture = recorder.snapshot() { context.publisher.showNow(.scoring, .scoring(picture)) }
  }
}
