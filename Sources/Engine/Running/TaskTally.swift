import EngineInterface
import Evaluation

/// Counts the items of a task as they are done.
struct TaskTally {
  private let hasNormalized: Bool
  private(set) var items = 0
  private var right = 0.0
  private var rightNormalized = 0.0

  init(_ task: ZeroShotTask, _ done: [ItemRecord] = []) {
    hasNormalized = task.metrics.contains(.accNorm)
    add(done)
  }

  mutating func add(_ records: [ItemRecord]) {
    items += records.count
    for record in records {
      right += record.decision.acc
      rightNormalized += record.decision.accNorm ?? 0
    }
  }

  /// Nil before the first item.
  var score: EvaluationSnapshot.Score? {
    guard items > 0 else { return nil }
    return .init(
      acc: measure(right), accNorm: hasNormalized ? measure(rightNormalized) : nil, items: items)
  }

  /// A share, with the error that the harness gives it: of a sample of zeros and ones.
  private func measure(_ right: Double) -> EvaluationSnapshot.Measure {
    let share = right / Double(items)
    return .init(
      share,
      error: items > 1 ? (share * (1 - share) / Double(items - 1)).squareRoot() : nil)
  }
}

extension EvaluationSnapshot.Score {
  init(_ result: TaskResult) {
    self.init(
      acc: .init(result.acc ?? .nan, error: result.accStandardError),
      accNorm: result.accNorm.map { .init($0, error: result.accNormStandardError) },
      items: result.items)
  }
}
