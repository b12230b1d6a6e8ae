import Corpus
import EngineInterface
import LanguageModels
import Store
import TensorKit
import Tokenizers
import Training

/// The pictures that the desk makes from what stands on disk.
extension Desk {
  func showProject() {
    let stages = Stage.allCases.map { stage in
      if let outcome = outcomes[stage] { return outcome }
      return StageStatus(stage: stage, state: status.isDone(stage) ? .done : .waiting)
    }
    let threads = engine.threads == 1 ? "1 thread" : "\(engine.threads) threads"
    publisher.showNow(
      .project,
      .project(
        ProjectSnapshot(
          name: settings.name, folder: folder.path, stages: stages,
          machine:
            "\(threads), kernels \(compute.kernels.name), \(MatrixProduct.library)")))
  }

  /// Shows the runs of the newest commit's students, if they have begun.
  func showTraining() {
    guard let commit = status.newestCommit else { return }
    let places = CommitFolder(project: folder, name: commit)
    guard Folder.exists(places.runA + "/" + MetricsLog.fileName) else { return }
    var pair = pair(places)
    publisher.showNow(.training, .training(pair.snapshot()))
  }

  /// Shows the newest commit's comparison, if it has been made.
  func showComparison() throws {
    guard status.isDone(.compare), let commit = status.newestCommit else { return }
    let places = CommitFolder(project: folder, name: commit)
    let report = try JSONFile.read(Report.self, from: places.report + "/report.json")
    var pair = pair(places)
    publisher.showNow(
      .comparison,
      .comparison(
        report.snapshot(path: places.report + "/report.md", runs: pair.snapshot().runs)))
  }

  /// Both students of a commit, as their metrics on disk tell them.
  private func pair(_ places: CommitFolder) -> PairRecorder {
    PairRecorder(
      a: .restored(name: "A uniform", corpus: "\(places.name) uniform", runFolder: places.runA),
      b: .restored(name: "B refined", corpus: places.name, runFolder: places.runB))
  }

  /// Writes the report again, for a person who asks for it.
  func writeReport() throws {
    guard status.isDone(.compare) else {
      note("There is nothing to report before the students are compared.", .warning)
      return
    }
    try showComparison()
    if let commit = status.newestCommit {
      note("The report stands in \(CommitFolder(project: folder, name: commit).report).")
    }
  }
}
