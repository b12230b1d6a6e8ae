/// Where the f32 values of a model's tensors come from: a file, or a random start.
public protocol TensorSource {
  /// Writes the values of `entry`, row-major, to `entry.count` floats.
  func fill(_ entry: ParameterTable.Entry, _ target: UnsafeMutablePointer<Float>) throws
}

extension TensorSource {
  /// Writes the values of every tensor that lies at `place`.
  func fill(
    _ place: TensorPlace, of table: ParameterTable, _ target: UnsafeMutablePointer<Float>
  ) throws {
    for entry in table.entries where entry.tiedTo == nil && place.contains(entry) {
      try fill(entry, target + entry.offset - place.offset)
    }
  }
}

extension TensorPlace {
  func contains(_ entry: ParameterTable.Entry) -> Bool {
    offset <= entry.offset && entry.offset + entry.count <= offset + count
  }
}
