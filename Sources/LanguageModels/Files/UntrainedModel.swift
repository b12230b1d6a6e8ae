import Numerics

extension ModelExamination {
  /// Whether the model is as it was made: every value that is not drawn (norms of 1, biases of 0, the
  /// decays of Mamba) still has its first value. The first steps of a training change them all.
  ///
  /// Reads those tensors, which are small.
  public func isAsMade() -> Bool {
    var compared = 0
    for entry in table.entries where entry.tiedTo == nil {
      let value = configuration.architecture.initialValue(of: entry, style: .huggingFace)
      guard Self.isFixed(value, count: entry.count) else { continue }
      guard let tensor = weights.stored(for: entry, in: table), tensor.shape == entry.shape,
        tensor.isReadable
      else { return false }
      // A half has the first value rounded.
      let tolerance: Float = tensor.elementType == "F32" ? 0 : 1 / 256
      var stream = RandomSource(seed: 0)
      for (index, found) in tensor.values(0..<entry.count).enumerated() {
        let made = Float(value.draw(&stream, index))
        guard abs(found - made) <= abs(made) * tolerance else { return false }
        compared += 1
      }
    }
    return compared > 0
  }

  /// Whether a value is the same whatever is drawn.
  private static func isFixed(_ value: InitialValue, count: Int) -> Bool {
    [0, count - 1].allSatisfy { index in
      var (one, other) = (RandomSource(seed: 1), RandomSource(seed: 2))
      return value.draw(&one, index) == value.draw(&other, index)
    }
  }
}
