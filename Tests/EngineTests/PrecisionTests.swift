import Engine
import EngineInterface
import Pipeline
import Store
import TensorKit
import Testing

/// What the models compute in, chosen in an open project.
@Suite(.serialized) struct PrecisionTests {
  private static func precision(_ events: [EngineEvent]) -> PrecisionSnapshot? {
    events.reversed().lazy.compactMap { event in
      if case .models(let models) = event { models.precision } else { nil }
    }.first
  }

  private static func warnings(_ events: [EngineEvent]) -> [String] {
    events.compactMap { event in
      if case .notice(let notice) = event, notice.level == .warning { notice.text } else { nil }
    }
  }

  /// Opens a project without running anything, sends commands, and closes it.
  private func talk(
    to project: TinyProject, _ commands: [EngineCommand], layers: Int = 1
  ) async throws -> [EngineEvent] {
    var fresh = project.settings
    fresh.student.shape.layerCount = layers
    let settings = try ProjectEngine.settings(in: project.folder) ?? fresh
    let engine = try ProjectEngine(
      folder: project.folder, settings: settings, autopilot: .off, threads: 1)
    engine.start()
    for command in commands + [.shutDown(saving: true)] { engine.send(command) }
    var events: [EngineEvent] = []
    for await event in engine.events { events.append(event) }
    return events
  }

  @Test func aChoiceStandsInTheProjectAndHoldsForTheNextOpening() async throws {
    let project = try TinyProject()
    let events = try await talk(
      to: project, [.setPrecision(.blockCheckpointing(true)), .setPrecision(.training(.f32))],
      layers: 8)
    let settings = try #require(try ProjectEngine.settings(in: project.folder))
    #expect(settings.checkpointBlocks)
    #expect(settings.trainingPrecision == .f32)
    let precision = try #require(Self.precision(events))
    #expect(precision.blockCheckpointing)
    // auto and f32 as it is now, with checkpointing; bf16; and f32 with all activations kept.
    let bytes = precision.options.compactMap { option -> Int? in
      if case .scoring = option.choice { nil } else { option.bytes }
    }
    #expect(bytes.count == 4 && bytes.allSatisfy { $0 > 0 } && bytes[1] < bytes[3])
    #expect(Self.precision(try await talk(to: project, []))?.blockCheckpointing == true)
  }

  @Test func int8IsNoTrainingPrecision() async throws {
    let project = try TinyProject()
    let events = try await talk(to: project, [.setPrecision(.training(.int8))])
    #expect(try ProjectEngine.settings(in: project.folder)?.trainingPrecision == .f32)
    let texts = events.compactMap { event in
      if case .notice(let notice) = event { notice.level == .info ? nil : notice.text } else { nil }
    }
    #expect(!texts.isEmpty)
  }

  @Test func scoresAndModelsThatWouldBeStaleAreNamed() async throws {
    let project = try TinyProject()
    try await project.run(autopilot: .until(.select)) { event, engine in
      if case .selection(let picture) = event, picture.complete {
        engine.send(.shutDown(saving: true))
      }
    }
    let events = try await talk(
      to: project,
      [
        .setPrecision(.scoring(.bf16)), .setPrecision(.training(.bf16)),
        .setPrecision(.blockCheckpointing(true)),
      ])
    let settings = try #require(try ProjectEngine.settings(in: project.folder))
    #expect(settings.scoringPrecision == .f32 && settings.trainingPrecision == .f32)
    #expect(settings.checkpointBlocks)
    let warnings = Self.warnings(events)
    try #require(warnings.count == 2)
    // A processor without the products is named before anything else.
    #expect(warnings[0].contains("stale") || warnings[0].contains("processor"))
    #expect(warnings[1].contains("teacher, reference") || warnings[1].contains("processor"))
    // Without the scores the precision is free again.
    try Folder.remove(project.folder + "/scores")
    let after = try await talk(to: project, [.setPrecision(.scoring(.bf16))])
    let changed = try #require(try ProjectEngine.settings(in: project.folder))
    #expect(changed.scoringPrecision == .bf16 || !Self.warnings(after).isEmpty)
  }

  @Test func trainingKeepsItsPrecisionWhileItRuns() async throws {
    let project = try TinyProject()
    // Long enough that it still runs when it is asked, on a machine under load as well.
    var settings = project.settings
    if case .trained(var teacher) = settings.teacher {
      teacher.training.epochs = 2000
      settings.teacher = .trained(teacher)
    }
    var isAsked = false
    let events = try await project.run(
      (project.folder, settings), autopilot: .until(.score)
    ) { event, engine in
      if case .job(let job) = event, job.stage == .teacher, job.isActive, !isAsked {
        isAsked = true
        engine.send(.setPrecision(.blockCheckpointing(true)))
        engine.send(.shutDown(saving: true))
      }
    }
    #expect(isAsked)
    #expect(Self.warnings(events).contains { $0.contains("stop it first") })
    #expect(try ProjectEngine.settings(in: project.folder)?.checkpointBlocks == false)
  }
}
