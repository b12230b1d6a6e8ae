public import TensorKit

/// Where a student gets the distributions from that it is drawn to.
public enum DistillationTarget {
  /// The head of a teacher that has passed over the same batch.
  case head(HeadFactors)
  /// Some tokens of each position's distribution, kept from an earlier pass of a teacher.
  case tokens(WeightedTokens)

  /// As the operation reads it.
  var teacher: HeadTeacher {
    switch self {
    case .head(let factors): .head(hidden: factors.hidden, weight: factors.weight)
    case .tokens(let tokens): .tokens(tokens)
    }
  }
}

/// What one distilled micro-batch is asked for.
public struct DistillationRequest {
  public var target: DistillationTarget
  public var loss: HeadDistillation
  /// Whether to measure the gradients of both losses apart: one product of the head more.
  public var measuresGradients: Bool
  /// Memory of `Ops.distillationScratch` bytes.
  public var scratch: Arena

  public init(
    _ target: DistillationTarget, loss: HeadDistillation, measuresGradients: Bool = false,
    scratch: Arena
  ) {
    self.target = target
    self.loss = loss
    self.measuresGradients = measuresGradients
    self.scratch = scratch
  }
}

/// Losses of every position of a distilled batch, in nats; 0 where no target is counted.
public struct DistillationLosses: Sendable {
  /// -log q(target) [T].
  public let negativeLogLikelihoods: [Float]
  /// KL(p || q) at the temperature, without the factor T^2 [T].
  public let divergences: [Float]
  /// Of the teacher's distributions at the temperature [T].
  public let entropies: [Float]
  /// Where they were measured.
  public let gradientSquares: GradientSquares?

  /// Sums of squares of what each loss, with its weight, contributes to the gradient of the head's
  /// input [T, d], the normalised final states.
  public struct GradientSquares: Sendable, Equatable {
    public var likelihood: Double
    public var divergence: Double

    public init(likelihood: Double = 0, divergence: Double = 0) {
      self.likelihood = likelihood
      self.divergence = divergence
    }
  }
}
