import Glibc

/// Dynamic NTK: sequences of up to `border` tokens have the plain rotation, longer ones a base that
/// grows with their length.
struct DynamicScaling: Sendable, Equatable {
  let factor: Double
  /// `max_position_embeddings`.
  let border: Int

  init(_ fields: RotaryFields) throws(ModelError) {
    factor = try fields.factor()
    border = fields.maximumPositions
    if fields.headDimension == 2 {
      throw .configuration(
        key: "head_dim", found: "2", expected: "more than 2 where rope_type is dynamic")
    }
  }

  /// The base of a sequence of `length` tokens. transformers has a Python number up to the border and
  /// a tensor in f32 beyond it.
  func base(theta: Double, headDimension: Int, length: Int) -> Float {
    let exponent = Double(headDimension) / Double(headDimension - 2)
    if length <= border {
      let growth = factor * Double(border) / Double(border) - (factor - 1)
      return Float(theta * pow(growth, exponent))
    }
    let growth = Float(factor) * Float(length) / Float(border) - Float(factor - 1)
    return Float(theta) * powf(growth, Float(exponent))
  }
}
