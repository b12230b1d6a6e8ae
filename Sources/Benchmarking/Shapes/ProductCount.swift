public import LanguageModels

/// Floating-point operations of a model's matrix products: 2 M N K for every product of [M, K] with
/// [K, N], a multiplication and an addition each.
///
/// Counted are the linear maps and the output head: those are weights, and their number is the same
/// for every implementation. Attention's scores, the scan, the convolution, norms and the loss are
/// work too but are not counted, so that "share of the peak" says how much of the time the machine
/// multiplies matrices of weights.
public enum ProductCount {
  /// Operations of a forward pass for one token.
  public static func forwardPerToken(_ configuration: ModelConfiguration) -> Int {
    switch configuration {
    case .decoder(let c):
      let queries = c.headCount * c.headDimension
      let keysAndValues = 2 * c.keyValueHeadCount * c.headDimension
      let d = c.hiddenSize
      let layer =
        d * (queries + keysAndValues)  // q, k, v
        + queries * d  // attention's output
        + d * 2 * c.intermediateSize  // gate, up
        + c.intermediateSize * d  // down
      return 2 * (c.layerCount * layer + d * c.vocabularySize)
    case .mamba(let c):
      let d = c.hiddenSize
      let layer =
        d * 2 * c.innerSize  // x, z
        + c.innerSize * (c.timeStepRank + 2 * c.stateSize)  // time step, B, C
        + c.timeStepRank * c.innerSize  // time step's full rank
        + c.innerSize * d  // output
      return 2 * (c.layerCount * layer + d * c.vocabularySize)
    }
  }

  /// Operations of forward and backward for one token: backward has two products for each of
  /// forward's, one for the gradient of the input and one for that of the weight. Products that an
  /// implementation computes a second time do not count.
  public static func trainingPerToken(_ configuration: ModelConfiguration) -> Int {
    3 * forwardPerToken(configuration)
  }

  /// Operations of one product.
  public static func product(m: Int, n: Int, k: Int) -> Int { 2 * m * n * k }
}
