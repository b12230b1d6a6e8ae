import EngineInterface
import Foundation
import Pipeline
import Store

/// Zero-shot tasks: which files and models the project has for them, what was found, and what is at
/// work.
final class EvaluationDesk {
  private let context: DeskContext
  /// Paths of the two models that are compared; nil = the last two of the table.
  private var pair: (a: String, b: String)?
  /// What was found on this machine; nil until somebody asks.
  private var available: ModelListSnapshot?

  init(_ context: DeskContext) { self.context = context }

  private var models: TaskModels {
    TaskModels(folder: context.folder, settings: context.settings)
  }

  /// Shows everything anew.
  func show() {
    context.publisher.showNow(.evaluation, .evaluation(snapshot()))
  }

  func take(_ list: ModelListSnapshot) {
    available = list
    show()
  }

  /// Why nothing can be evaluated now; nil when it can.
  var obstacle: String? {
    if (context.settings.tasks ?? []).isEmpty {
      return "No task has a file yet: choose one on the Evaluate screen."
    }
    return models.chosen.isEmpty ? "There is no model to evaluate yet." : nil
  }

  // MARK: - Choosing

  /// Writes the file of a task into project.json, or takes it out; says why not.
  func setFile(of task: String, _ path: String?) throws {
    guard TaskWords.all.contains(where: { $0.name == task }) else {
      return context.note("There is no task \(task).", .warning)
    }
    var files = (context.settings.tasks ?? []).filter { $0.task != task }
    if let path {
      let full = OutputPath.canonical(NSString(string: path).expandingTildeInPath)
      guard Folder.exists(full) else {
        return context.note("\(full): no such file or folder.", .warning)
      }
      files.append(TaskFile(task: task, path: full))
    }
    var changed = context.settings
    changed.tasks = files.isEmpty ? nil : files
    try write(changed)
    context.note(path == nil ? "\(task) has no file now." : "\(task): written to project.json.")
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

  // MARK: - Pictures

  func list(_ query: TaskItemQuery) {
    context.publisher.send(.taskItems(TaskItemRows(query: query, rows: [], total: 0)))
  }

  private func snapshot() -> EvaluationSnapshot {
    let chosen = models.chosen
    let files = context.settings.tasks ?? []
    let tasks = TaskWords.all.map { task in
      var task = task
      task.file = files.first { $0.task == task.name }?.path
      return task
    }
    return EvaluationSnapshot(
      tasks: tasks, models: chosen.map { .init(path: $0.path, name: $0.name) },
      cells: tasks.map { _ in chosen.map { _ in .empty } }, candidates: candidates(chosen),
      published: PublishedTaskFigures.all)
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
        rows[index].place = row.place
        if !own.contains(where: { $0.path == row.path }) { rows[index].name = row.name }
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

/// The nine tasks of the paper, in its order.
enum TaskWords {
  static let all: [EvaluationSnapshot.Task] = [
    .init(name: "hellaswag", title: "HellaSwag", short: "HS"),
    .init(name: "lambada_openai", title: "LAMBADA", short: "LAM", hasNormalized: false),
    .init(name: "winogrande", title: "WinoGrande", short: "Wino", hasNormalized: false),
    .init(name: "openbookqa", title: "OpenBookQA", short: "OBQA"),
    .init(name: "arc_easy", title: "ARC-easy", short: "ARC-e"),
    .init(name: "arc_challenge", title: "ARC-chall.", short: "ARC-c"),
    .init(name: "piqa", title: "PIQA", short: "PIQA"),
    .init(name: "social_iqa", title: "SIQA", short: "SIQA", hasNormalized: false),
    .init(name: "storycloze_2018", title: "StoryCloze", short: "Story", hasNormalized: false),
  ]
}
