public import Evaluation
public import TensorKit

/// What models come to on tasks.
public struct TasksResult: Sendable, Codable, Equatable {
  /// A model against the first, on one task.
  public struct Comparison: Sendable, Codable, Equatable {
    /// The first model.
    public var baseline: String
    public var comparison: PairedComparison

    private enum CodingKeys: String, CodingKey { case baseline }

    init(baseline: String, comparison: PairedComparison) {
      self.baseline = baseline
      self.comparison = comparison
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      baseline = try values.decode(String.self, forKey: .baseline)
      comparison = try PairedComparison(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
      try comparison.encode(to: encoder)
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(baseline, forKey: .baseline)
    }
  }

  /// Every model on every task.
  public var tasks: [OfModel<TaskResult>]
  /// Every model over all tasks, as MiniPLM's tables have it: acc_norm where a task has it, else acc.
  public var averages: [OfModel<TaskAverage>]
  /// Every further model against the first.
  public var comparisons: [OfModel<Comparison>]
  public var version: HarnessVersion
  public var precision: Precision

  private enum CodingKeys: String, CodingKey {
    case tasks, averages, comparisons, precision
    case version = "compat"
  }

  /// The result of one model, in the order of the tasks.
  public func results(of model: String) -> [TaskResult] {
    tasks.filter { $0.model == model }.map(\.value)
  }
}
