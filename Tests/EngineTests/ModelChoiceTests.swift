import Engine
import EngineInterface
import Foundation
import LanguageModels
import Numerics
import Store
import TensorKit
import Testing

/// Teacher and reference out of what lies on the machine, chosen in an open project.
@Suite(.serialized) struct ModelChoiceTests {
  private func talk(
    to project: TinyProject, _ commands: [EngineCommand]
  ) async throws -> [EngineEvent] {
    let settings = try ProjectEngine.settings(in: project.folder) ?? project.settings
    let engine = try ProjectEngine(
      folder: project.folder, settings: settings, autopilot: .off, threads: 1)
    engine.start()
    for command in commands + [.shutDown(saving: true)] { engine.send(command) }
    var events: [EngineEvent] = []
    for await event in engine.events { events.append(event) }
    return events
  }

  private func list(_ events: [EngineEvent]) -> ModelListSnapshot? {
    events.reversed().lazy.compactMap { event in
      if case .models(let models) = event, let list = models.available, !list.isLooking {
        list
      } else {
        nil
      }
    }.first
  }

  private func texts(_ events: [EngineEvent]) -> [String] {
    events.compactMap { event in
      if case .notice(let notice) = event, notice.level != .info { notice.text } else { nil }
    }
  }

  /// A model beside the project, as `usualFolders` looks for it.
  private func makeModel(_ project: TinyProject) throws -> String {
    let path = project.root + "/models/given"
    let configuration = try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: 300, hiddenSize: 16, intermediateSize: 32, layerCount: 1, headCount: 2,
        tiesWordEmbeddings: true,
        specialTokens: SpecialTokenIDs(beginning: 0, end: [0], padding: 0)))
    let compute = try Ops(kernels: .best, pool: ParallelPool(threads: 1))
    try Folder.make(project.root + "/models")
    try LanguageModel.make(
      configuration, initialization: .seeded(RandomSource(seed: 1)), compute: compute
    ).save(to: path)
    return path
  }

  @Test func aModelBesideTheProjectIsFoundAndTaken() async throws {
    let project = try TinyProject()
    let path = try makeModel(project)
    let row = try #require(
      list(try await talk(to: project, [.findModels]))?.rows.first { $0.name == "given" })
    #expect(row.obstacle == nil && row.fits && row.family == "qwen2" && row.vocabulary == 300)
    #expect((row.memory ?? 0) > 0 && row.bytes > 0)
    let events = try await talk(to: project, [.setModel(.teacher, path: path)])
    #expect(texts(events) == [])
    let settings = try #require(try ProjectEngine.settings(in: project.folder))
    #expect(settings.teacher == .folder(OutputPath.canonical(path)))
    if case .folder = settings.reference { Issue.record("the reference changed as well") }
    #expect(list(events)?.rows.first { $0.name == "given" }?.roles == [.teacher])
  }

  @Test func whatCannotBeLoadedIsRefused() async throws {
    let project = try TinyProject()
    let path = try makeModel(project)
    try Folder.remove(path + "/model.safetensors")
    let events = try await talk(to: project, [.setModel(.reference, path: path)])
    #expect(texts(events).contains { $0.contains("weights") }, "\(texts(events))")
    #expect(try ProjectEngine.settings(in: project.folder)?.reference == project.settings.reference)
  }

  @Test func scoresThatWouldBeStaleAreNamed() async throws {
    let project = try TinyProject()
    let path = try makeModel(project)
    try await project.run(autopilot: .until(.select)) { event, engine in
      if case .selection(let picture) = event, picture.complete {
        engine.send(.shutDown(saving: true))
      }
    }
    let before = try ProjectEngine.settings(in: project.folder)
    let events = try await talk(to: project, [.setModel(.teacher, path: path)])
    #expect(texts(events).contains { $0.contains("stale") && $0.contains("/scores") })
    #expect(try ProjectEngine.settings(in: project.folder) == before)
  }
}
