import LanguageModels
import TensorKit

/// Kernels of every family: products of a linear map, norm, head with loss, AdamW.
struct CommonKernels {
  private let configuration: ModelConfiguration

  init(_ configuration: ModelConfiguration) { self.configuration = configuration }

  var parts: [(KernelStand) throws -> Void] { [norm, head, headBackward, adamW] }

  /// The three products of a linear map [inputs] -> [outputs].
  static func products(
    _ stand: KernelStand, _ name: String, inputs: Int, outputs: Int
  ) throws {
    let input = try stand.matrix(stand.tokens, inputs)
    let output = try stand.matrix(stand.tokens, outputs)
    let weight = try stand.matrix(outputs, inputs)
    let size = "\(stand.tokens) x \(outputs) x \(inputs)"
    let work = KernelStand.Work.operations(
      ProductCount.product(m: stand.tokens, n: outputs, k: inputs))
    try stand.measure("\(name) product", size, work) {
      stand.compute.linear(
        output: output, input: input.operand, weight: weight.operand)
    }
    try stand.measure("\(name) input gradient", size, work) {
      stand.compute.linearInputGradient(
        input, outputGradient: output.operand, weight: weight.operand)
    }
    try stand.measure("\(name) weight gradient", size, work) {
      stand.compute.linearWeightGradient(
        weight, outputGradient: output.operand, input: input.operand)
    }
    stand.clear()
  }

  private func norm(_ stand: KernelStand) throws {
    let (tokens, d) = (stand.tokens, configuration.hiddenSize)
    let count = tokens * d
    let input = try stand.values(count)
    let output = try stand.values(count)
    let weight = try stand.values(d, around: 1)
    let scale = try stand.values(tokens, around: 1)
    let size = "T \(tokens), d \(d)"
    try stand.measure("norm forward", size, .bytes(8 * count)) {
      stand.compute.rmsNorm(
        output: output, rstd: scale, input: input, weight: weight, rows: tokens, size: d,
        epsilon: 1e-6)
    }
    let gradient = try stand.values(count)
    let weightGradient = try stand.values(d)
    let scratch = try Arena(byteCount: Ops.rmsNormBackwardScratch(rows: tokens, size: d))
    // Reads both gradients and the input, writes one gradient.
    try stand.measure("norm backward", size, .bytes(16 * count)) {
      try stand.compute.rmsNormBackward(
        inputGradient: gradient, weightGradient: weightGradient, outputGradient: output,
        input: input, weight: weight, rstd: scale, rows: tokens, size: d, scratch: scratch)
    }
  }

  private func head(_ stand: KernelStand) throws {
    let (tokens, d, v) = (stand.tokens, configuration.hiddenSize, configuration.vocabularySize)
    let hidden = try stand.matrix(tokens, d)
    let weight = try stand.matrix(v, d)
    let targets = try stand.integers(tokens, below: v)
    let result = try stand.values(tokens)
    let scratch = try Arena(byteCount: Ops.headScratch(tokens: tokens, vocabulary: v))
    try stand.measure(
      "head and loss forward", "T \(tokens), d \(d), V \(v)",
      .operations(ProductCount.product(m: tokens, n: v, k: d))
    ) {
      try stand.compute.headLogProbabilities(
        result, hidden: hidden.operand, weight: weight.operand, targets: targets, scratch: scratch)
    }
  }

  private func headBackward(_ stand: KernelStand) throws {
    let (tokens, d, v) = (stand.tokens, configuration.hiddenSize, configuration.vocabularySize)
    let hidden = try stand.matrix(tokens, d)
    let weight = try stand.matrix(v, d)
    let hiddenGradient = try stand.matrix(tokens, d)
    let weightGradient = try stand.matrix(v, d)
    let targets = try stand.integers(tokens, below: v)
    let weights = try stand.values(tokens, around: 1 / Float(tokens), width: 0)
    let result = try stand.values(tokens)
    let scratch = try Arena(
      byteCount:
        Ops.headBackwardScratch(tokens: tokens, hidden: d, vocabulary: v))
    try stand.measure(
      "head and loss, both ways", "T \(tokens), d \(d), V \(v)",
      .operations(3 * ProductCount.product(m: tokens, n: v, k: d))
    ) {
      try stand.compute.headLossBackward(
        result, hiddenGradient: hiddenGradient, weightGradient: weightGradient,
        hidden: hidden.operand, weight: weight, targets: targets, tokenWeights: weights,
        scratch: scratch)
    }
  }

  private func adamW(_ stand: KernelStand) throws {
    // As many values as two of the largest layers: more than any cache.
    let count = 1 << 24
    let weights = try stand.values(count)
    let gradients = try stand.values(count, width: 1e-3)
    let first = try stand.values(count, width: 1e-3)
    let second = try stand.values(count, around: 1e-4, width: 1e-5)
    let step = AdamWStep(
      learningRate: 1e-4, beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.01, step: 100)
    // Reads four values, writes three.
    try stand.measure("AdamW", "\(count) values", .bytes(28 * count)) {
      stand.compute.adamW(
        weights: weights, gradients: gradients, firstMoment: first, secondMoment: second,
        count: count, step: step)
    }
    let scratch = try Arena(floats: count / 1024 + 1024)
    try stand.measure("gradient norm", "\(count) values", .bytes(4 * count)) {
      _ = try stand.compute.sumOfSquares(gradients, count: count, scratch: scratch)
    }
  }
}
