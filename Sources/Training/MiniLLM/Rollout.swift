import Glibc

/// A sequence that was sampled, and what it is trained with: values of its new tokens, the end of text
/// among them where it came.
struct RolloutSequence: Sendable, Equatable {
  /// The chunk that the prompt is from.
  var chunk: Int
  var prompt: [Int32]
  var new: [Int32]
  /// Whether it ended before it was as long as it might have been.
  var isFinished: Bool
  /// log q of each new token under the student that sampled it.
  var logProbabilities: [Float]
  /// log p of each under the teacher.
  var teacherLogProbabilities: [Float]
  /// q over the mixture that it was drawn from.
  var importanceWeights: [Float] = []
  /// (log p - log q) over the scaling, clipped.
  var rewards: [Float] = []
  var advantages: [Float] = []
}

/// Sampled sequences that a number of steps train on.
struct Rollout: Sendable, Equatable {
  /// From 0.
  let number: Int
  private(set) var sequences: [RolloutSequence]

  /// Takes sequences that both models have scored, and works out what they are trained with.
  init(number: Int, scored sequences: [RolloutSequence], _ settings: MiniLLMSettings) {
    self.number = number
    self.sequences = sequences
    let share = settings.teacherShare
    for index in sequences.indices {
      let sequence = sequences[index]
      let gains = zip(sequence.teacherLogProbabilities, sequence.logProbabilities).map {
        Double($0) - Double($1)
      }
      // q / ((1 - a) q + a p), which needs no probability that might be too small.
      self.sequences[index].importanceWeights = gains.map {
        Float(1 / (1 - share + share * exp($0)))
      }
      self.sequences[index].rewards = gains.map {
        Float(
          max(-settings.rewardClip, min(settings.rewardClip, $0 / settings.rewardScaling)))
      }
    }
    let returns = self.sequences.map { Self.returns($0.rewards, discount: settings.discount) }
    for (index, values) in Self.whitened(returns).enumerated() {
      self.sequences[index].advantages = values.map { Float($0) }
    }
  }

  /// As it was saved.
  init(number: Int, sequences: [RolloutSequence]) {
    self.number = number
    self.sequences = sequences
  }

  /// sum_{s >= t} discount^(s - t) reward_s over the number of tokens from t on, for every t.
  static func returns(_ rewards: [Float], discount: Double) -> [Double] {
    var returns = [Double](repeating: 0, count: rewards.count)
    var sum = 0.0
    for place in rewards.indices.reversed() {
      sum = Double(rewards[place]) + discount * sum
      returns[place] = sum / Double(rewards.count - place)
    }
    return returns
  }

  /// Values with the mean of all taken away, over their standard deviation. There is no padding, so
  /// that mean and deviation are those of real tokens.
  static func whitened(_ values: [[Double]]) -> [[Double]] {
    let all = values.joined()
    let count = Double(max(1, all.count))
    let mean = all.reduce(0, +) / count
    let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    // The published code's guard against equal values.
    let scale = 1 / (variance + 1e-8).squareRoot()
    return values.map { $0.map { ($0 - mean) * scale } }
  }
}
