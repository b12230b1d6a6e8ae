import TensorKit

/// bf16 copies of the weights that the layers' products read in mixed precision, at the offsets of
/// the f32 parameters. Only what is copied takes memory; the head, the largest map of a small model,
/// is rounded part by part where it is used.
final class Bfloat16Copies {
  private let maps: RoundedMaps
  private let buffer: Buffer
  private let start: UnsafeMutablePointer<UInt16>

  init(_ maps: RoundedMaps, table: ParameterTable) throws {
    self.maps = maps
    buffer = try Buffer(reserving: 2 * table.floatCount)
    start = buffer.start.bindMemory(to: UInt16.self, capacity: table.floatCount)
  }

  /// Rounds the weights of now.
  func refresh(from weights: UnsafePointer<Float>, ops: Ops) {
    for place in maps.body {
      ops.narrow(
        Matrix(
          UnsafeMutablePointer(mutating: weights) + place.weight.offset, rows: place.outputs,
          columns: place.inputs),
        toBF16: start + place.weight.offset)
    }
  }

  /// The copy of [outputs, inputs] weights.
  func weight(_ place: LinearPlace) -> Operand {
    Operand(
      start + place.weight.offset, rows: place.outputs, columns: place.inputs, precision: .bf16)
  }

  /// Bytes of the copies.
  static func byteCount(_ maps: RoundedMaps) -> Int {
    2 * maps.body.reduce(0) { $0 + $1.weight.count }
  }
}
