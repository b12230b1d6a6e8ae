internal import COneDNN

/// Matrix products by oneDNN, one thread a call, split over a pool.
///
/// The split depends on the shape only and every tile's whole sum is formed in one call, so the bits
/// are the same for any number of threads.
public struct MatrixProduct: Sendable {
  public let pool: ParallelPool
  let compiler: ProductCompiler
  let scratch: WorkerScratch

  /// Products over `pool`.
  ///
  /// - Throws: `TensorError.product` when oneDNN does not run on this processor.
  public init(pool: ParallelPool) throws {
    self.pool = pool
    compiler = try ProductCompiler()
    scratch = WorkerScratch(workers: pool.threads)
  }

  /// oneDNN's version and the instruction set whose kernels it takes, for reports.
  public static var library: String {
    var version: (Int32, Int32, Int32) = (0, 0, 0)
    withUnsafeMutableBytes(of: &version) {
      dn_version($0.assumingMemoryBound(to: Int32.self).baseAddress)
    }
    let set = dn_instruction_set().map { String(cString: $0) } ?? "unknown"
    return "oneDNN \(version.0).\(version.1).\(version.2) \(set)"
  }

  /// c[m,n] = a[m,k] b[k,n], or += when `accumulate`; both factors f32 or both bf16.
  public func multiply(
    _ c: Matrix, _ a: MatrixFactor, _ b: MatrixFactor, accumulate: Bool = false
  ) {
    precondition(a.rows == c.rows, "rows of a and c differ")
    precondition(b.rows == a.columns, "inner dimensions differ")
    precondition(b.columns == c.columns, "columns of b and c differ")
    precondition(a.precision == b.precision && a.precision != .int8, "no common precision")
    guard c.rows > 0, c.columns > 0 else { return }
    let grid = TileGrid(rows: c.rows, columns: c.columns, inner: a.columns)
    let corner = ProductCompiler.Shape(
      m: grid.tileRows, n: grid.tileColumns, k: a.columns,
      aStrides: .init(row: a.rowStride, column: a.columnStride),
      b: .plain(.init(row: b.rowStride, column: b.columnStride)), cStride: c.stride,
      precision: a.precision, accumulate: accumulate)
    run(grid, corner) { row, column in
      TilePlace(a: a.element(row, 0), b: b.element(0, column), c: c.row(row) + column)
    }
  }

  /// Where a tile's factors and its result begin.
  private struct TilePlace {
    let a: UnsafeRawPointer
    let b: UnsafeRawPointer
    let c: UnsafeMutableRawPointer
  }

  /// Runs the product of every tile: `shape` is that of a whole tile, those at the lower and right
  /// edges are smaller.
  private func run(
    _ grid: TileGrid, _ shape: ProductCompiler.Shape,
    _ place: (_ row: Int, _ column: Int) -> TilePlace
  ) {
    var shapes = [shape, shape, shape, shape]
    for (index, edge) in [(1, (false, true)), (2, (true, false)), (3, (true, true))] {
      if edge.0 { shapes[index].m = grid.lastRows }
      if edge.1 { shapes[index].n = grid.lastColumns }
    }
    let products = shapes.map { compiler.product($0) }
    let needed = products.reduce(0) { max($0, $1?.scratchBytes ?? 0) }
    guard let ranges = try? scratch.ranges(byteCount: needed) else {
      precondition(false, "no \(needed) bytes for a product's scratch memory")
      return
    }
    pool.run(grid.count) { index, worker in
      let (i, j) = grid.tile(index)
      let edge = (i == grid.rowTiles - 1 ? 2 : 0) + (j == grid.columnTiles - 1 ? 1 : 0)
      guard let product = products[edge] else {
        precondition(false, "oneDNN refuses the product \(shapes[edge])")
        return
      }
      let tile = place(i * grid.tileRows, j * grid.tileColumns)
      compiler.run(product, tile.a, tile.b, tile.c, scratch: ranges[worker])
    }
  }
}
