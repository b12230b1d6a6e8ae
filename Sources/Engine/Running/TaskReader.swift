import EngineInterface
import Evaluation
import Pipeline
import Store
import Synchronization

/// Reads results of tasks away from the desk, and keeps what is asked for again and again.
final class TaskReader: Sendable {
  private struct Kept {
    /// Items of every model and task, by the file they stand in.
    var records: [String: (made: TaskResults.Record, items: [ItemRecord])] = [:]
    /// The texts of the task that was read last.
    var texts: (file: TaskFile, digest: String, items: [TaskItem])?
  }

  private let kept = Mutex(Kept())
  /// Files of items in memory at most: two models on all tasks, and a few more.
  private static let most = 24

  /// The items of a model on a task.
  ///
  /// - Throws: `StoreError` for a file that cannot be read.
  func records(
    _ path: String, made: TaskResults.Record
  ) throws -> [ItemRecord] {
    if let known = kept.withLock({ $0.records[path] }), known.made == made { return known.items }
    let items = try JSONLinesLog.read(TaskItemLine.self, from: path).map(\.record)
    kept.withLock { kept in
      if kept.records.count >= Self.most { kept.records = [:] }
      kept.records[path] = (made, items)
    }
    return items
  }

  /// The texts of a task's items.
  ///
  /// - Throws: `EvaluationError` for a file that cannot be used any more.
  func texts(_ file: TaskFile, digest: String) throws -> [TaskItem] {
    let known = kept.withLock { $0.texts }
    if let known, known.file == file, known.digest == digest { return known.items }
    let items = try TaskItems.load(file.task, from: file.path).items
    kept.withLock { $0.texts = (file, digest, items) }
    return items
  }
}

extension TaskComparison.Paired {
  /// Compares two models' records of the same items.
  init(
    _ metric: TaskMetric, a: [ItemRecord], b: [ItemRecord]
  ) throws(EvaluationError) {
    let found = try PairedComparison(metric, first: a, second: b)
    let bothRight = zip(a, b).count { left, right in
      left.decision.value(metric) == 1 && right.decision.value(metric) == 1
    }
    self.init(
      difference: found.difference, error: found.standardError, isBeyondChance: found.exactP < 0.05,
      wins: found.wins, losses: found.losses, bothRight: bothRight,
      bothWrong: found.items - found.wins - found.losses - bothRight,
      smallestEffect: found.smallestDetectable)
  }
}

extension TaskComparison.Row {
  init(
    _ task: ZeroShotTask, a: [ItemRecord], b: [ItemRecord]
  ) throws(EvaluationError) {
    self.init(
      acc: try .init(.acc, a: a, b: b),
      accNorm: task.metrics.contains(.accNorm) ? try .init(.accNorm, a: a, b: b) : nil)
  }
}
