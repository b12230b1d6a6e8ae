/// What a model gave for one request.
public struct ChoiceScore: Sendable, Codable, Equatable {
  /// Sum of the log-probabilities of the continuation's tokens, in nats.
  public var logProbability: Double
  /// Whether each token of the continuation is the most probable one at its place.
  public var isGreedy: Bool
  /// Tokens of the continuation.
  public var tokens: Int

  public init(logProbability: Double, isGreedy: Bool, tokens: Int) {
    self.logProbability = logProbability
    self.isGreedy = isGreedy
    self.tokens = tokens
  }

  private enum CodingKeys: String, CodingKey {
    case logProbability = "log_probability"
    case isGreedy = "is_greedy"
    case tokens
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    logProbability = try values.decode(AnyDouble.self, forKey: .logProbability).value
    isGreedy = try values.decode(Bool.self, forKey: .isGreedy)
    tokens = try values.decode(Int.self, forKey: .tokens)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(AnyDouble(logProbability), forKey: .logProbability)
    try values.encode(isGreedy, forKey: .isGreedy)
    try values.encode(tokens, forKey: .tokens)
  }
}
