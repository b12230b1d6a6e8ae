/// The number format in which matrix products read their factors. Sums are always formed in f32
/// (bf16) or exactly (int8), and everything between products is f32.
public enum Precision: String, Sendable, CaseIterable, Codable {
  /// The reference.
  case f32
  /// bfloat16 weights and activations.
  case bf16
  /// 8-bit integers: weights with a scale per output channel, activations with a scale per token.
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
