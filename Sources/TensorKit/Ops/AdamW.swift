internal import CKernels

/// One step of AdamW as torch.optim.AdamW defines it.
public struct AdamWStep: Sendable, Equatable {
  public var learningRate: Float
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  public var weightDecay: Float
  /// What gradients are multiplied by first: clipping, the mean over micro-batches.
  public var gradientScale: Float
  /// The number of this step, from 1.
  public var step: Int

  public init(
    learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float,
    gradientScale: Float = 1, step: Int
  ) {
    precondition(step >= 1, "steps are counted from 1")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.gradientScale = gradientScale
    self.step = step
  }

  /// 1 - beta^step, formed in double.
  static func correction(_ beta: Float, step: Int) -> Float {
    var power = 1.0
    var base = Double(beta)
    var exponent = step
    while exponent > 0 {
      if exponent & 1 == 1 { power *= base }
      base *= base
      exponent >>= 1
    }
    return Float(1 - power)
  }
}

extension Ops {
  /// Updates `count` weights and their two moments.
  public func adamW(
    weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    firstMoment: UnsafeMutablePointer<Float>, secondMoment: UnsafeMutablePointer<Float>,
    count: Int, step: AdamWStep
  ) {
    let table = kernels.table
    let correction1 = AdamWStep.correction(step.beta1, step: step.step)
    let correction2 = AdamWStep.correction(step.beta2, step: step.step)
    pool.run(count, grain: Self.vectorGrain) { range in
      let first = range.lowerBound
      table.pointee.adamw(
        weights + first, gradients + first, firstMoment + first, secondMoment + first,
        range.count, step.learningRate, step.beta1, step.beta2, step.epsilon, step.weightDecay,
        correction1, correction2, step.gradientScale)
    }
  }
}
