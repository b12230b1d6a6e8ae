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
    let layer = configuration.operations.reduce(0) { sum, operation in
      guard case .linear(_, let inputs, let outputs) = operation else { return sum }
      return sum + inputs * outputs
    }
    return 2
      * (configuration.layerCount * layer
        + configuration.hiddenSize * configuration.vocabularySize)
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
