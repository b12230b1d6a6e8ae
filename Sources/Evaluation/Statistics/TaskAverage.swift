/// The plain mean over tasks that MiniPLM's tables call the average: every task counts alike, however
/// many items it has.
public struct TaskAverage: Sendable, Codable, Equatable {
  public var tasks: Int
  /// Mean of `minipLMMetric` over the tasks, or of their differences between two models.
  public var mean: Double
  /// Root of the sum of squared errors over the number of tasks, the tasks being independent; nil if
  /// one is unknown.
  public var standardError: Double?
  /// Whether all nine tasks are in it, so that it may be held against the published averages.
  public var isComplete: Bool

  /// Of one model; nil without results.
  public init?(_ results: [TaskResult]) {
    self.init(results.map { ($0.task, $0.minipLM.value, $0.minipLM.standardError) })
  }

  /// Of the differences between two models; nil without comparisons.
  public init?(_ comparisons: [PairedComparison]) {
    self.init(comparisons.map { ($0.task, $0.difference, $0.standardError) })
  }

  private init?(_ parts: [(task: ZeroShotTask, value: Double?, standardError: Double?)]) {
    let values = parts.compactMap(\.value)
    guard let mean = SampleStatistics.mean(values), values.count == parts.count else { return nil }
    tasks = parts.count
    self.mean = mean
    let errors = parts.compactMap(\.standardError)
    standardError =
      errors.count == parts.count
      ? errors.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(parts.count) : nil
    isComplete = Set(parts.map(\.task)) == Set(ZeroShotTask.allCases) && parts.count == 9
  }

  private enum CodingKeys: String, CodingKey {
    case tasks, mean
    case standardError = "stderr"
    case isComplete = "is_complete"
  }
}
