import Corpus
import Engine
import EngineInterface
import Foundation
import LanguageModels
import Store
import TinyCorpus

/// A project that runs from text to report in seconds.
struct TinyProject {
  let root: String
  var folder: String { root + "/project" }

  init() throws {
    root = NSTemporaryDirectory() + "miniplm-engine-\(UUID().uuidString)"
    try Folder.make(root)
    for (part, count, start) in [("reserve", 60, 0), ("scored", 60, 1000), ("held-out", 24, 2000)] {
      try AtomicFile.write(
        text: TinyDocuments.lines(count, from: start), to: "\(root)/\(part).jsonl")
    }
  }

  var settings: ProjectSettings {
    var corpus = CorpusSettings()
    corpus.packing.maximumLength = 33
    func plan(_ width: Int, _ family: Family, epochs: Double) -> TrainedModel {
      TrainedModel(
        shape: ModelShape(
          family: family, hiddenSize: width, layerCount: 1, headCount: 2,
          intermediateSize: 2 * width),
        training: TrainingPlan(
          epochs: epochs, chunksPerStep: 8, chunksPerMicroBatch: 4, learningRate: 5e-3,
          minimumLearningRate: 5e-4, evaluations: 2, checkpoints: 4))
    }
    return ProjectSettings(
      name: "tiny", seed: 7,
      text: .files(
        scored: [root + "/scored.jsonl"], reserve: [root + "/reserve.jsonl"],
        heldOut: [root + "/held-out.jsonl"]),
      tokenizer: .trained(vocabularySize: 300), corpus: corpus,
      teacher: .trained(plan(32, .qwen2, epochs: 1)),
      reference: .trained(plan(16, .qwen2, epochs: 1)), ratio: 0.5,
      student: plan(16, .mamba, epochs: 1), scoringBlock: 8)
  }

  /// The project that is given this one's shards and tokenizer instead of text.
  var settingsOfShards: ProjectSettings {
    var given = settings
    given.text = .files(
      scored: [folder + "/shards/scored"], reserve: [folder + "/shards/reserve/data_0"],
      heldOut: [folder + "/shards/held-out"])
    given.tokenizer = .path(folder + "/tokenizer")
    return given
  }

  /// Runs the project, or another one beside it; `watch` sees every event and may send commands.
  /// Returns all events.
  @discardableResult
  func run(
    _ other: (folder: String, settings: ProjectSettings)? = nil, autopilot: Autopilot = .all,
    threads: Int = 2, watch: (EngineEvent, ProjectEngine) -> Void = { _, _ in }
  ) async throws -> [EngineEvent] {
    let engine = try ProjectEngine(
      folder: other?.folder ?? folder, settings: other?.settings ?? settings,
      autopilot: autopilot, threads: threads)
    engine.start()
    var events: [EngineEvent] = []
    for await event in engine.events {
      events.append(event)
      watch(event, engine)
      switch event {
      case .comparison: engine.send(.shutDown(saving: true))
      case .job(let job):
        if case .failed = job.state { engine.send(.shutDown(saving: true)) }
      default: break
      }
    }
    return events
  }

  /// A file of the project.
  func data(_ name: String) -> Data? { FileManager.default.contents(atPath: folder + "/" + name) }
}
