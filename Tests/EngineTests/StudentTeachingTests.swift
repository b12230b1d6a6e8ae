import Engine
import EngineInterface
import Foundation
import Store
import Testing
import Training

/// Students that the project's teacher teaches, and what their runs keep and write.
@Suite(.serialized) struct StudentTeachingTests {
  private func taught(_ project: TinyProject) -> ProjectSettings {
    var settings = project.settings
    settings.student.teaching = StudentTeaching(ratio: 0.4)
    var records = TrainingRecords()
    records.keepLast = 1
    records.keepBest = true
    records.tensorBoard = true
    records.sampleEvery = 3
    records.samplePrompts = ["river"]
    records.sampleTokens = 4
    settings.student.records = records
    return settings
  }

  @Test func bothLearnFromTheTeacherAndKeepWhatIsAsked() async throws {
    let project = try TinyProject()
    let events = try await project.run((project.folder, taught(project)))
    for event in events {
      if case .job(let job) = event, case .failed(let text) = job.state { Issue.record("\(text)") }
    }
    for side in ["A-uniform", "B-refined"] {
      let model = "\(project.folder)/models/0001-r0.50-\(side)"
      let record = try #require(try DistillationSettings.read(folder: model))
      #expect(record.ratio == 0.4 && record.temperature == 1)
      #expect(record.teacher.model.name == "teacher")
      let card = try String(contentsOfFile: model + "/README.md", encoding: .utf8)
      #expect(card.contains("Vanilla KD: ratio 0.4") && card.contains("knowledge-distillation"))
      let run = "\(project.folder)/runs/0001-r0.50/\(side)"
      #expect(Folder.isFolder(run + "/tensorboard"))
      #expect(try SampleFile.read(runFolder: run).contains { $0.prompt == "river" && $0.step == 3 })
      // The newest, and the best where that is another.
      #expect(try Folder.list(run + "/checkpoints").count <= 2)
    }
    let runs = events.compactMap { if case .training(let t) = $0 { t.runs } else { nil } }.last
    let figures = (runs ?? []).compactMap { $0.distillation }
    #expect(figures.count == 2)
    #expect(figures.allSatisfy { $0.kdLoss > 0 && $0.lmLoss > 0 && $0.gradientShare ?? 0 > 0 })
    // The teacher's passes stand in the account.
    let report = try String(
      contentsOfFile: project.folder + "/report/0001-r0.50/README.md", encoding: .utf8)
    #expect(report.contains("teach student A uniform"))
  }

  @Test func settingsThatCannotWorkNameTheirKey() throws {
    let project = try TinyProject()
    func fault(_ change: (inout ProjectSettings) -> Void) -> String? {
      var settings = taught(project)
      change(&settings)
      do {
        try settings.validate()
      } catch EngineError.setting(let name, _, _) {
        return name
      } catch {}
      return nil
    }
    #expect(fault { _ in } == nil)
    #expect(fault { $0.student.teaching?.ratio = 2 } == "student.teaching.ratio")
    #expect(fault { $0.student.teaching?.temperature = 0 } == "student.teaching.temperature")
    #expect(fault { $0.student.records?.keepLast = 0 } == "student.records.keepLast")
    #expect(fault { $0.student.records?.samplePrompts = nil } == "student.records.sampleEvery")
    #expect(fault { $0.student.records?.sampleEvery = nil } == "student.records.sampleEvery")
    #expect(
      fault {
        $0.text = .files(scored: ["a"], reserve: ["b"], heldOut: [])
      } == "student.records.keepBest")
    #expect(
      fault {
        guard case .trained(var model) = $0.teacher else { return }
        model.teaching = StudentTeaching()
        $0.teacher = .trained(model)
      } == "teacher.trained.teaching")
  }
}
