/// The number format in which matrix products read their weights. Sums are formed in f32, those of
/// int8 exactly within a block, and everything between products is f32.
public enum Precision: String, Sendable, CaseIterable, Codable {
  /// The reference.
  case f32
  /// bfloat16 weights; activations too where the processor multiplies bf16, else f32.
  case bf16
  /// 8-bit integers with a scale for every block of 64: of an output's weights, of a token's
  /// activations.
  case int8

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .f32: 4
    case .bf16: 2
    case .int8: 1
    }
  }
}
