import LanguageModels

/// The two losses of a distilled step, each the mean that the step's loss takes of it.
public struct DistillationMetrics: Codable, Sendable, Equatable {
  /// Of the corpus' tokens under the student, nats a token.
  public var lmLoss: Double
  /// KL(teacher || student) at the temperature, nats a token, without the factors of the loss.
  public var kdLoss: Double
  /// Entropy of the teacher's distributions, nats a token; with `kdLoss` it is the cross-entropy that
  /// the published code logs.
  public var teacherEntropy: Double
  /// Norm of what (1 - ratio) LM contributes to the gradient of the head's input, the normalised final
  /// states of all tokens of the step. Measured in steps that are logged, else nil.
  public var lmGradientNorm: Double?
  /// The same of ratio T^2 KL.
  public var kdGradientNorm: Double?

  /// Share of the divergence in the sum of both norms.
  public var kdGradientShare: Double? {
    guard let lmGradientNorm, let kdGradientNorm, lmGradientNorm + kdGradientNorm > 0 else {
      return nil
    }
    return kdGradientNorm / (lmGradientNorm + kdGradientNorm)
  }

  private enum CodingKeys: String, CodingKey {
    case lmLoss, kdLoss, teacherEntropy, lmGradientNorm, kdGradientNorm, kdGradientShare
  }

  init(lmLoss: Double, kdLoss: Double, teacherEntropy: Double) {
    self.lmLoss = lmLoss
    self.kdLoss = kdLoss
    self.teacherEntropy = teacherEntropy
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    lmLoss = try values.decode(Double.self, forKey: .lmLoss)
    kdLoss = try values.decode(Double.self, forKey: .kdLoss)
    teacherEntropy = try values.decode(Double.self, forKey: .teacherEntropy)
    lmGradientNorm = try values.decodeIfPresent(Double.self, forKey: .lmGradientNorm)
    kdGradientNorm = try values.decodeIfPresent(Double.self, forKey: .kdGradientNorm)
  }

  /// The share stands in the lines of `metrics.jsonl`, too.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(lmLoss, forKey: .lmLoss)
    try values.encode(kdLoss, forKey: .kdLoss)
    try values.encode(teacherEntropy, forKey: .teacherEntropy)
    try values.encodeIfPresent(lmGradientNorm, forKey: .lmGradientNorm)
    try values.encodeIfPresent(kdGradientNorm, forKey: .kdGradientNorm)
    try values.encodeIfPresent(kdGradientShare, forKey: .kdGradientShare)
  }
}

/// Adds the micro-batches of a step up.
struct DistillationSum {
  private var likelihood = 0.0
  private var divergence = 0.0
  private var entropy = 0.0
  private var squares: DistillationLosses.GradientSquares?

  mutating func add(_ losses: DistillationLosses, of batch: PackedBatch) {
    likelihood += batch.loss(of: losses.negativeLogLikelihoods)
    divergence += batch.loss(of: losses.divergences)
    entropy += batch.loss(of: losses.entropies)
    guard let part = losses.gradientSquares else { return }
    var sum = squares ?? DistillationLosses.GradientSquares()
    sum.likelihood += part.likelihood
    sum.divergence += part.divergence
    squares = sum
  }

  func loss(_ settings: DistillationSettings) -> Double {
    settings.joined(likelihood: likelihood, divergence: divergence)
  }

  var metrics: DistillationMetrics {
    var metrics = DistillationMetrics(
      lmLoss: likelihood, kdLoss: divergence, teacherEntropy: entropy)
    metrics.lmGradientNorm = squares?.likelihood.squareRoot()
    metrics.kdGradientNorm = squares?.divergence.squareRoot()
    return metrics
  }
}
