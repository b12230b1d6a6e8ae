import COpenBLAS
import Glibc

/// Products of f32 matrices by OpenBLAS, one thread a call, split over a pool.
///
/// The split depends on the shape only and every tile's whole sum is formed in one call, so the bits
/// are the same for any number of threads.
public struct MatrixProduct: Sendable {
  public let pool: ParallelPool

  /// Products over `pool`. OpenBLAS is told once to use one thread a call.
  public init(pool: ParallelPool) {
    self.pool = pool
    openblas_set_num_threads(1)
  }

  /// The name of the processor whose kernels OpenBLAS took.
  public static var coreName: String { String(cString: openblas_get_corename()) }

  /// OpenBLAS's version and options, for reports.
  public static var configuration: String { String(cString: openblas_get_config()) }

  /// c[m,n] = alpha a[m,k] b[k,n] + beta c.
  public func multiply(
    _ c: Matrix, _ a: MatrixFactor, _ b: MatrixFactor, alpha: Float = 1, beta: Float = 0
  ) {
    let m = c.rows
    let n = c.columns
    let k = a.columns
    precondition(a.rows == m, "rows of a and c differ")
    precondition(b.rows == k, "inner dimensions differ")
    precondition(b.columns == n, "columns of b and c differ")
    guard m > 0, n > 0 else { return }
    let tiles = Self.tiles(m: m, n: n, k: k)
    pool.run(tiles.rowTiles * tiles.columnTiles) { index, _ in
      let i = index / tiles.columnTiles * tiles.rows
      let j = index % tiles.columnTiles * tiles.columns
      cblas_sgemm(
        CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans,
        b.isTransposed ? CblasTrans : CblasNoTrans, Int32(min(tiles.rows, m - i)),
        Int32(min(tiles.columns, n - j)), Int32(k), alpha, a.row(i), Int32(a.matrix.stride),
        b.column(j), Int32(b.matrix.stride), beta, c.row(i) + j, Int32(c.stride))
    }
  }

  private struct Tiles {
    var rows: Int
    var columns: Int
    var rowTiles: Int
    var columnTiles: Int
  }

  /// Halves the longer side of a tile until there are enough tiles for many threads or the next
  /// half would cost too much: a tile packs its own factors, so its efficiency falls with its area
  /// (measured on one core: whole 100, 256 x 512 90, 128 x 512 84, 64 x 512 74 GFLOP/s).
  private static func tiles(m: Int, n: Int, k: Int) -> Tiles {
    var rows = m
    var columns = n
    var count = 1
    while m * n * k > 1 << 20 {
      let half = rows >= columns ? (halved(rows), columns) : (rows, halved(columns))
      let area = half.0 * half.1
      guard count < 4 && area >= 16 << 10 || count < 32 && area >= 64 << 10 else { break }
      (rows, columns) = half
      count = ((m + rows - 1) / rows) * ((n + columns - 1) / columns)
    }
    return Tiles(
      rows: rows, columns: columns, rowTiles: (m + rows - 1) / rows,
      columnTiles: (n + columns - 1) / columns)
  }

  /// Half of `side`, rounded up to a multiple of 32.
  private static func halved(_ side: Int) -> Int { (side / 2 + 31) / 32 * 32 }
}
