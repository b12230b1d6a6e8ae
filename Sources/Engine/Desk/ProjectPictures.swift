import EngineInterface
import Pipeline
import Store
import Training

/// The pictures of training and comparison that stand on disk, read away from the desk.
extension DeskContext {
  /// Shows the runs of the newest commit's students, if they have begun.
  func showTraining() {
    let (status, folder) = (status, folder)
    preparations.begin(.training) {
      guard let commit = status.newestCommit else { return nil }
      let places = CommitFolder(project: folder, name: commit)
      guard Folder.exists(places.runA + "/" + MetricsLog.fileName) else { return nil }
      var pair = PairRecorder(restored: places)
      return .training(pair.snapshot())
    }
  }

  /// Shows the newest commit's comparison, if it has been made.
  func showComparison() {
    let (status, folder) = (status, folder)
    let curveChunks = settings.student.training.evaluationChunks
    preparations.begin(.comparison) {
      guard let commit = status.newestCommit else { return nil }
      let places = CommitFolder(project: folder, name: commit)
      guard let record = try ComparisonRecord.read(places) else { return nil }
      var pair = PairRecorder(restored: places)
      return .comparison(
        record.snapshot(
          path: places.reportText, runs: pair.snapshot().runs, curveChunks: curveChunks))
    }
    // Many fits: the picture with them comes when they are made.
    preparations.begin(.fit) { [control] in
      guard let commit = status.newestCommit else { return nil }
      let places = CommitFolder(project: folder, name: commit)
      guard let record = try ComparisonRecord.read(places) else { return nil }
      var pair = PairRecorder(restored: places)
      var picture = record.snapshot(
        path: places.reportText, runs: pair.snapshot().runs, curveChunks: curveChunks)
      picture.fit = FitLines.of(places, Work(control: control))
      return picture.fit.isEmpty ? nil : .comparison(picture)
    }
  }

  /// Shows the comparison again, for a person who asks for the report.
  func writeReport() {
    guard status.isDone(.compare), let commit = status.newestCommit else {
      note("There is nothing to report before the students are compared.", .warning)
      return
    }
    showComparison()
    note("The report stands in \(CommitFolder(project: folder, name: commit).report).")
  }
}

extension PairRecorder {
  /// Both students of a commit, as their metrics on disk tell them.
  init(restored places: CommitFolder) {
    let (events, memory) = RunEventLog.read(places)
    func student(_ name: String, _ corpus: String, _ folder: String) -> RunRecorder {
      .restored(name: name, corpus: corpus, runFolder: folder, memory: memory[name] ?? 0)
    }
    self.init(
      a: student("A uniform", "\(places.name) uniform", places.runA),
      b: student("B refined", places.name, places.runB),
      forks: ProjectFork.all(places.project, commit: places.name).map {
        RunRecorder($0, corpus: places.name, memory: memory[$0.name] ?? 0).restored()
      }, events: events)
  }
}
