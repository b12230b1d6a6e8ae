import TensorKit

/// The sampled part of a MiniLLM step: means over the step's sampled tokens, or over its sequences.
public struct MiniLLMMetrics: Codable, Sendable, Equatable {
  /// The rollout (from 1) that the step's sequences are of, and the pass over it (from 1).
  public var rollout: Int
  public var rolloutEpoch: Int
  /// Clipped policy loss a token.
  public var policyLoss: Double
  /// KL(student || teacher) at the sampled positions, over the whole vocabulary: nats a token.
  public var reverseKL: Double
  /// Reward a token, scaled and clipped, of the student that sampled it.
  public var reward: Double
  /// New tokens of a sequence.
  public var length: Double
  /// Share of sequences that ended with an end of text.
  public var finishedShare: Double
  /// Share of tokens whose ratio was clipped, so that they had no gradient of the policy loss.
  public var clippedShare: Double
  /// q over the mixture that a token was drawn from.
  public var importanceWeight: Double
  /// q over q when the token was drawn, times the importance weight.
  public var ratio: Double
  /// Seconds that sampling and scoring the rollout took; nil behind a resumption in its middle.
  public var rolloutSeconds: Double?
}

/// Adds the micro-batches of a step's sampled sequences up.
struct MiniLLMSum {
  private let settings: MiniLLMSettings
  private let tokenCount: Double
  private let sequences: [RolloutSequence]
  private var policy = 0.0
  private var divergence = 0.0
  private var clipped = 0
  private var ratios = 0.0

  /// - Parameter sequences: of the whole step.
  init(_ settings: MiniLLMSettings, _ sequences: [RolloutSequence]) {
    self.settings = settings
    self.sequences = sequences
    tokenCount = Double(max(1, sequences.reduce(0) { $0 + $1.new.count }))
  }

  /// Enters a sampled token.
  mutating func add(_ loss: ClippedRatio.Loss, divergence: Float) {
    policy += loss.value
    self.divergence += Double(divergence)
    clipped += loss.isClipped ? 1 : 0
    ratios += loss.ratio
  }

  /// Of the step, without text.
  var loss: Double { (policy + settings.singleStep * divergence) / tokenCount }

  func metrics(rollout: Int, epoch: Int, rolloutSeconds: Double?) -> MiniLLMMetrics {
    func mean(_ values: KeyPath<RolloutSequence, [Float]>) -> Double {
      sequences.reduce(0) { $1[keyPath: values].reduce($0) { $0 + Double($1) } } / tokenCount
    }
    let count = Double(max(1, sequences.count))
    return MiniLLMMetrics(
      rollout: rollout + 1, rolloutEpoch: epoch + 1, policyLoss: policy / tokenCount,
      reverseKL: divergence / tokenCount, reward: mean(\.rewards), length: tokenCount / count,
      finishedShare: Double(sequences.count { $0.isFinished }) / count,
      clippedShare: Double(clipped) / tokenCount, importanceWeight: mean(\.importanceWeights),
      ratio: ratios / tokenCount, rolloutSeconds: rolloutSeconds)
  }
}
