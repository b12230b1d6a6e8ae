/// One line of a file of results per item: what was asked, scored and decided.
public struct ItemRecord: Sendable, Codable, Equatable {
  public var task: ZeroShotTask
  public var id: String
  /// Number of the item in its file, from 0.
  public var index: Int
  public var gold: Int
  public var scores: [ChoiceScore]
  public var decision: ItemDecision

  public init(
    _ task: ZeroShotTask, _ item: TaskItem, scores: [ChoiceScore]
  ) throws(EvaluationError) {
    self.task = task
    id = item.id
    index = item.index
    gold = item.gold
    self.scores = scores
    decision = try ItemDecision(task, item, scores: scores)
  }

  private enum CodingKeys: String, CodingKey {
    case task, id, index, gold, scores, tokens
    case logProbabilities = "log_probabilities"
    case isGreedy = "is_greedy"
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    task = try values.decode(ZeroShotTask.self, forKey: .task)
    id = try values.decode(String.self, forKey: .id)
    index = try values.decode(Int.self, forKey: .index)
    gold = try values.decode(Int.self, forKey: .gold)
    decision = try ItemDecision(from: decoder)
    let sums = try values.decode([AnyDouble].self, forKey: .logProbabilities)
    let greedy = try values.decode([Bool].self, forKey: .isGreedy)
    let tokens = try values.decode([Int].self, forKey: .tokens)
    guard sums.count == greedy.count, sums.count == tokens.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .tokens, in: values, debugDescription: "lists of different lengths")
    }
    scores = sums.indices.map {
      ChoiceScore(logProbability: sums[$0].value, isGreedy: greedy[$0], tokens: tokens[$0])
    }
  }

  public func encode(to encoder: any Encoder) throws {
    try decision.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(task, forKey: .task)
    try values.encode(id, forKey: .id)
    try values.encode(index, forKey: .index)
    try values.encode(gold, forKey: .gold)
    try values.encode(scores.map { AnyDouble($0.logProbability) }, forKey: .logProbabilities)
    try values.encode(scores.map(\.isGreedy), forKey: .isGreedy)
    try values.encode(scores.map(\.tokens), forKey: .tokens)
  }
}
