import LanguageModels
import TensorKit

/// Kernels of every family: products of a linear map, norm, head with loss, AdamW.
struct CommonKernels {
  private let configuration: ModelConfiguration

  init(_ configuration: ModelConfiguration) { self.configuration = configuration }

  var parts: [(KernelStand) throws -> Void] { [rounding, norm, head, headBackward, adamW] }

  /// The three products of a linear map [inputs] -> [outputs]; one alone where the precision is
  /// for scoring.
  static func products(
    _ stand: KernelStand, _ name: String, inputs: Int, outputs: Int
  ) throws {
    let (compute, tokens, precision) = (stand.compute, stand.tokens, stand.precision)
    let inputValues = try stand.matrix(tokens, inputs)
    let outputValues = try stand.matrix(tokens, outputs)
    let weightValues = try stand.matrix(outputs, inputs)
    let input = try stand.operand(inputValues)
    let weight = try stand.weight(weightValues)
    let size = "\(tokens) x \(outputs) x \(inputs)"
    let work = KernelStand.Work.operations(ProductCount.product(m: tokens, n: outputs, k: inputs))
    if stand.trains {
      let outputGradient = try stand.operand(outputValues)
      try stand.measure("\(name) input gradient", size, work, precision: precision) {
        compute.linearInputGradient(inputValues, outputGradient: outputGradient, weight: weight)
      }
      try stand.measure("\(name) weight gradient", size, work, precision: precision) {
        compute.linearWeightGradient(weightValues, outputGradient: outputGradient, input: input)
      }
    }
    try stand.measure("\(name) product", size, work, precision: precision) {
      compute.linear(output: outputValues, input: input, weight: weight)
    }
    stand.clear()
  }

  /// What feeds products in reduced precision.
  private func rounding(_ stand: KernelStand) throws {
    let (tokens, d) = (stand.tokens, configuration.hiddenSize)
    guard stand.compute.capability.inputPrecision(of: stand.precision) != .f32 else { return }
    let values = try stand.matrix(tokens, d)
    let rounded = try stand.operand(values)
    try stand.measure(
      "rounding", "T \(tokens), d \(d)", .bytes((4 + stand.precision.byteCount) * tokens * d),
      precision: stand.precision
    ) {
      stand.compute.round(values, to: rounded)
    }
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
    let hidden = try stand.operand(stand.matrix(tokens, d))
    let weight = try stand.weight(stand.matrix(v, d))
    let targets = try stand.integers(tokens, below: v)
    let result = try stand.values(tokens)
    let scratch = try Arena(byteCount: Ops.headScratch(tokens: tokens, vocabulary: v))
    try stand.measure(
      "head and loss forward", "T \(tokens), d \(d), V \(v)",
      .operations(ProductCount.product(m: tokens, n: v, k: d)), precision: stand.precision
    ) {
      try stand.compute.headLogProbabilities(
        result, hidden: hidden, weight: weight, targets: targets, scratch: scratch)
    }
  }

  private func headBackward(_ stand: KernelStand) throws {
    guard stand.trains else { return }
    let (tokens, d, v) = (stand.tokens, configuration.hiddenSize, configuration.vocabularySize)
    let hidden = try stand.operand(stand.matrix(tokens, d))
    let weight = try stand.matrix(v, d)
    let hiddenGradient = try stand.matrix(tokens, d)
    let weightGradient = try stand.matrix(v, d)
    let targets = try stand.integers(tokens, below: v)
    let weights = try stand.values(tokens, around: 1 / Float(tokens), width: 0)
    let result = try stand.values(tokens)
    let scratch = try Arena(
      byteCount:
        Ops.headBackwardScratch(
          tokens: tokens, hidden: d, vocabulary: v, precision: stand.precision))
    try stand.measure(
      "head and loss, both ways", "T \(tokens), d \(d), V \(v)",
      .operations(3 * ProductCount.product(m: tokens, n: v, k: d)), precision: stand.precision
    ) {
      try stand.compute.headLossBackward(
        result, hiddenGradient: hiddenGradient, weightGradient: weightGradient, hidden: hidden,
        weight: weight, targets: targets, tokenWeights: weights, scratch: scratch)
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
