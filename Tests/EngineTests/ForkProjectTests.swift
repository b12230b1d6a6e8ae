import Engine
import EngineInterface
import Foundation
import Store
import Testing
import Training

/// Batches, forks and choices in a project.
@Suite(.serialized) struct ForkProjectTests {
  /// Opens a project, and ends when `watch` says so.
  private func open(
    _ project: TinyProject, watch: (EngineEvent, ProjectEngine) -> Bool
  ) async throws -> [EngineEvent] {
    let engine = try ProjectEngine(
      folder: project.folder,
      settings: ProjectEngine.settings(in: project.folder) ?? project.settings,
      autopilot: .off, threads: 2)
    engine.start()
    var events: [EngineEvent] = []
    var isOver = false
    for await event in engine.events {
      events.append(event)
      if !isOver, watch(event, engine) {
        isOver = true
        engine.send(.shutDown(saving: true))
      }
    }
    return events
  }

  @Test func aBatchIsForkedAndTheForkTrained() async throws {
    let project = try TinyProject()
    try await project.run()
    var batch: BatchSnapshot?
    var hasAsked = false
    let events = try await open(project) { event, engine in
      switch event {
      case .training(let picture):
        if !hasAsked {
          hasAsked = true
          engine.send(.openBatch(run: "B refined", step: picture.runs[1].step))
        }
      case .batch(let picture):
        guard picture.state == .ready, batch == nil else { return false }
        batch = picture
        engine.send(
          .fork(
            run: picture.run, step: picture.step, chunks: [picture.chunks[0].number],
            wholeDocuments: false))
      case .job(let job):
        if case .failed(let text) = job.state { Issue.record("\(text)") }
        return job.stage == .train && !job.isActive
      case .notice(let notice):
        if notice.level == .error {
          Issue.record("\(notice.text)")
          return true
        }
      default: break
      }
      return false
    }
    let found = try #require(batch)
    #expect(found.chunks.count == 8)
    #expect(found.chunks.allSatisfy { $0.scored != nil && $0.loss != nil && $0.difference != nil })
    #expect(found.chunks.allSatisfy { $0.place.contains("scored.jsonl:") })
    let pictures = events.compactMap { if case .training(let t) = $0 { t } else { nil } }
    let last = try #require(pictures.last)
    #expect(last.runs.map(\.name) == ["A uniform", "B refined", "B fork 1"])
    #expect(last.runs[2].fork?.parent == "B refined")
    #expect(last.runs[2].fork?.dropped == 1)
    #expect(last.runs[2].step == last.runs[1].step)
    #expect(project.data("models/0001-r0.50-B-refined-fork-1/model.safetensors") != nil)
    #expect(
      String(
        decoding: project.data("models/0001-r0.50-B-refined-fork-1/training_data.json") ?? Data(),
        as: UTF8.self
      ).contains("droppedChunks"))
  }

  @Test func choicesAreWrittenIntoTheProject() async throws {
    let project = try TinyProject()
    let events = try await open(project) { event, engine in
      guard case .project(let picture) = event else { return false }
      if picture.faults.onSpike == .ask { return true }
      engine.send(.setFaultChoice(.spike, .ask))
      return false
    }
    #expect(
      events.contains {
        if case .notice(let n) = $0 { n.text.contains("At a spike: ask") } else { false }
      })
    let written = try #require(try ProjectEngine.settings(in: project.folder))
    #expect(written.faultPolicy.onSpike == .ask)
    #expect(written.faultPolicy.onNotFinite == .skip)
  }
}
