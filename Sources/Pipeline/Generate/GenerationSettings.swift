public import LanguageModels
public import TensorKit

/// What a generation run depends on, besides model and prompts.
public struct GenerationSettings: Codable, Sendable, Equatable {
  public var sampling: SamplingSettings
  /// New tokens of a sequence at most.
  public var maximumNewTokens: Int
  /// Only the first so many tokens of each prompt; nil for all.
  public var promptTokens: Int?
  /// Continuations of each prompt.
  public var samples: Int
  /// Sequences that are decoded together.
  public var batch: Int
  /// Number format of the model's products.
  public var precision: Precision

  /// - Throws: `PipelineError.setting` for values out of range.
  public init(
    sampling: SamplingSettings, maximumNewTokens: Int, promptTokens: Int? = nil, samples: Int = 1,
    batch: Int = 16, precision: Precision = .f32
  ) throws(PipelineError) {
    let limit = 1 << 24
    for (name, value) in [
      ("max-new-tokens", maximumNewTokens), ("prompt-tokens", promptTokens ?? 1),
      ("samples", samples), ("batch", batch),
    ] where !(1...limit).contains(value) {
      throw .setting(name: name, found: "\(value)", expected: "1 to \(limit)")
    }
    self.sampling = sampling
    self.maximumNewTokens = maximumNewTokens
    self.promptTokens = promptTokens
    self.samples = samples
    self.batch = batch
    self.precision = precision
  }
}

/// One line of a run's result.
public struct GeneratedLine: Codable, Sendable, Equatable {
  /// The prompt as it was given.
  public var prompt: String
  /// Number of the sample of this prompt, from 0.
  public var sample: Int
  /// The new text, without special tokens.
  public var text: String
  /// New tokens, the end-of-text token included.
  public var tokens: [Int32]
  /// Log-probability of the new tokens together under the model itself, natural logarithm.
  public var logProbability: Double
  public var stop: StopReason

  enum CodingKeys: String, CodingKey {
    case prompt, sample, text, tokens
    case logProbability = "log_probability"
    case stop
  }
}
