/// How the next token is drawn from a model's distribution.
///
/// The filters apply in the order of transformers' warpers: temperature, then top-k, then top-p over
/// what top-k has left. Of equal logits at the border top-k keeps all, and top-p the higher ids (torch
/// leaves its order of ties open).
public struct SamplingSettings: Sendable, Equatable, Codable {
  /// What logits are divided by; 0 takes the likeliest token.
  public var temperature: Double
  /// Only the so many likeliest tokens, and those that tie with the last of them; nil for all.
  public var topK: Int?
  /// Only the likeliest tokens until their probabilities reach this sum; 1 for all.
  public var topP: Double
  /// With a prompt's number and a sample's this makes the stream of each sequence.
  public var seed: UInt64

  /// - Throws: `ModelError.sampling` for values out of range.
  public init(
    temperature: Double = 1, topK: Int? = nil, topP: Double = 1, seed: UInt64 = 10
  ) throws(ModelError) {
    guard temperature.isFinite, temperature >= 0 else {
      throw .sampling(
        setting: "temperature", found: "\(temperature)", expected: "0 (greedy) or more")
    }
    if let topK, topK < 1 {
      throw .sampling(setting: "top-k", found: "\(topK)", expected: "1 or more")
    }
    guard topP > 0, topP <= 1 else {
      throw .sampling(setting: "top-p", found: "\(topP)", expected: "more than 0 and at most 1")
    }
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
  }

  /// The likeliest token, always.
  public static var greedy: SamplingSettings {
    SamplingSettings(unchecked: 0)
  }

  private init(unchecked temperature: Double) {
    self.temperature = temperature
    topK = nil
    topP = 1
    seed = 0
  }
}
