/// What the harness decides on one item (`process_results` of `api/task.py`).
public struct ItemDecision: Sendable, Codable, Equatable {
  /// 1 if the choice of the highest log-probability is the right one; LAMBADA: if the word is what the
  /// model would write itself.
  public var acc: Double
  /// As `acc`, by log-probability per character; nil for tasks without that metric.
  public var accNorm: Double?
  /// The choice of the highest log-probability; LAMBADA: 0, or -1 for another word.
  public var predicted: Int
  /// The choice of the highest log-probability per character.
  public var predictedNorm: Int?

  /// Decides from the scores of an item's requests, in their order.
  public init(
    _ task: ZeroShotTask, _ item: TaskItem, scores: [ChoiceScore]
  ) throws(EvaluationError) {
    guard scores.count == item.requests.count, let first = scores.first else {
      throw .wrongScores(
        task: task, id: item.id, found: scores.count, expected: item.requests.count)
    }
    if task == .lambadaOpenAI {
      acc = first.isGreedy ? 1 : 0
      predicted = first.isGreedy ? 0 : -1
      return
    }
    let sums = scores.map(\.logProbability)
    predicted = Self.firstMaximum(sums)
    acc = predicted == item.gold ? 1 : 0
    if task.metrics.contains(.accNorm) {
      let best = Self.firstMaximum(zip(sums, item.choiceLengths).map { $0 / Double($1) })
      predictedNorm = best
      accNorm = best == item.gold ? 1 : 0
    }
  }

  /// The metric's value on this item; nil for one that is no decision.
  public func value(_ metric: TaskMetric) -> Double? {
    switch metric {
    case .acc: acc
    case .accNorm: accNorm
    case .perplexity: nil
    }
  }

  /// Index of the first maximum, as `numpy.argmax` has it: the first NaN counts as the maximum.
  static func firstMaximum(_ values: [Double]) -> Int {
    var best = 0
    for (index, value) in values.enumerated() {
      if value.isNaN { return index }
      if value > values[best] { best = index }
    }
    return best
  }

  private enum CodingKeys: String, CodingKey {
    case acc
    case accNorm = "acc_norm"
    case predicted
    case predictedNorm = "predicted_norm"
  }
}
