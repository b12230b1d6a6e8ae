import Foundation

/// What the items of a task come to, as the harness aggregates them; the keys of its JSON are those
/// of the harness.
public struct TaskResult: Sendable, Codable, Equatable {
  public var task: ZeroShotTask
  /// Number of items.
  public var items: Int
  public var acc: Double?
  public var accNorm: Double?
  /// Standard deviation of the sample (n - 1) over the root of n; nil of one item.
  public var accStandardError: Double?
  public var accNormStandardError: Double?
  /// exp of the mean negative log-probability; LAMBADA only.
  public var perplexity: Double?
  /// By the harness' bootstrap, if it was asked for.
  public var perplexityStandardError: Double?

  /// Aggregates decisions, and for LAMBADA the log-probabilities of its words.
  ///
  /// - Parameter bootstrap: resamples for the error of the perplexity, the harness takes 100,000; 0
  ///   leaves it out.
  public init(
    _ task: ZeroShotTask, decisions: [ItemDecision], logProbabilities: [Double] = [],
    bootstrap: Int = 0
  ) {
    self.task = task
    items = decisions.count
    let acc = decisions.map(\.acc)
    self.acc = SampleStatistics.mean(acc)
    accStandardError = SampleStatistics.standardError(acc)
    if task.metrics.contains(.accNorm) {
      let norm = decisions.compactMap(\.accNorm)
      accNorm = SampleStatistics.mean(norm)
      accNormStandardError = SampleStatistics.standardError(norm)
    }
    if task.metrics.contains(.perplexity) {
      perplexity = SampleStatistics.mean(logProbabilities).map { exp(-$0) }
      perplexityStandardError = PerplexityBootstrap.standardError(
        logProbabilities, resamples: bootstrap)
    }
  }

  /// Aggregates the records of one task.
  public init(_ task: ZeroShotTask, records: [ItemRecord], bootstrap: Int = 0) {
    self.init(
      task, decisions: records.map(\.decision),
      logProbabilities: task == .lambadaOpenAI
        ? records.compactMap { $0.scores.first?.logProbability } : [],
      bootstrap: bootstrap)
  }

  /// The value and the standard error that MiniPLM's tables have.
  public var minipLM: (value: Double?, standardError: Double?) {
    task.minipLMMetric == .accNorm ? (accNorm, accNormStandardError) : (acc, accStandardError)
  }

  /// The distance from a known accuracy that so many items show (`DetectableEffect`), of MiniPLM's
  /// metric; nil where nothing is known of its error. For two models see `PairedComparison`.
  public var smallestDetectable: Double? {
    guard let error = minipLM.standardError, error > 0 else { return nil }
    return DetectableEffect.smallest(standardError: error)
  }

  private enum CodingKeys: String, CodingKey {
    case task, items, acc, perplexity
    case accNorm = "acc_norm"
    case accStandardError = "acc_stderr"
    case accNormStandardError = "acc_norm_stderr"
    case perplexityStandardError = "perplexity_stderr"
    case smallestDetectable = "smallest_detectable"
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let number = { (key: CodingKeys) in try values.decodeIfPresent(AnyDouble.self, forKey: key) }
    task = try values.decode(ZeroShotTask.self, forKey: .task)
    items = try values.decode(Int.self, forKey: .items)
    acc = try number(.acc)?.value
    accNorm = try number(.accNorm)?.value
    accStandardError = try number(.accStandardError)?.value
    accNormStandardError = try number(.accNormStandardError)?.value
    perplexity = try number(.perplexity)?.value
    perplexityStandardError = try number(.perplexityStandardError)?.value
  }

  /// The four accuracies are there for every task, null where it has none; the perplexity only where
  /// it is measured.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(task, forKey: .task)
    try values.encode(items, forKey: .items)
    try values.encode(acc.map(AnyDouble.init), forKey: .acc)
    try values.encode(accNorm.map(AnyDouble.init), forKey: .accNorm)
    try values.encode(accStandardError.map(AnyDouble.init), forKey: .accStandardError)
    try values.encode(accNormStandardError.map(AnyDouble.init), forKey: .accNormStandardError)
    try values.encodeIfPresent(smallestDetectable, forKey: .smallestDetectable)
    try values.encodeIfPresent(perplexity.map(AnyDouble.init), forKey: .perplexity)
    try values.encodeIfPresent(
      perplexityStandardError.map(AnyDouble.init), forKey: .perplexityStandardError)
  }
}
