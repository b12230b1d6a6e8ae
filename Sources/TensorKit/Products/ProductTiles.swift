extension MatrixProduct {
  /// A tile of input weight^T in scratch memory: rows are tokens, columns outputs.
  struct Tile {
    let firstRow: Int
    let firstColumn: Int
    let values: Matrix
  }

  /// Forms input [rows, in] weight [out, in]^T tile by tile, each in a worker's scratch memory that
  /// `body` may overwrite: the whole product never exists. Both in rows of one precision.
  func tiles(
    _ input: Operand, _ weight: Operand, rows: Int, columns: Int,
    caller: StaticString = #function,
    _ body: (_ tile: Tile, _ tileIndex: (row: Int, column: Int)) -> Void
  ) {
    precondition(input.precision == weight.precision && input.columns == weight.columns)
    guard input.rows > 0 else { return }
    let grid = TileGrid(
      rows: input.rows, columns: weight.rows, tileRows: rows, tileColumns: columns)
    let shape = ProductCompiler.Shape(
      m: grid.tileRows, n: grid.tileColumns, k: weight.columns,
      aStrides: .init(row: input.stride, column: 1),
      bStrides: .init(row: 1, column: weight.stride), cStride: grid.tileColumns,
      precision: input.precision, accumulate: false)
    let tileBytes = grid.tileRows * grid.tileColumns * MemoryLayout<Float>.size
    run(
      grid, EdgeProducts(grid, shape, self), extraBytes: tileBytes, caller: caller
    ) { row, column, extra in
      TilePlace(a: input.row(row), b: weight.row(column), c: extra)
    } then: { i, j, result in
      let tile = Tile(
        firstRow: i * grid.tileRows, firstColumn: j * grid.tileColumns,
        values: Matrix(
          result.assumingMemoryBound(to: Float.self),
          rows: i == grid.rowTiles - 1 ? grid.lastRows : grid.tileRows,
          columns: j == grid.columnTiles - 1 ? grid.lastColumns : grid.tileColumns,
          stride: grid.tileColumns))
      body(tile, (i, j))
    }
  }
}
