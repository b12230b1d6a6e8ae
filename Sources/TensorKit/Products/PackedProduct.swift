internal import CKernels

/// Products with packed weights, by kernels of our own. An output's bits depend on its row and its
/// weights only: not on threads or on other rows, and for int8 not on the instruction set.
extension Ops {
  /// As ``linear`` for packed weights.
  func packedLinear(
    _ output: Matrix, _ input: Operand, _ weight: Operand, _ bias: UnsafePointer<Float>?,
    _ accumulate: Bool
  ) {
    precondition(input.rows == output.rows && weight.rows == output.columns)
    guard input.rows > 0, weight.rows > 0 else { return }
    let grid = TileGrid(
      packedRows: input.rows, columns: weight.rows, inner: weight.columns,
      precision: input.precision)
    pool.run(grid.count) { index in
      let (i, j) = grid.tile(index)
      let (row, column) = (i * grid.tileRows, j * grid.tileColumns)
      let rows = i == grid.rowTiles - 1 ? grid.lastRows : grid.tileRows
      let columns = j == grid.columnTiles - 1 ? grid.lastColumns : grid.tileColumns
      packedTile(
        output.rows(from: row, count: rows).columns(from: column, count: columns),
        input.rows(from: row, count: rows), weight.rows(from: column, count: columns),
        bias.map { $0 + column }, accumulate)
    }
  }

  /// One call of a kernel, on the calling thread.
  func packedTile(
    _ output: Matrix, _ input: Operand, _ weight: Operand, _ bias: UnsafePointer<Float>? = nil,
    _ accumulate: Bool = false
  ) {
    precondition(weight.layout == .panels && input.layout == .rows)
    precondition(input.precision == weight.inputPrecision, "no common precision")
    precondition(input.columns == weight.columns, "inner dimensions differ")
    switch weight.precision {
    case .f32: precondition(false, "weights of f32 are not packed")
    case .bf16:
      kernels.table.pointee.packed_bf16_product(
        output.pointer, output.stride, input.start.assumingMemoryBound(to: Float.self),
        input.stride, weight.start.assumingMemoryBound(to: UInt16.self), bias, accumulate,
        output.rows, output.columns, weight.columns)
    case .int8:
      kernels.packedBytesProduct(
        output.pointer, output.stride, input.start.assumingMemoryBound(to: UInt8.self),
        input.stride, input.rowScales, weight.start.assumingMemoryBound(to: Int8.self), bias,
        accumulate, output.rows, output.columns, weight.columns)
    }
  }

  /// Writes rows of weights from row `first` of `weight` on, rounded to its precision. Memory of
  /// panels was zero before.
  public func store(_ values: Matrix, in weight: Operand, first: Int) {
    precondition(first + values.rows <= weight.rows && values.columns == weight.columns)
    guard weight.layout == .panels else {
      round(values, to: weight.rows(from: first, count: values.rows))
      return
    }
    let table = kernels.table
    // Tasks end where panels do: threads do not write to one cache line.
    let panels = Operand.panelRows
    let lead = first % panels
    let grain = (Self.rowGrain(columns: values.columns) + panels - 1) / panels * panels
    pool.run(lead + values.rows, grain: grain, caller: "round") { range in
      let begin = max(range.lowerBound, lead)
      guard begin < range.upperBound else { return }
      let (row, count) = (begin - lead, range.upperBound - begin)
      if weight.precision == .int8 {
        table.pointee.pack_bytes(
          weight.start.assumingMemoryBound(to: Int8.self), values.row(row), values.stride,
          first + row, count, values.columns)
      } else {
        table.pointee.pack_bf16(
          weight.start.assumingMemoryBound(to: UInt16.self), values.row(row), values.stride,
          first + row, count, values.columns)
      }
    }
  }
}
