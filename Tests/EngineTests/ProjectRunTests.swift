import Engine
import EngineInterface
import Foundation
import Store
import Testing

/// Whole projects, from text to report, on a corpus of a few kilobytes.
@Suite(.serialized) struct ProjectRunTests {
  @Test func everyStageRunsAndLeavesItsResult() async throws {
    let project = try TinyProject()
    let events = try await project.run()
    for event in events {
      if case .job(let job) = event, case .failed(let text) = job.state { Issue.record("\(text)") }
    }
    for name in [
      "tokenizer/tokenizer.json", "shards/scored/data_0.idx", "models/teacher/model.safetensors",
      "models/reference/model.safetensors", "scores/scores.safetensors",
      "commits/0001-r0.50/manifest.json", "samples/0001-r0.50/0001-uniform/manifest.json",
      "models/0001-r0.50-B-refined/model.safetensors", "report/0001-r0.50/README.md",
    ] {
      #expect(Folder.exists(project.folder + "/" + name), "\(name) is missing")
    }
    let selections = events.compactMap { if case .selection(let s) = $0 { s } else { nil } }
    let last = try #require(selections.last)
    #expect(last.keptChunks == last.chunks / 2)
    #expect(last.complete)
    #expect(last.sources.reduce(0) { $0 + $1.keptChunks } == last.keptChunks)
    guard case .ended? = events.last else {
      Issue.record("the stream does not end with .ended")
      return
    }
  }

  @Test func aRunThatIsStoppedOftenComesToTheSameBytes() async throws {
    let whole = try TinyProject()
    try await whole.run()
    let pieces = try TinyProject()
    // Every run is stopped after the first few pictures of its job; the work still gets done.
    for round in 0..<60 {
      var seen = 0
      try await pieces.run { event, engine in
        guard case .job(let job) = event, job.state == .running else { return }
        seen += 1
        if seen == 2 + round % 5 { engine.send(.shutDown(saving: true)) }
      }
      if pieces.data("report/0001-r0.50/report.json") != nil { break }
    }
    for name in [
      "tokenizer/tokenizer.json", "models/teacher/model.safetensors",
      "models/0001-r0.50-A-uniform/model.safetensors",
      "models/0001-r0.50-B-refined/model.safetensors",
    ] {
      #expect(pieces.data(name) != nil && pieces.data(name) == whole.data(name), "\(name) differs")
    }
    #expect(scores(pieces) == scores(whole))
  }

  @Test func theGuidedRunWaitsForAPerson() async throws {
    let project = try TinyProject()
    var asked = false
    let events = try await project.run(autopilot: .until(.select)) { event, engine in
      guard case .selection(let picture) = event, picture.complete, !asked else { return }
      asked = true
      engine.send(.setRatio(0.25))
      engine.send(.commit)
    }
    #expect(asked)
    #expect(project.data("commits/0001-r0.25/manifest.json") != nil)
    #expect(project.data("report/0001-r0.25/report.json") != nil)
    #expect(
      events.contains { if case .training(let t) = $0 { t.runs.count == 2 } else { false } })
  }

  @Test func aSecondProgramIsKeptOut() throws {
    let project = try TinyProject()
    let first = try ProjectEngine(folder: project.folder, settings: project.settings, threads: 1)
    #expect(throws: StoreError.self) {
      try ProjectEngine(folder: project.folder, settings: project.settings, threads: 1)
    }
    withExtendedLifetime(first) {}
  }

  @Test func otherSettingsAreRefused() throws {
    let project = try TinyProject()
    _ = try ProjectEngine(folder: project.folder, settings: project.settings, threads: 1)
    var other = project.settings
    other.seed += 1
    #expect(throws: EngineError.self) {
      try ProjectEngine(folder: project.folder, settings: other, threads: 1)
    }
  }

  /// The table of scores without its header, which names paths of the project.
  private func scores(_ project: TinyProject) -> Data? {
    guard let data = project.data("scores/scores.safetensors") else { return nil }
    let length = data.prefix(8).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    return data.dropFirst(8 + Int(length))
  }
}
