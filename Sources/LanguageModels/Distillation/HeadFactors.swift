import TensorKit

/// The normalised states of a pass and the vocabulary projection behind them, whose product are the
/// logits: what a student is given of a teacher. Valid inside `CausalLanguageModel.withHead` only.
public struct HeadFactors {
  /// [tokens, d] as the product reads them.
  let hidden: Operand
  /// [V, d].
  let weight: Operand

  /// Columns of the logits, V.
  public var vocabularySize: Int { weight.rows }
}
