import TensorKit

/// A scoring model's matrices in reduced precision, without f32 copies: the embedding in bf16, linear
/// maps in rows or panels of the precision. A tied bf16 embedding is one table.
final class RoundedWeights {
  private let layout: RoundedLayout
  private let buffer: Buffer
  /// Sums of squares [inputs] of the columns of int8 maps that read norms, by the offset of their
  /// weight; kept while loading.
  private(set) var columnSquares: [Int: [Double]] = [:]
  private var staging: Buffer?

  /// Rounds the values of `source`, some rows at a time; without a source all are zero.
  init(
    _ maps: RoundedMaps, precision: Precision, source: (any TensorSource)?,
    table: ParameterTable, ops: Ops
  ) throws {
    layout = RoundedLayout(maps, precision: precision, capability: ops.capability)
    buffer = try Buffer(byteCount: layout.byteCount)
    guard let source else { return }
    let staging = try Buffer(byteCount: RoundedLayout.stagingBytes(maps))
    let normed = Set(precision == .int8 ? maps.normed.map(\.map.weight.offset) : [])
    func read(_ place: TensorPlace, to targets: Operand...) throws {
      var squares = [Double](
        repeating: 0, count: normed.contains(place.offset) ? targets[0].columns : 0)
      try source.rows(
        of: place, columns: targets[0].columns, table: table, staging: staging
      ) { first, values in
        if !squares.isEmpty { values.addColumnSquares(to: &squares) }
        for target in targets { ops.store(values, in: target, first: first) }
      }
      if !squares.isEmpty { columnSquares[place.offset] = squares }
    }
    if maps.isTied, !layout.isOneTable {
      try read(maps.embedding, to: embedding, self[maps.head])
    } else {
      try read(maps.embedding, to: embedding)
      if !maps.isTied { try read(maps.head.weight, to: self[maps.head]) }
    }
    for map in maps.body { try read(map.weight, to: self[map]) }
    if !normed.isEmpty { self.staging = staging }
  }

  /// Reads a map once more, its columns times `factors` [inputs].
  func read(
    _ map: LinearPlace, times factors: [Float], from source: any TensorSource,
    table: ParameterTable, ops: Ops
  ) throws {
    guard let staging else { return }
    let target = self[map]
    try source.rows(of: map.weight, columns: map.inputs, table: table, staging: staging) {
      first, values in
      values.multiplyColumns(by: factors)
      ops.store(values, in: target, first: first)
    }
  }

  /// Gives back what only loading needs.
  func finishLoading() {
    staging = nil
    columnSquares = [:]
  }

  /// [V, d] in bf16.
  var embedding: Operand { operand(layout.embedding) }

  /// The rounded [outputs, inputs] weights of a map.
  subscript(place: LinearPlace) -> Operand {
    // Every map has been laid out; the embedding would only stand in for a missing one.
    let matrix = layout.maps[place.weight.offset] ?? layout.embedding
    precondition(
      matrix.rows == place.outputs && matrix.columns == place.inputs,
      "a map that was not rounded")
    return operand(matrix)
  }

  private func operand(_ matrix: RoundedMatrix) -> Operand {
    let start = buffer.start + 4 * matrix.slot.offset
    return matrix.layout == .panels
      ? Operand(
        panels: start, rows: matrix.rows, columns: matrix.columns, precision: matrix.precision)
      : Operand(start, rows: matrix.rows, columns: matrix.columns, precision: matrix.precision)
  }
}

extension Matrix {
  fileprivate func addColumnSquares(to sums: inout [Double]) {
    sums.withUnsafeMutableBufferPointer { sums in
      for row in 0..<rows {
        let values = self.row(row)
        for column in 0..<columns {
          let value = Double(values[column])
          sums[column] += value * value
        }
      }
    }
  }

  fileprivate func multiplyColumns(by factors: [Float]) {
    factors.withUnsafeBufferPointer { factors in
      for row in 0..<rows {
        let values = self.row(row)
        for column in 0..<columns { values[column] *= factors[column] }
      }
    }
  }
}

/// One matrix in the buffer of `RoundedWeights`.
struct RoundedMatrix {
  let slot: Slot
  let rows: Int
  let columns: Int
  let precision: Precision
  let layout: Operand.Layout

  init(
    rows: Int, columns: Int, precision: Precision, layout: Operand.Layout,
    plan: inout BufferPlan
  ) {
    let bytes = Operand.byteCount(
      rows: rows, columns: columns, precision: precision, layout: layout)
    slot = plan.reserve((bytes + 3) / 4)
    self.rows = rows
    self.columns = columns
    self.precision = precision
    self.layout = layout
  }
}

/// Where the matrices of `RoundedWeights` lie in its buffer.
struct RoundedLayout {
  let embedding: RoundedMatrix
  /// By the offset of a map's weight in the parameter table.
  let maps: [Int: RoundedMatrix]
  /// Whether embedding and head are the same matrix.
  let isOneTable: Bool
  let byteCount: Int

  init(_ rounded: RoundedMaps, precision: Precision, capability: ProductCapability) {
    let layout = capability.weightLayout(of: precision)
    isOneTable = rounded.isTied && precision == .bf16
    var plan = BufferPlan()
    let embedding = RoundedMatrix(
      rows: rounded.head.outputs, columns: rounded.head.inputs, precision: .bf16,
      layout: isOneTable ? layout : .rows, plan: &plan)
    var maps: [Int: RoundedMatrix] = [:]
    for map in rounded.body + [rounded.head] {
      maps[map.weight.offset] =
        isOneTable && map.weight == rounded.embedding
        ? embedding
        : RoundedMatrix(
          rows: map.outputs, columns: map.inputs, precision: precision, layout: layout,
          plan: &plan)
    }
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
