import Corpus
import DifferenceSampling
import Engine
import EngineInterface
import Foundation
import Store
import Testing

/// Projects that are given token shards, and the study of a corpus.
@Suite(.serialized) struct CorpusDeskTests {
  private func failures(_ events: [EngineEvent]) -> [String] {
    events.compactMap {
      guard case .job(let job) = $0, case .failed(let why) = job.state else { return nil }
      return why
    }
  }

  private func stopAtSelection(_ event: EngineEvent, _ engine: ProjectEngine) {
    if case .selection(let picture) = event, picture.complete {
      engine.send(.shutDown(saving: true))
    }
  }

  @Test func givenShardsScoreAsTheTextThatTheyWerePackedFrom() async throws {
    let project = try TinyProject()
    try await project.run(autopilot: .until(.select), watch: stopAtSelection)
    let folder = project.root + "/given"
    let events = try await project.run(
      (folder, project.settingsOfShards), autopilot: .until(.select), watch: stopAtSelection)
    #expect(failures(events) == [])
    let own = try ChunkScoresFile.read(project.folder + "/scores/scores.safetensors").scores
    let given = try ChunkScoresFile.read(folder + "/scores/scores.safetensors").scores
    #expect(own == given)
    let manifest = try #require(try CorpusBuilder.manifest(of: folder + "/shards/scored"))
    #expect(manifest.documents == 60)
    #expect(manifest.inputs.map(\.path) == [project.folder + "/shards/scored/data_0.bin"])
    #expect(manifest.settings.packing.maximumLength == 33)
    // A second name, not a copy.
    let sizes = try ["data_0.bin", "data_0.idx"].map {
      try FileManager.default.attributesOfItem(atPath: folder + "/shards/scored/" + $0)[
        .systemFileNumber] as? Int
    }
    let originals = try ["data_0.bin", "data_0.idx"].map {
      try FileManager.default.attributesOfItem(atPath: project.folder + "/shards/scored/" + $0)[
        .systemFileNumber] as? Int
    }
    #expect(sizes == originals)
  }

  @Test func shardsOfAnotherTokenizerAreRefused() async throws {
    let project = try TinyProject()
    try await project.run(autopilot: .until(.teacher)) { event, engine in
      if case .job(let job) = event, job.stage == .teacher { engine.send(.shutDown(saving: false)) }
    }
    let other = project.root + "/other"
    try Folder.make(other)
    let json = try #require(project.data("tokenizer/tokenizer.json"))
    // Two tokens exchange their ids.
    let text = String(decoding: json, as: UTF8.self)
      .replacingOccurrences(of: "\"Q\":", with: "\"@@\":")
      .replacingOccurrences(of: "\"Z\":", with: "\"Q\":")
      .replacingOccurrences(of: "\"@@\":", with: "\"Z\":")
    try AtomicFile.write(text: text, to: other + "/tokenizer.json")
    var settings = project.settingsOfShards
    settings.tokenizer = .path(other)
    let events = try await project.run((project.root + "/given", settings))
    let why = try #require(failures(events).first)
    #expect(why.contains("tokenizer"), "\(why)")
    #expect(!Folder.exists(project.root + "/given/shards/scored"))
  }

  @Test func withoutModelsTheCorpusIsStillThere() async throws {
    let project = try TinyProject()
    var settings = project.settings
    settings.text = .files(scored: [project.root + "/scored.jsonl"], reserve: [], heldOut: [])
    settings.tokenizer = .path(project.folder + "/tokenizer")
    settings.teacher = .unset
    settings.reference = .unset
    try settings.validate()
    try await project.run(autopilot: .until(.teacher)) { event, engine in
      if case .job(let job) = event, job.stage == .teacher { engine.send(.shutDown(saving: false)) }
    }
    let events = try await project.run((project.root + "/bare", settings))
    #expect(events.contains { if case .corpus(let c) = $0 { c.chunks > 0 } else { false } })
    let why = try #require(failures(events).first)
    #expect(why.contains("teacher"), "\(why)")
  }

  @Test func aStudyCountsEqualTextsAndStaysBesideTheShards() async throws {
    let project = try TinyProject()
    // Every text of the scored part twice.
    let path = project.root + "/scored.jsonl"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try AtomicFile.write(text: text + text, to: path)
    var asked = false
    var found: CorpusSnapshot?
    try await project.run(autopilot: .until(.teacher)) { event, engine in
      guard case .corpus(let picture) = event else { return }
      if !asked {
        #expect(picture.study == .none)
        engine.send(.studyCorpus)
        asked = true
      } else if picture.study == .done {
        found = picture
        engine.send(.shutDown(saving: true))
      }
    }
    let picture = try #require(found)
    for source in picture.sources {
      #expect((source.duplicateShare ?? 0) > 0.3, "\(source.name)")
      #expect(source.nearDuplicateShare != nil)
      #expect(source.textLengths.count == 4)
      #expect(source.scripts.first?.name == "latin")
      #expect(abs(source.scripts.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    }
    #expect(project.data("shards/scored/study.json") != nil)
  }
}
