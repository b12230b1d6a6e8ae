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

  /// Lets oneDNN use no wider instructions than `set`; for measuring and for tests.
  ///
  /// - Throws: `TensorError.product` after its first use.
  public static func limit(to set: InstructionSet) throws(TensorError) {
    let isDone =
      switch set {
      case .baseline: dn_limit(DN_LIMIT_SSE41)
      case .avx2: dn_limit(DN_LIMIT_AVX2)
      case .avx512: true
      }
    guard isDone else {
      throw .product(reason: "oneDNN is in use, and can no longer be limited to \(set.rawValue)")
    }
  }

  /// Whether oneDNN has fast products of bf16 here.
  static var multipliesBF16: Bool { dn_supports(DN_BF16) }

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
    let shape = ProductCompiler.Shape(
      m: grid.tileRows, n: grid.tileColumns, k: a.columns,
      aStrides: .init(row: a.rowStride, column: a.columnStride),
      bStrides: .init(row: b.rowStride, column: b.columnStride), cStride: c.stride,
      precision: a.precision, accumulate: accumulate)
    run(grid, EdgeProducts(grid, shape, self), extraBytes: 0) { row, column, _ in
      TilePlace(a: a.element(row, 0), b: b.element(0, column), c: c.row(row) + column)
    }
  }

  /// Where a tile's factors and its result begin.
  struct TilePlace {
    let a: UnsafeRawPointer
    let b: UnsafeRawPointer
    let c: UnsafeMutableRawPointer
  }

  /// The compiled products of a grid: whole tiles, and the smaller ones at the right and lower edge.
  struct EdgeProducts {
    private let products: [ProductCompiler.Compiled?]
    private let grid: TileGrid
    let scratchBytes: Int

    init(
      _ grid: TileGrid, _ whole: ProductCompiler.Shape, _ product: MatrixProduct
    ) {
      self.grid = grid
      products = [(false, false), (false, true), (true, false), (true, true)].map { lower, right in
        var shape = whole
        if lower { shape.m = grid.lastRows }
        if right { shape.n = grid.lastColumns }
        return product.compiler.product(shape)
      }
      scratchBytes = products.reduce(0) { max($0, $1?.scratchBytes ?? 0) }
    }

    subscript(row: Int, column: Int) -> ProductCompiler.Compiled? {
      products[(row == grid.rowTiles - 1 ? 2 : 0) + (column == grid.columnTiles - 1 ? 1 : 0)]
    }
  }

  /// Forms every tile of a grid; `place` says where, given `extraBytes` of the worker's own memory,
  /// and `then` takes the result. A profile shows the work under the name of `caller`.
  func run(
    _ grid: TileGrid, _ products: EdgeProducts, extraBytes: Int, caller: StaticString = #function,
    _ place: (_ row: Int, _ column: Int, _ extra: UnsafeMutableRawPointer) -> TilePlace,
    then: (_ rowTile: Int, _ columnTile: Int, _ result: UnsafeMutableRawPointer) -> Void = {
      _, _, _ in
    }
  ) {
    let own = (extraBytes + 63) & ~63
    guard let ranges = try? scratch.ranges(byteCount: own + products.scratchBytes) else {
      precondition(false, "no memory for a product's scratch")
      return
    }
    pool.run(grid.count, caller: caller) { index, worker in
      let (i, j) = grid.tile(index)
      guard let product = products[i, j] else {
        precondition(false, "oneDNN refuses a product")
        return
      }
      let tile = place(i * grid.tileRows, j * grid.tileColumns, ranges[worker])
      compiler.run(product, tile.a, tile.b, tile.c, scratch: ranges[worker] + own)
      then(i, j, tile.c)
    }
  }
}
