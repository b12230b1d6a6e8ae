import Engine
import EngineInterface
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing

/// A project on a processor that lacks what it computes in.
@Suite(.serialized) struct MovedProjectTests {
  private static let lesser = ProductCapability(
    multipliesBF16: false, name: "a lesser one")

  private func engine(
    _ project: TinyProject, _ settings: ProjectSettings, _ autopilot: Autopilot
  ) throws -> ProjectEngine {
    try ProjectEngine(
      folder: project.folder, settings: settings, autopilot: autopilot, threads: 1,
      capability: Self.lesser)
  }

  @Test func itIsRefusedWhereStagesRunByThemselvesAndSaidWhereNot() async throws {
    let project = try TinyProject()
    var settings = project.settings
    settings.scoringPrecision = .int8
    settings.trainingPrecision = .bf16
    for autopilot in [Autopilot.all, .until(.select)] {
      let error = #expect(throws: ModelError.self) {
        _ = try engine(project, settings, autopilot)
      }
      #expect(error?.message.contains("a lesser one") == true)
    }
    #expect(!Folder.exists(project.folder))
    let opened = try engine(project, settings, .off)
    opened.start()
    opened.endWhenRead()
    var (warnings, checks): ([String], [ModelsSnapshot.Check]) = ([], [])
    var precision: PrecisionSnapshot?
    for await event in opened.events {
      switch event {
      case .notice(let notice) where notice.level == .warning: warnings.append(notice.text)
      case .models(let models): (checks, precision) = (models.checks, models.precision)
      default: break
      }
    }
    let words = "cannot train in bf16"
    #expect(warnings.contains { $0.contains(words) }, "\(warnings)")
    #expect(checks.contains { $0.state == .failed && $0.text.contains(words) })
    #expect(precision?.obstacles.contains { $0.contains(words) } == true)
    #expect(
      ProjectEngine.obstacles(to: settings, in: project.folder, capability: Self.lesser).count == 1)
  }

  @Test func autoComesToWhatAProcessorHas() throws {
    let project = try TinyProject()
    var settings = project.settings
    (settings.scoringPrecision, settings.trainingPrecision) = (.auto, .auto)
    #expect(
      ProjectEngine.obstacles(to: settings, in: project.folder, capability: Self.lesser).isEmpty)
    _ = try engine(project, settings, .all)
  }

  @Test func scoresThatWereBegunElsewhereAreNamed() throws {
    let project = try TinyProject()
    var settings = project.settings
    settings.scoringPrecision = .auto
    let parts = project.folder + "/scores/scores"
    try Folder.make(parts)
    var writer = try SafetensorsWriter(
      replacing: parts + "/part-000000.safetensors",
      tensors: [.init(name: "chunk", type: .i64, shape: [1])], metadata: ["precision": "bf16"])
    try writer.write([Int64(0)])
    try writer.commit()
    let error = #expect(throws: PipelineError.self) { _ = try engine(project, settings, .all) }
    #expect(error?.message.contains("was begun in bf16") == true)
    let said = ProjectEngine.obstacles(
      to: settings, in: project.folder, capability: Self.lesser)
    #expect(said.count == 1 && said[0].contains("was begun in bf16"))
  }

  @Test func settingsOfOlderProjectsKeepTheirMeaning() throws {
    let project = try TinyProject()
    var settings = project.settings
    settings.scoringPrecision = .bf16
    settings.trainingPrecision = .auto
    func object(_ settings: ProjectSettings) throws -> [String: Any] {
      try #require(
        try JSONSerialization.jsonObject(with: Data(JSONFile.text(of: settings).utf8))
          as? [String: Any])
    }
    var fields = try object(settings)
    #expect(fields["scoringPrecision"] as? String == "bf16")
    #expect(fields["trainingPrecision"] as? String == "auto")
    #expect(fields["waivers"] == nil)
    for key in ["scoringPrecision", "trainingPrecision"] { fields[key] = nil }
    let older = try JSONDecoder().decode(
      ProjectSettings.self, from: JSONSerialization.data(withJSONObject: fields))
    #expect(older.scoringPrecision == .f32 && older.trainingPrecision == .f32)
    fields["trainingPrecision"] = "int8"
    let wrong = try JSONDecoder().decode(
      ProjectSettings.self, from: JSONSerialization.data(withJSONObject: fields))
    #expect(throws: EngineError.self) { try wrong.validate() }
  }

  @Test func waiversStandInTheProjectAndInItsReport() async throws {
    let project = try TinyProject()
    // The reference is trained on what is scored.
    var settings = project.settings
    settings.text = .files(
      scored: [project.root + "/scored.jsonl"], reserve: [project.root + "/scored.jsonl"],
      heldOut: [project.root + "/held-out.jsonl"])
    let events = try await project.run((project.folder, settings))
    let jobs = events.compactMap { if case .job(let job) = $0 { job } else { nil } }
    let failed = try #require(
      jobs.last { if case .failed = $0.state { true } else { false } })
    #expect(failed.stage == .score && failed.fault == .input)
    let checks = events.reversed().lazy.compactMap {
      if case .models(let models) = $0 { models.checks } else { nil }
    }.first
    #expect(checks?.contains { $0.state == .failed && $0.text.hasPrefix("reserve: ") } == true)
    let waived = try #require(
      try ProjectEngine.settings(
        in: project.folder, waiving: [CheckWaiver(.reserve, reason: "a rehearsal")]))
    #expect(try ProjectEngine.settings(in: project.folder) == waived)
    try await project.run((project.folder, waived))
    let commit = try #require(try Folder.list(project.folder + "/report").first)
    let report = try #require(project.data("report/\(commit)/README.md"))
    #expect(String(decoding: report, as: UTF8.self).contains("waived: reserve (a rehearsal)"))
  }
}
