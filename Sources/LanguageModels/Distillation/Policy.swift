public import TensorKit

/// What one micro-batch of sampled sequences is asked for: every counted target is a token that was
/// drawn.
public struct PolicyRequest {
  /// Of a teacher that has passed over the same batch.
  public var teacher: HeadFactors
  /// By which logits of both are divided.
  public var temperature: Float
  /// What gradients are formed of; nil only looks.
  public var objective: PolicyObjective?
  /// Memory of `Ops.distillationScratch` bytes.
  public var scratch: Arena

  public init(
    teacher: HeadFactors, temperature: Float, objective: PolicyObjective? = nil, scratch: Arena
  ) {
    self.teacher = teacher
    self.temperature = temperature
    self.objective = objective
    self.scratch = scratch
  }
}

/// The loss of sampled tokens: the batch's weight times (clipped ratio's loss + divergence KL(q || p)).
/// Values of every position of the batch [T]; those without a target are not looked at.
public struct PolicyObjective: Sendable, Equatable {
  public var ratio: ClippedRatio
  /// Factor of the reverse KL divergence of every position.
  public var divergence: Float
  public var advantages: [Float]
  /// log q of each token when it was drawn.
  public var oldLogProbabilities: [Float]
  public var importanceWeights: [Float]

  public init(
    ratio: ClippedRatio, divergence: Float, advantages: [Float], oldLogProbabilities: [Float],
    importanceWeights: [Float]
  ) {
    self.ratio = ratio
    self.divergence = divergence
    self.advantages = advantages
    self.oldLogProbabilities = oldLogProbabilities
    self.importanceWeights = importanceWeights
  }
}

/// What both models say of sampled tokens, in nats, over the columns that both have; 0 where no target
/// is counted.
public struct PolicyFigures: Sendable, Equatable {
  /// log q(target) [T].
  public let logProbabilities: [Float]
  /// log p(target) [T].
  public let teacherLogProbabilities: [Float]
  /// KL(q || p) [T].
  public let divergences: [Float]
}
