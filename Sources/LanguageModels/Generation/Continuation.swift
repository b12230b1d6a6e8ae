/// A prompt to continue.
public struct GenerationRequest: Sendable, Equatable {
  /// Number of the prompt, and of the sample of it: they choose the stream of random numbers.
  public var prompt: Int
  public var sample: Int
  /// The prompt, at least one token.
  public var tokens: [Int32]
  /// New tokens of this sequence at most, where that is fewer than the generator's; nil: as many.
  public var maximumNewTokens: Int?

  public init(prompt: Int, sample: Int = 0, tokens: [Int32], maximumNewTokens: Int? = nil) {
    self.prompt = prompt
    self.sample = sample
    self.tokens = tokens
    self.maximumNewTokens = maximumNewTokens
  }
}

/// Why a sequence ended.
public enum StopReason: String, Sendable, Codable {
  /// The model chose an end-of-text token.
  case endOfText = "end_of_text"
  /// It has as many new tokens as were asked for.
  case length
}

/// What a model has added to a prompt.
public struct Continuation: Sendable, Equatable {
  /// New tokens, the end-of-text token included.
  public var tokens: [Int32] = []
  /// Log-probability of each new token under the model itself, before temperature and filters.
  public var logProbabilities: [Float] = []
  public var stop = StopReason.length

  /// Log-probability of all new tokens together.
  public var logProbability: Double { logProbabilities.reduce(0) { $0 + Double($1) } }
}
