/// How the result of a product is cut into tiles, one task each; a function of the shape alone.
struct TileGrid: Sendable {
  let tileRows: Int
  let tileColumns: Int
  let rowTiles: Int
  let columnTiles: Int
  /// Rows of the tiles at the lower edge, columns of those at the right edge.
  let lastRows: Int
  let lastColumns: Int

  /// Tiles: `rowTiles` times `columnTiles`.
  var count: Int { rowTiles * columnTiles }

  /// Place of tile `index` in the grid; neighbours share columns.
  func tile(_ index: Int) -> (row: Int, column: Int) {
    (index % rowTiles, index / rowTiles)
  }

  /// A tile of this many values keeps oneDNN at its best; below the second, packing its factors
  /// costs more than another thread brings.
  private static let usualArea = 128 << 10
  private static let smallestArea = 16 << 10

  /// Halves the longer side until a tile has the usual area, and further while there are few tiles.
  init(rows: Int, columns: Int, inner: Int) {
    var tileRows = rows
    var tileColumns = columns
    var count = 1
    // A product of less than a million multiplications is one task.
    while rows * columns * inner > 1 << 20 {
      let area = tileRows * tileColumns
      guard area > Self.usualArea || count < 8 && area > 2 * Self.smallestArea else { break }
      if tileRows >= tileColumns {
        tileRows = Self.half(tileRows)
      } else {
        tileColumns = Self.half(tileColumns)
      }
      count = Self.parts(rows, tileRows) * Self.parts(columns, tileColumns)
    }
    self.init(rows: rows, columns: columns, tileRows: tileRows, tileColumns: tileColumns)
  }

  /// Tiles of a given size.
  init(rows: Int, columns: Int, tileRows: Int, tileColumns: Int) {
    self.tileRows = min(rows, tileRows)
    self.tileColumns = min(columns, tileColumns)
    rowTiles = Self.parts(rows, self.tileRows)
    columnTiles = Self.parts(columns, self.tileColumns)
    lastRows = rows - (rowTiles - 1) * self.tileRows
    lastColumns = columns - (columnTiles - 1) * self.tileColumns
  }

  /// Tiles of a product with packed weights of `inner` columns: a tile's rows stay in a second-level
  /// cache of 512 KiB, and its weights are read once for all of them.
  init(packedRows rows: Int, columns: Int, inner: Int, precision: Precision) {
    let most = max(40, min(256, (256 << 10) / max(1, inner * precision.byteCount)))
    // As many rows in each, in whole steps of the kernels: 4 or 6 rows.
    let tileRows = (Self.parts(rows, Self.parts(rows, most)) + 11) / 12 * 12
    var tileColumns = 256
    // Few rows are a task for every thread, but none is too short to be worth one.
    while tileColumns > 32, Self.parts(rows, tileRows) * Self.parts(columns, tileColumns) < 8,
      min(rows, tileRows) * tileColumns * inner > 1 << 18
    { tileColumns /= 2 }
    self.init(rows: rows, columns: columns, tileRows: tileRows, tileColumns: tileColumns)
  }

  private static func parts(_ whole: Int, _ part: Int) -> Int { (whole + part - 1) / part }

  /// Half of `side`, rounded up to a multiple of 64, which oneDNN's blocks divide.
  private static func half(_ side: Int) -> Int { (side / 2 + 63) / 64 * 64 }
}
