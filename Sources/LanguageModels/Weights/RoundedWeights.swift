import TensorKit

/// A scoring model's matrices in reduced precision, without f32 copies: embedding and linear maps as
/// rows of bf16, or of bytes with a scale for every output. A tied bf16 embedding is one table.
final class RoundedWeights {
  /// [V, d] as bf16 bits.
  let embedding: UnsafePointer<UInt16>
  private let precision: Precision
  private let embeddingRows: Buffer
  private var maps: [Int: (rows: Buffer, scales: Buffer?)] = [:]

  /// Rounds map after map; `fill` writes the f32 values of the tensors at a place. The largest come
  /// first, so that the f32 values of one map never add to the whole of the rounded ones.
  init(
    _ maps: RoundedMaps, precision: Precision, ops: Ops,
    fill: (_ place: TensorPlace, _ target: UnsafeMutablePointer<Float>) throws -> Void
  ) throws {
    self.precision = precision
    embeddingRows = try Buffer(byteCount: 2 * maps.embedding.count)
    let rows = embeddingRows.start.bindMemory(to: UInt16.self, capacity: maps.embedding.count)
    embedding = UnsafePointer(rows)
    try Self.withValues(maps.embedding, fill) { values in
      ops.narrow(
        Matrix(values, rows: maps.head.outputs, columns: maps.head.inputs), toBF16: rows)
      if maps.isTied {
        if precision == .bf16 {
          self.maps[maps.head.weight.offset] = (embeddingRows, nil)
        } else {
          try round(maps.head, values, ops)
        }
      }
    }
    if !maps.isTied {
      try Self.withValues(maps.head.weight, fill) { try round(maps.head, $0, ops) }
    }
    let staging = try Buffer(floats: maps.body.map(\.weight.count).max() ?? 0)
    guard let start = staging.floats.baseAddress else { return }
    for place in maps.body {
      try fill(place.weight, start)
      try round(place, start, ops)
    }
  }

  /// Gives `body` the f32 values of a place in memory of their own.
  private static func withValues(
    _ place: TensorPlace,
    _ fill: (_ place: TensorPlace, _ target: UnsafeMutablePointer<Float>) throws -> Void,
    _ body: (UnsafeMutablePointer<Float>) throws -> Void
  ) throws {
    let staging = try Buffer(floats: place.count)
    guard let start = staging.floats.baseAddress else { return }
    try fill(place, start)
    try withExtendedLifetime(staging) { try body(start) }
  }

  private func round(
    _ place: LinearPlace, _ values: UnsafeMutablePointer<Float>, _ ops: Ops
  ) throws {
    let rows = try Buffer(byteCount: place.weight.count * precision.byteCount)
    let scales = precision == .int8 ? try Buffer(floats: place.outputs) : nil
    maps[place.weight.offset] = (rows, scales)
    ops.round(
      Matrix(values, rows: place.outputs, columns: place.inputs), to: self[place])
  }

  /// The rounded [outputs, inputs] weights of a map.
  subscript(place: LinearPlace) -> Operand {
    // The initialiser has rounded every map; the embedding would only stand in for a missing one.
    let map = maps[place.weight.offset] ?? (embeddingRows, nil)
    precondition(
      map.rows.byteCount >= place.weight.count * precision.byteCount, "a map that was not rounded")
    return Operand(
      map.rows.start, rows: place.outputs, columns: place.inputs, precision: precision,
      rowScales: map.scales?.floats.baseAddress)
  }

  /// Bytes of the rounded matrices.
  static func byteCount(_ maps: RoundedMaps, precision: Precision) -> Int {
    let shared = maps.isTied && precision == .bf16
    let linear = maps.body + (shared ? [] : [maps.head])
    return linear.reduce(2 * maps.embedding.count) {
      $0 + $1.weight.count * precision.byteCount + (precision == .int8 ? 4 * $1.outputs : 0)
    }
  }
}
