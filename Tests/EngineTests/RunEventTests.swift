import Engine
import EngineInterface
import Foundation
import Store
import Testing

/// What happened in trainings is there when the project is opened again, and so are the axes.
@Suite struct RunEventTests {
  /// The training as a project tells it that is only opened.
  private func reopened(_ project: TinyProject) async throws -> TrainingSnapshot? {
    let engine = try ProjectEngine(
      folder: project.folder, settings: project.settings, autopilot: .off, threads: 2)
    engine.start()
    var found: TrainingSnapshot?
    for await event in engine.events {
      if case .training(let picture) = event, found == nil {
        found = picture
        engine.send(.shutDown(saving: true))
      }
    }
    return found
  }

  @Test func eventsMemoryAndAxesAreReadBack() async throws {
    let project = try TinyProject()
    let events = try await project.run()
    let live = try #require(
      events.compactMap { if case .training(let picture) = $0 { picture } else { nil } }.last)
    let read = try #require(try await reopened(project))
    #expect(read.events.map(\.text) == live.events.map(\.text))
    #expect(read.events.allSatisfy { !$0.time.isEmpty })
    for run in ["A uniform", "B refined"] {
      let kinds = Set(read.events.filter { $0.run == run }.map(\.kind))
      #expect(kinds.isSuperset(of: [.start, .evaluation, .checkpoint, .end]), "\(kinds)")
    }
    #expect(read.events.contains { $0.kind == .evaluation && $0.step != nil })
    for (one, other) in zip(read.runs, live.runs) {
      #expect(one.memory > 0 && one.memory == other.memory)
      let price = try #require(one.operationsPerToken)
      // Teacherless students: three times a forward pass of a small model.
      #expect(price == other.operationsPerToken && price > 1e4 && price < 1e8)
      #expect(one.trainCurve == other.trainCurve)
      let seconds = one.trainCurve.map(\.seconds)
      #expect(seconds.allSatisfy { $0 > 0 } && seconds == seconds.sorted())
      #expect(one.heldOutCurve.last?.seconds == seconds.last)
    }
  }

  /// A torn tail and a broken line cost themselves, and a project from before has what its metrics tell.
  @Test func brokenAndMissingEventsAreBorne() async throws {
    let project = try TinyProject()
    try await project.run()
    let whole = try #require(try await reopened(project)).events
    let path = project.folder + "/runs/0001-r0.50/events.jsonl"
    let data = try #require(project.data("runs/0001-r0.50/events.jsonl"))
    var broken = data
    broken.append(contentsOf: "{\"what\"\n".utf8)
    broken.append(data.prefix(40))
    try broken.write(to: URL(fileURLWithPath: path))
    #expect(try #require(try await reopened(project)).events == whole)
    try FileManager.default.removeItem(atPath: path)
    let old = try #require(try await reopened(project)).events
    #expect(Set(old.map(\.kind)) == [.evaluation, .checkpoint])
    #expect(old.compactMap(\.step) == old.compactMap(\.step).sorted())
  }
}
