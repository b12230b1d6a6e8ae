internal import CKernels
import Glibc

/// log p of given targets under a vocabulary projection, [tokens, V] logits formed tile by tile:
/// no more of them exist at once than fits a worker's second-level cache.
extension Ops {
  /// Tokens and vocabulary rows of one tile of logits.
  private static let tileTokens = 128
  static let headTile = 1024

  /// logProbabilities[t] = log p(targets[t] | hidden[t]) in nats; 0 where the target is negative.
  /// hidden: [tokens, d], weight: [vocabulary, d].
  ///
  /// Each tile gives every token a maximum and a sum of exp(logit - maximum); then those of all tiles
  /// are joined in order: log sum exp = m + log sum_j sum_j exp(m_j - m) with m = max_j m_j.
  public func headLogProbabilities(
    _ logProbabilities: UnsafeMutablePointer<Float>, hidden: Operand, weight: Operand,
    targets: UnsafePointer<Int32>, scratch: Arena
  ) throws {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let tokens = hidden.rows
    let tiles = (weight.rows + Self.headTile - 1) / Self.headTile
    let maxima = try scratch.floats(tiles * tokens)
    let sums = try scratch.floats(tiles * tokens)
    let targetLogits = try scratch.floats(tokens)
    let table = kernels.table
    product.tiles(hidden, weight, rows: Self.tileTokens, columns: Self.headTile) { tile, index in
      let logits = tile.values
      if let rowScales = hidden.rowScales, let outputScales = weight.rowScales {
        table.pointee.dequantize_tile(
          logits.pointer, logits.stride, tile.integers, logits.stride, rowScales + tile.firstRow,
          outputScales + tile.firstColumn, nil, false, logits.rows, logits.columns)
      }
      let place = index.column * tokens + tile.firstRow
      (maxima + place).update(repeating: -.infinity, count: logits.rows)
      (sums + place).update(repeating: 0, count: logits.rows)
      table.pointee.cross_entropy_tile(
        maxima + place, sums + place, targetLogits + tile.firstRow, logits.pointer, logits.stride,
        targets + tile.firstRow, logits.rows, logits.columns, tile.firstColumn)
    }
    pool.run(tokens, grain: 64) { range in
      for token in range {
        guard targets[token] >= 0 else {
          logProbabilities[token] = 0
          continue
        }
        var maximum = -Float.infinity
        for tile in 0..<tiles { maximum = max(maximum, maxima[tile * tokens + token]) }
        var sum: Float = 0
        for tile in 0..<tiles {
          sum += sums[tile * tokens + token] * expf(maxima[tile * tokens + token] - maximum)
        }
        logProbabilities[token] = targetLogits[token] - maximum - logf(sum)
      }
    }
  }

  /// Bytes of scratch that ``headLogProbabilities`` takes.
  public static func headScratch(tokens: Int, vocabulary: Int) -> Int {
    let tiles = (vocabulary + headTile - 1) / headTile
    return Arena.byteCount(floats: [tiles * tokens, tiles * tokens, tokens])
  }
}
