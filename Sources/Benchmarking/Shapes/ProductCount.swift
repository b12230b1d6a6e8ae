public import LanguageModels

/// Floating-point operations of products of matrices: 2 M N K for every product of [M, K] with [K, N],
/// a multiplication and an addition each.
///
/// Of a model only the products with weights are set against the peak: their number is the same for
/// every implementation. Attention's scores and the scan, which `ModelOperations` counts as well, are
/// left out, so that "share of the peak" says how much of the time the machine multiplies matrices
/// of weights.
public enum ProductCount {
  /// Operations of a forward pass for one token.
  public static func forwardPerToken(_ configuration: ModelConfiguration) -> Int {
    Int(ModelOperations(configuration).weights)
  }

  /// Operations of forward and backward for one token. Products that an implementation computes a
  /// second time do not count.
  public static func trainingPerToken(_ configuration: ModelConfiguration) -> Int {
    Int(ModelOperations.trainingOverForward * ModelOperations(configuration).weights)
  }

  /// Operations of one product.
  public static func product(m: Int, n: Int, k: Int) -> Int { 2 * m * n * k }
}
