public import Evaluation
public import TensorKit

/// What models come to on tasks.
public struct TasksResult: Sendable, Codable, Equatable {
  /// One model on one task.
  public struct Row: Sendable, Codable, Equatable {
    public var model: String
    public var result: TaskResult

    private enum CodingKeys: String, CodingKey { case model }

    init(model: String, result: TaskResult) {
      self.model = model
      self.result = result
    }

    public init(from decoder: any Decoder) throws {
      model = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .model)
      result = try TaskResult(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
      try result.encode(to: encoder)
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(model, forKey: .model)
    }
  }

  /// One model over all tasks, as MiniPLM's tables have it: acc_norm where a task has it, else acc.
  public struct Average: Sendable, Codable, Equatable {
    public var model: String
    public var average: TaskAverage

    private enum CodingKeys: String, CodingKey { case model }

    init(model: String, average: TaskAverage) {
      self.model = model
      self.average = average
    }

    public init(from decoder: any Decoder) throws {
      model = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .model)
      average = try TaskAverage(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
      try average.encode(to: encoder)
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(model, forKey: .model)
    }
  }

  /// A model against the first, on one task.
  public struct Comparison: Sendable, Codable, Equatable {
    public var model: String
    /// The first model.
    public var baseline: String
    public var comparison: PairedComparison

    private enum CodingKeys: String, CodingKey { case model, baseline }

    init(model: String, baseline: String, comparison: PairedComparison) {
      self.model = model
      self.baseline = baseline
      self.comparison = comparison
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      model = try values.decode(String.self, forKey: .model)
      baseline = try values.decode(String.self, forKey: .baseline)
      comparison = try PairedComparison(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
      try comparison.encode(to: encoder)
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(model, forKey: .model)
      try values.encode(baseline, forKey: .baseline)
    }
  }

  public var tasks: [Row]
  public var averages: [Average]
  /// Every further model against the first.
  public var comparisons: [Comparison]
  public var version: HarnessVersion
  public var precision: Precision

  private enum CodingKeys: String, CodingKey {
    case tasks, averages, comparisons, precision
    case version = "compat"
  }

  /// The result of one model, in the order of the tasks.
  public func results(of model: String) -> [TaskResult] {
    tasks.filter { $0.model == model }.map(\.result)
  }
}
