import Glibc
import TensorKit

/// AdamW with MiniPLM's schedule on one repeated batch: enough to compare gradients and updates
/// with torch over a few steps. Training proper is another module's.
public struct ProbeOptimiser: Sendable, Equatable {
  public var learningRate: Double
  public var minimumLearningRate: Double
  public var warmupSteps: Int
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  public var weightDecay: Float
  /// Largest norm of all gradients together.
  public var clipNorm: Double

  public init(
    learningRate: Double = 5e-3, minimumLearningRate: Double = 5e-4, warmupSteps: Int = 3,
    beta1: Float = 0.9, beta2: Float = 0.98, epsilon: Float = 1e-6, weightDecay: Float = 0.01,
    clipNorm: Double = 1
  ) {
    self.learningRate = learningRate
    self.minimumLearningRate = minimumLearningRate
    self.warmupSteps = warmupSteps
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.clipNorm = clipNorm
  }

  /// Updates the model's weights `steps` times; the loss before each update.
  ///
  /// - Parameter checkpoint: called before each update; it may stop by throwing.
  public func run(
    _ model: any CausalLanguageModel, _ batch: PackedBatch, workspace: Workspace, steps: Int,
    checkpoint: () throws -> Void = {}
  ) throws -> [Double] {
    guard steps > 0 else { return [] }
    let store = model.parameters
    let count = store.table.floatCount
    let weights = try store.base(.weights)
    let gradients = try store.base(.gradients)
    let first = try store.base(.firstMoment)
    let second = try store.base(.secondMoment)
    let scratch = try Arena(floats: 1024 + count / 1024)
    return try (0..<steps).map { step in
      try checkpoint()
      try store.clear(.gradients)
      let losses = try model.lossAndGradients(batch, workspace: workspace)
      let squares = try model.compute.sumOfSquares(gradients, count: count, scratch: scratch)
      model.compute.adamW(
        weights: weights, gradients: gradients, firstMoment: first, secondMoment: second,
        count: count,
        step: AdamWStep(
          learningRate: Float(rate(step, of: steps)), beta1: beta1, beta2: beta2,
          epsilon: epsilon, weightDecay: weightDecay,
          // As torch.nn.utils.clip_grad_norm_.
          gradientScale: Float(min(1, clipNorm / (squares.squareRoot() + 1e-6))),
          step: step + 1))
      return batch.loss(of: losses)
    }
  }

  /// Linear warm-up from 0, then a cosine to the minimum.
  private func rate(_ step: Int, of steps: Int) -> Double {
    if step < warmupSteps { return learningRate * Double(step) / Double(warmupSteps) }
    let progress = Double(step - warmupSteps) / Double(max(1, steps - warmupSteps))
    return minimumLearningRate + 0.5 * (learningRate - minimumLearningRate)
      * (1 + cos(.pi * progress))
  }
}
