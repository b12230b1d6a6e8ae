import EngineInterface
import Evaluation
import LanguageModels
import Numerics
import Pipeline
import Store

/// Evaluates the chosen models on the project's tasks: every model on every task that has no result
/// yet. What cannot be evaluated is told and left out.
struct EvaluateStage: StageWork {
  /// Takes how far it is.
  let report: (TaskEvent) -> Void
  /// Seconds between two reports of one cell.
  private static let interval = 0.25

  private struct Step {
    let model: TaskModels.Model
    let file: TaskFile
    var cell: TaskEvent.Cell { .init(model: model.path, task: file.task) }
    var title: String { "\(model.name), \(file.task.title)" }
  }

  func run(_ context: StageContext) throws -> StageOutcome {
    let results = TaskResults(
      folder: context.folder.taskResults, settings: context.precisions.tasks)
    let steps = steps(context, results)
    report(.planned(steps.map(\.cell)))
    let counts = try counts(steps, results, context)
    let total = steps.reduce(0) { $0 + (counts[$1.file.task] ?? 0) }
    var (before, failures) = (0, 0)
    for step in steps {
      try context.work.checkpoint()
      do {
        // A file that cannot be used says so for each model.
        let items = try counts[step.file.task] ?? results.count(step.file)
        let range = share(before, total)...share(before + items, total)
        try evaluate(step, items: items, results, context, context.work(range, step.title))
        before += items
        report(.done(step.cell))
      } catch let stop as WorkStopped {
        throw stop
      } catch {
        failures += 1
        report(.failed(step.cell, "\(error)"))
        context.note("\(step.title): \(error)", .error)
      }
    }
    try renewReport(context, isChanged: !steps.isEmpty)
    if steps.isEmpty { return .done("nothing is left to do") }
    let done = "\(Number.grouped(steps.count - failures)) of \(Number.grouped(steps.count)) done"
    return .done(failures > 0 ? "\(done), \(failures) failed" : done)
  }

  /// Makes the report on the students anew, where there is one, for it shows the tasks.
  private func renewReport(_ context: StageContext, isChanged: Bool) throws {
    guard let commit = context.commit else { return }
    let places = CommitFolder(project: context.folder, name: commit)
    guard let record = try ComparisonRecord.read(places) else { return }
    // A run may have been killed between its last task and the report.
    guard isChanged || !Folder.exists(places.report + "/" + ProjectReport.tasksFile) else { return }
    context.progress(1, detail: "writing the report")
    try ProjectReport(folder: context.folder, settings: context.settings, commit: commit)
      .write(record, to: places.report, Work(control: context.control))
  }

  /// What has no result yet: model by model, the tasks in the order of the paper.
  private func steps(_ context: StageContext, _ results: TaskResults) -> [Step] {
    let models = TaskModels(folder: context.folder, settings: context.settings).chosen
    let files = context.settings.taskFiles
    return models.flatMap { model in
      files.filter { results.record(model, $0, digests: context.digests) == nil }
        .map { Step(model: model, file: $0) }
    }
  }

  /// Items of the tasks whose files can be read.
  private func counts(
    _ steps: [Step], _ results: TaskResults, _ context: StageContext
  ) throws -> [ZeroShotTask: Int] {
    var counts: [ZeroShotTask: Int] = [:]
    for step in steps where counts[step.file.task] == nil {
      try context.work.checkpoint()
      context.progress(nil, detail: "reading the items of \(step.file.task.title)")
      counts[step.file.task] = try? results.count(step.file)
    }
    return counts
  }

  private func share(_ items: Int, _ total: Int) -> Double {
    total == 0 ? 1 : min(1, Double(items) / Double(total))
  }

  private func evaluate(
    _ step: Step, items: Int, _ results: TaskResults, _ context: StageContext, _ work: Work
  ) throws {
    let (model, file) = (step.model, step.file)
    let output = results.items(model, file.task)
    try Folder.make(Folder.parent(of: output))
    let verb = EvaluateTasks(
      [ModelFolder(model.path)], on: [file], settings: results.settings,
      digests: context.digests, compute: context.compute)
    let started = Clock.seconds()
    let result: TasksResult
    do {
      result = try run(verb, step, items: items, output, results, work)
    } catch PipelineError.otherSettings {
      // What lies there was begun with another file or another precision.
      try results.removePartial(model, file.task)
      result = try run(verb, step, items: items, output, results, work)
    }
    guard let row = result.tasks.first else { return }
    try results.write(
      TaskResults.Record(
        result: row.value, file: file.path, digest: context.digests.sha256(of: file.path),
        precision: result.precision, version: result.version, limit: results.settings.limit,
        seconds: Clock.seconds() - started),
      model)
  }

  private func run(
    _ verb: EvaluateTasks, _ step: Step, items: Int, _ output: String, _ results: TaskResults,
    _ work: Work
  ) throws -> TasksResult {
    var tally = TaskTally(step.file.task, results.partial(step.model, step.file.task))
    let before = tally.items
    let started = Clock.seconds()
    var last = -Double.infinity
    func show() {
      let now = Clock.seconds()
      guard now - last >= Self.interval else { return }
      last = now
      let speed = Double(tally.items - before) / max(0.001, now - started)
      let eta = tally.items > before ? Double(max(0, items - tally.items)) / speed : nil
      report(.running(step.cell, done: tally.items, items: items, eta: eta, tally.score))
    }
    show()
    return try verb.run(items: output, work) { lines in
      tally.add(lines.map(\.record))
      show()
    }
  }
}

extension StageContext {
  /// A part of the stage's work whose own time says nothing of the whole.
  fileprivate func work(_ range: ClosedRange<Double>, _ title: String) -> Work {
    Work(
      control: control,
      progress: { progress in
        self.progress(
          progress.fraction.map {
            range.lowerBound + (range.upperBound - range.lowerBound) * $0
          } ?? range.lowerBound, detail: "\(title): \(progress.detail)")
      }, note: { _ in })
  }
}
