import EngineInterface
import Evaluation
import Foundation
import Numerics
import Pipeline
import Store
import TensorKit

/// Zero-shot tasks: which files and models the project has for them, what was found, and what is at
/// work.
final class EvaluationDesk {
  private let context: DeskContext
  private let reader = TaskReader()
  /// Paths of the two models that are compared; nil = the last two of the table.
  private var pair: (a: String, b: String)?
  /// What was found on this machine; nil until somebody asks.
  private var available: ModelListSnapshot?
  /// What stands on disk; nil until it is read.
  private var table: EvaluationTable?
  /// Cells of the present run, and failures of the last one.
  private var live: [TaskEvent.Cell: EvaluationSnapshot.Cell] = [:]

  /// Whether tasks are evaluated now.
  private var isRunning = false

  init(_ context: DeskContext) { self.context = context }

  private var models: TaskModels {
    TaskModels(folder: context.folder, settings: context.settings)
  }

  /// Has the results read anew, and shows them then; what is known is shown at once.
  func show() {
    if table != nil { publish() }
    let reading = EvaluationReading(
      models: models.chosen, files: context.settings.taskFiles, pair: pair,
      results: TaskResults(
        folder: context.folder.taskResults, settings: context.precisions.tasks),
      digests: context.digests, reader: reader)
    context.preparations.begin(.evaluation) { .evaluation(reading.table()) }
  }

  func take(_ table: EvaluationTable) {
    self.table = table
    for text in table.faults { context.note(text, .warning) }
    publish()
  }

  func take(_ list: ModelListSnapshot) {
    available = list
    publish()
  }

  // MARK: - Running

  /// Why nothing can be evaluated now; nil when it can.
  var obstacle: String? {
    if context.settings.taskFiles.isEmpty {
      return "No task has a file yet: choose one on the Evaluate screen."
    }
    return models.chosen.isEmpty ? "There is no model to evaluate yet." : nil
  }

  func take(_ event: TaskEvent) {
    switch event {
    case .planned(let cells):
      isRunning = true
      live = Dictionary(cells.map { ($0, .queued) }, uniquingKeysWith: { $1 })
      publish()
    case .running(let cell, let done, let items, let eta, let score):
      live[cell] = .running(done: done, items: items, eta: eta, score)
      context.publisher.show(.evaluation) { .evaluation(snapshot()) }
    case .done(let cell):
      live[cell] = nil
      show()
    case .failed(let cell, let text):
      live[cell] = .failed(text)
      publish()
    }
  }

  /// What did not get its turn is as it stands on disk.
  func finish() {
    isRunning = false
    live = live.filter { if case .failed = $0.value { true } else { false } }
    show()
  }

  // MARK: - Choosing

  /// Writes the file of a task into project.json, or takes it out; says why not.
  func setFile(of name: String, _ path: String?) throws {
    guard let task = ZeroShotTask(name: name) else {
      return context.note("There is no task \(name).", .warning)
    }
    var changed = context.settings
    var files = (context.settings.tasks ?? []).filter { $0.task != task }
    if let path {
      guard let full = try place(of: task, path) else { return }
      files.append(TaskFile(task, path: full))
    }
    changed.tasks = files.isEmpty ? nil : files
    live = live.filter { $0.key.task != task }
    try write(changed)
    context.note(
      path == nil ? "\(task.title) has no file now." : "\(task.title): written to project.json.")
  }

  /// The whole path of a file that may hold the items of a task; nil after saying why not.
  private func place(of task: ZeroShotTask, _ path: String) throws -> String? {
    let full = OutputPath.canonical(NSString(string: path).expandingTildeInPath)
    guard Folder.exists(full) else {
      context.note("\(full): no such file.", .warning)
      return nil
    }
    let kind = try? FileManager.default.attributesOfItem(atPath: full)[.type] as? FileAttributeType
    // The first row tells; what is no plain file is left to the run.
    guard kind == .typeRegular else { return full }
    let found = try TaskItems.recognise(full)
    guard found.isEmpty || found.contains(task) else {
      let names = found.map(\.title).joined(separator: " or ")
      context.note("\(full) holds items of \(names), not of \(task.title).", .warning)
      return nil
    }
    return full
  }

  /// Writes into project.json how tasks are evaluated; says why not.
  func set(_ condition: TaskCondition, running: Stage?) throws {
    let choices = TaskConditionChoices(
      precisions: context.precisions, isRunning: running == .evaluate)
    if let obstacle = choices.obstacle(to: condition) { return context.note(obstacle, .warning) }
    guard let changed = context.settings.with(condition), changed != context.settings else {
      return
    }
    // What was read holds for other conditions.
    (live, table) = ([:], nil)
    try write(changed)
    context.note("\(condition.title): written to project.json.")
  }

  /// Puts a model into the table, or takes it out.
  func choose(_ path: String, _ isChosen: Bool) throws {
    try write(models.settings(path, isChosen: isChosen))
  }

  /// Shows the difference of two models of the table.
  func compare(_ a: String, _ b: String) {
    pair = (a, b)
    show()
  }

  private func write(_ settings: ProjectSettings) throws {
    if settings != context.settings {
      try settings.validate()
      try JSONFile.write(settings, to: context.folder.settings)
      context.settings = settings
    }
    show()
  }

  // MARK: - Items

  /// Has a page of items put together.
  func list(_ query: TaskItemQuery) {
    let chosen = models.chosen
    guard let table, let task = ZeroShotTask(name: query.task),
      let file = context.settings.taskFiles.first(where: { $0.task == task }),
      let b = chosen.first(where: { $0.path == query.b }),
      let madeB = table.records[.init(model: query.b, task: task)]
    else {
      return context.publisher.send(.taskItems(TaskItemRows(query: query, rows: [], total: 0)))
    }
    let a = chosen.first { $0.path == query.a }
    let madeA = query.a.flatMap { table.records[.init(model: $0, task: task)] }
    let (reader, results) = (reader, table.results)
    context.preparations.begin(.taskItems) {
      let texts = try reader.texts(file, digest: madeB.digest)
      var first: [ItemRecord]?
      if let a, let madeA {
        first = try reader.records(results.items(a, task), made: madeA)
      }
      let second = try reader.records(results.items(b, task), made: madeB)
      return .taskItems(
        TaskItemPage(task: task, texts: texts, a: first, b: second, query: query).rows())
    }
  }

  // MARK: - Pictures

  private func publish() { context.publisher.showNow(.evaluation, .evaluation(snapshot())) }

  private func snapshot() -> EvaluationSnapshot {
    let chosen = models.chosen
    let files = context.settings.taskFiles
    let tasks = ZeroShotTask.allCases.map { task in
      EvaluationSnapshot.Task(
        name: task.rawValue, title: task.heading, short: task.short,
        file: files.first { $0.task == task }?.path,
        hasNormalized: task.metrics.contains(.accNorm))
    }
    let conditions = TaskConditionChoices(
      precisions: context.precisions, isRunning: isRunning
    ).conditions()
    return EvaluationSnapshot(
      tasks: tasks, models: chosen.map { .init(path: $0.path, name: $0.name) },
      cells: ZeroShotTask.allCases.map { task in
        chosen.map { model in
          let cell = TaskEvent.Cell(model: model.path, task: task)
          return live[cell] ?? table?.cells[cell] ?? .empty
        }
      },
      comparison: table?.comparison, candidates: candidates(chosen),
      published: PublishedTaskFigures.all,
      notes: [
        "prompts of lm-evaluation-harness \(conditions.release), zero-shot, in "
          + conditions.precision.rawValue
      ] + (conditions.limit.map { ["the first \(Number.grouped($0)) items of each task"] } ?? []),
      conditions: conditions)
  }

  /// The project's models, those that were chosen, and what else was found on this machine.
  private func candidates(_ chosen: [TaskModels.Model]) -> [TaskCandidate] {
    let own = models.own
    var rows: [TaskCandidate] = []
    for model in own + chosen where !rows.contains(where: { $0.path == model.path }) {
      rows.append(
        TaskCandidate(
          path: model.path, name: model.name,
          place: own.contains(model) ? "this project" : "elsewhere",
          isChosen: chosen.contains { $0.path == model.path }))
    }
    for row in available?.rows ?? [] {
      if let index = rows.firstIndex(where: { $0.path == row.path }) {
        if own.contains(where: { $0.path == row.path }) { continue }
        (rows[index].name, rows[index].place) = (row.name, row.place)
      } else {
        rows.append(
          TaskCandidate(
            path: row.path, name: row.name, place: row.place, isChosen: false,
            obstacle: row.obstacle))
      }
    }
    return rows
  }
}

extension ZeroShotTask {
  /// For the head of a row: at most ten letters.
  fileprivate var heading: String { self == .arcChallenge ? "ARC-chall." : title }

  /// As the paper's tables shorten it.
  fileprivate var short: String {
    switch self {
    case .hellaswag: "HS"
    case .lambadaOpenAI: "LAM"
    case .winogrande: "Wino"
    case .openbookqa: "OBQA"
    case .arcEasy: "ARC-e"
    case .arcChallenge: "ARC-c"
    case .piqa: "PIQA"
    case .socialIQA: "SIQA"
    case .storyCloze: "Story"
    }
  }
}
