import EngineInterface
import Evaluation
import Pipeline
import Store

/// What stands on disk of a project's evaluation.
struct EvaluationTable: Sendable {
  let results: TaskResults
  var records: [TaskEvent.Cell: TaskResults.Record] = [:]
  var cells: [TaskEvent.Cell: EvaluationSnapshot.Cell] = [:]
  var comparison: TaskComparison?
  /// What cannot be compared, a sentence each.
  var faults: [String] = []
}

/// Reads it, away from the desk.
struct EvaluationReading: Sendable {
  let models: [TaskModels.Model]
  let files: [TaskFile]
  /// Paths of the models to compare; nil = the last two.
  let pair: (a: String, b: String)?
  let results: TaskResults
  let digests: FileDigests
  let reader: TaskReader

  func table() -> EvaluationTable {
    var table = EvaluationTable(results: results)
    for model in models {
      for file in files {
        let cell = TaskEvent.Cell(model: model.path, task: file.task)
        if let record = results.record(model, file, digests: digests) {
          table.records[cell] = record
          table.cells[cell] = .done(EvaluationSnapshot.Score(record.result))
        } else {
          let done = results.partial(model, file.task).count
          if done > 0 { table.cells[cell] = .stopped(done: done, items: count(file, done)) }
        }
      }
    }
    compare(&table)
    return table
  }

  /// Items of a task; where its file cannot be read, those of the usual split.
  private func count(_ file: TaskFile, _ done: Int) -> Int {
    let usual = min(results.settings.limit ?? .max, file.task.evaluatedSplit.items)
    return max(done, (try? results.count(file)) ?? usual)
  }

  private func compare(_ table: inout EvaluationTable) {
    guard let (a, b) = compared else { return }
    var comparison = TaskComparison(a: a.path, b: b.path, rows: [:])
    for file in files {
      guard let first = table.records[.init(model: a.path, task: file.task)],
        let second = table.records[.init(model: b.path, task: file.task)]
      else { continue }
      do {
        comparison.rows[file.task.rawValue] = try TaskComparison.Row(
          file.task, a: reader.records(results.items(a, file.task), made: first),
          b: reader.records(results.items(b, file.task), made: second))
      } catch {
        table.faults.append("\(file.task.title) of \(a.name) and \(b.name): \(error)")
      }
    }
    table.comparison = comparison
  }

  /// The pair that a person chose, else the last two: both students, as the table begins.
  private var compared: (a: TaskModels.Model, b: TaskModels.Model)? {
    if let pair, let a = models.first(where: { $0.path == pair.a }),
      let b = models.first(where: { $0.path == pair.b }), a != b
    {
      return (a, b)
    }
    return models.count < 2 ? nil : (models[models.count - 2], models[models.count - 1])
  }
}
