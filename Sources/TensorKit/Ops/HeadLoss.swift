internal import CKernels
import Glibc

/// log p of given targets under a vocabulary projection, [tokens, V] logits formed tile by tile:
/// no more of them exist at once than fits a worker's second-level cache.
extension Ops {
  /// Tokens and vocabulary rows of one tile of logits.
  private static let tileTokens = 128
  static let headTile = 1024

  /// logProbabilities[t] = log p(targets[t] | hidden[t]) in nats; 0 where the target is negative.
  /// hidden: [tokens, d], weight: [vocabulary, d], in rows of one precision or packed.
  ///
  /// Each tile gives every token a maximum and a sum of exp(logit - maximum); then those of all tiles
  /// are joined in order: log sum exp = m + log sum_j sum_j exp(m_j - m) with m = max_j m_j.
  ///
  /// - Parameter isGreatest: says of every target whether it has the greatest logit of its row; of equal
  ///   ones the first counts, as torch's argmax has it.
  public func headLogProbabilities(
    _ logProbabilities: UnsafeMutablePointer<Float>, hidden: Operand, weight: Operand,
    targets: UnsafePointer<Int32>, isGreatest: UnsafeMutablePointer<Bool>? = nil, scratch: Arena
  ) throws {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let tokens = hidden.rows
    let tiles = (weight.rows + Self.headTile - 1) / Self.headTile
    let maxima = try scratch.floats(tiles * tokens)
    let sums = try scratch.floats(tiles * tokens)
    let targetLogits = try scratch.floats(tokens)
    /// Of the logits in the target's tile that stand before it, the greatest.
    let before = try scratch.floats(isGreatest == nil ? 0 : tokens)
    let table = kernels.table
    /// Adds logits to the maximum and the sum of their tokens in a column of tiles.
    func add(_ logits: Matrix, column: Int, firstRow: Int, firstColumn: Int) {
      let place = column * tokens + firstRow
      if isGreatest != nil {
        for row in 0..<logits.rows {
          let target = Int(targets[firstRow + row]) - firstColumn
          guard target >= 0, target < logits.columns else { continue }
          let values = logits.row(row)
          // Parts of a tile come in order, so that its maximum is that of those before.
          var greatest = maxima[place + row]
          for index in 0..<target { greatest = max(greatest, values[index]) }
          before[firstRow + row] = greatest
        }
      }
      table.pointee.cross_entropy_tile(
        maxima + place, sums + place, targetLogits + firstRow, logits.pointer, logits.stride,
        targets + firstRow, logits.rows, logits.columns, firstColumn)
    }
    maxima.update(repeating: -.infinity, count: tiles * tokens)
    sums.update(repeating: 0, count: tiles * tokens)
    if weight.layout == .panels {
      try packedLogits(hidden, weight, add)
    } else {
      product.tiles(hidden, weight, rows: Self.tileTokens, columns: Self.headTile) { tile, index in
        add(
          tile.values, column: index.column, firstRow: tile.firstRow,
          firstColumn: tile.firstColumn)
      }
    }
    pool.run(tokens, grain: 64) { range in
      for token in range {
        guard targets[token] >= 0 else {
          logProbabilities[token] = 0
          isGreatest?[token] = false
          continue
        }
        var maximum = -Float.infinity
        for tile in 0..<tiles { maximum = max(maximum, maxima[tile * tokens + token]) }
        var sum: Float = 0
        for tile in 0..<tiles {
          sum += sums[tile * tokens + token] * expf(maxima[tile * tokens + token] - maximum)
        }
        logProbabilities[token] = targetLogits[token] - maximum - logf(sum)
        if let isGreatest {
          let own = targetLogits[token]
          let isFirst = (0..<Int(targets[token]) / Self.headTile).allSatisfy {
            maxima[$0 * tokens + token] < own
          }
          isGreatest[token] = own >= maximum && isFirst && before[token] < own
        }
      }
    }
  }

  /// Gives `add` the logits of packed weights, some columns of a tile at a time: their memory is a
  /// worker's own.
  private func packedLogits(
    _ hidden: Operand, _ weight: Operand,
    _ add: (_ logits: Matrix, _ column: Int, _ firstRow: Int, _ firstColumn: Int) -> Void
  ) throws {
    let part = Self.headTile / 4
    let grid = TileGrid(
      rows: hidden.rows, columns: weight.rows, tileRows: Self.tileTokens,
      tileColumns: Self.headTile)
    let memory = try product.scratch.ranges(
      byteCount: Self.tileTokens * part * MemoryLayout<Float>.size)
    pool.run(grid.count, caller: "headLogProbabilities") { index, worker in
      let (i, j) = grid.tile(index)
      let row = i * grid.tileRows
      let input = hidden.rows(from: row, count: min(grid.tileRows, hidden.rows - row))
      let end = min(weight.rows, (j + 1) * grid.tileColumns)
      for column in stride(from: j * grid.tileColumns, to: end, by: part) {
        let logits = Matrix(
          memory[worker].assumingMemoryBound(to: Float.self), rows: input.rows,
          columns: min(part, end - column), stride: part)
        packedTile(logits, input, weight.rows(from: column, count: logits.columns))
        add(logits, j, row, column)
      }
    }
  }

  /// Bytes of scratch that ``headLogProbabilities`` takes.
  public static func headScratch(tokens: Int, vocabulary: Int) -> Int {
    let tiles = (vocabulary + headTile - 1) / headTile
    return Arena.byteCount(floats: [tiles * tokens, tiles * tokens, tokens, tokens])
  }
}
