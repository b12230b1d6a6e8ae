import TensorKit

/// A scoring model's matrices in reduced precision, without f32 copies: embedding and linear maps as
/// rows of bf16, or of bytes with a scale for every output. A tied bf16 embedding is one table.
final class RoundedWeights {
  private let layout: RoundedLayout
  private let buffer: Buffer

  /// Rounds the values of `source`, some rows at a time; without a source all are zero.
  init(
    _ maps: RoundedMaps, precision: Precision, source: (any TensorSource)?,
    table: ParameterTable, ops: Ops
  ) throws {
    layout = RoundedLayout(maps, precision: precision)
    buffer = try Buffer(byteCount: layout.byteCount)
    guard let source else { return }
    let staging = try Buffer(byteCount: RoundedLayout.stagingBytes(maps))
    func read(_ place: TensorPlace, to targets: Operand...) throws {
      try source.rows(
        of: place, columns: targets[0].columns, table: table, staging: staging
      ) { first, values in
        for target in targets {
          ops.round(values, to: target.rows(from: first, count: values.rows))
        }
      }
    }
    let rows = Operand(
      at(layout.embedding), rows: maps.head.outputs, columns: maps.head.inputs, precision: .bf16)
    if maps.isTied, precision == .int8 {
      try read(maps.embedding, to: rows, self[maps.head])
    } else {
      try read(maps.embedding, to: rows)
      if !maps.isTied { try read(maps.head.weight, to: self[maps.head]) }
    }
    for map in maps.body { try read(map.weight, to: self[map]) }
  }

  /// [V, d] as bf16 bits.
  var embedding: UnsafePointer<UInt16> {
    UnsafePointer(at(layout.embedding).assumingMemoryBound(to: UInt16.self))
  }

  /// The rounded [outputs, inputs] weights of a map.
  subscript(place: LinearPlace) -> Operand {
    // Every map has been laid out; the embedding would only stand in for a missing one.
    let map = layout.maps[place.weight.offset] ?? (layout.embedding, nil)
    precondition(
      map.rows.count * 4 >= place.weight.count * layout.precision.byteCount,
      "a map that was not rounded")
    return Operand(
      at(map.rows), rows: place.outputs, columns: place.inputs, precision: layout.precision,
      rowScales: map.scales.map { at($0).assumingMemoryBound(to: Float.self) })
  }

  private func at(_ slot: Slot) -> UnsafeMutableRawPointer { buffer.start + 4 * slot.offset }
}

/// Where the matrices of `RoundedWeights` lie in its buffer.
struct RoundedLayout {
  let precision: Precision
  let embedding: Slot
  /// By the offset of a map's weight in the parameter table.
  let maps: [Int: (rows: Slot, scales: Slot?)]
  let byteCount: Int

  init(_ rounded: RoundedMaps, precision: Precision) {
    var plan = BufferPlan()
    let embedding = plan.reserve((2 * rounded.embedding.count + 3) / 4)
    var maps: [Int: (rows: Slot, scales: Slot?)] = [:]
    for map in rounded.body + [rounded.head] {
      let isEmbedding = precision == .bf16 && map.weight == rounded.embedding
      maps[map.weight.offset] = (
        isEmbedding ? embedding : plan.reserve((map.weight.count * precision.byteCount + 3) / 4),
        precision == .int8 ? plan.reserve(map.outputs) : nil
      )
    }
    self.precision = precision
    self.embedding = embedding
    self.maps = maps
    byteCount = 4 * plan.floatCount
  }

  /// Bytes of f32 values that are held while weights are read: a MiB of values, or one row if that
  /// is longer.
  static func stagingBytes(_ maps: RoundedMaps) -> Int {
    let widest = (maps.body + [maps.head]).map(\.inputs).max() ?? 0
    return 4 * max(1 << 20, widest)
  }
}
