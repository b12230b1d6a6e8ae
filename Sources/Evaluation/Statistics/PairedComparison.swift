import Foundation

/// Two models on the same items of a task: what the second gains over the first.
///
/// The standard error is that of the differences item by item. It is smaller than one made of both
/// models' own errors, because models find the same items hard.
public struct PairedComparison: Sendable, Codable, Equatable {
  public var task: ZeroShotTask
  public var metric: TaskMetric
  public var items: Int
  public var first: Double
  public var second: Double
  /// `second` - `first`.
  public var difference: Double
  /// nil of one item.
  public var standardError: Double?
  /// Items on which the second model alone is right.
  public var wins: Int
  /// Items on which the first model alone is right.
  public var losses: Int
  /// McNemar's exact p, two-sided.
  public var exactP: Double
  /// The smallest difference that so many items show, as far apart as these models decide.
  public var smallestDetectable: Double

  /// Compares records of the same items in the same order.
  public init(
    _ metric: TaskMetric, first: [ItemRecord], second: [ItemRecord]
  ) throws(EvaluationError) {
    guard first.count == second.count else {
      throw .otherItems(found: "\(second.count) items", expected: "\(first.count)")
    }
    guard let task = first.first?.task else {
      throw .otherItems(found: "no items", expected: "at least one")
    }
    var values: (first: [Double], second: [Double]) = ([], [])
    for (left, right) in zip(first, second) {
      guard left.task == task, right.task == task, left.id == right.id, left.index == right.index,
        left.gold == right.gold
      else {
        throw .otherItems(
          found: "item \(right.id) of \(right.task.title) at place \(right.index)",
          expected: "item \(left.id) of \(task.title) at place \(left.index), with the same answer")
      }
      guard let one = left.decision.value(metric), let other = right.decision.value(metric) else {
        throw .otherItems(
          found: "\(task.title), item \(left.id), without \(metric.rawValue)",
          expected: "a metric that the task has")
      }
      values.first.append(one)
      values.second.append(other)
    }
    self.init(task, metric, first: values.first, second: values.second)
  }

  /// Compares values, 0 or 1 an item; both lists have the same length, at least one.
  package init(
    _ task: ZeroShotTask, _ metric: TaskMetric, first: [Double], second: [Double]
  ) {
    self.task = task
    self.metric = metric
    items = first.count
    let differences = zip(first, second).map { $1 - $0 }
    self.first = SampleStatistics.mean(first) ?? .nan
    self.second = SampleStatistics.mean(second) ?? .nan
    difference = SampleStatistics.mean(differences) ?? .nan
    standardError = SampleStatistics.standardError(differences)
    wins = differences.count { $0 > 0 }
    losses = differences.count { $0 < 0 }
    exactP = McNemar.exactP(wins: wins, losses: losses)
    smallestDetectable = max(
      DetectableEffect.smallest(standardError: standardError ?? 0),
      DetectableEffect.leastShown(items: items))
  }

  private enum CodingKeys: String, CodingKey {
    case task, metric, items, first, second, difference, wins, losses
    case standardError = "stderr"
    case exactP = "mcnemar_p"
    case smallestDetectable = "smallest_detectable"
  }
}
