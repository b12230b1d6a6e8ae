internal import CKernels
import Glibc

/// The output head and its cross-entropy, by blocks of tokens: the logits of all tokens are never
/// held at once.
extension Ops {
  /// Floats of the logits buffer at most, unless a block of `smallestHeadBlock` tokens needs more.
  private static let logitsBudget = 4 << 20

  /// Fewer tokens would read the head's weights too often for the work they bring.
  private static let smallestHeadBlock = 256

  /// Tokens of one block of logits.
  static func headBlock(tokens: Int, vocabulary: Int) -> Int {
    min(max(1, tokens), max(smallestHeadBlock, logitsBudget / max(1, vocabulary) / 64 * 64))
  }

  /// logProbabilities[t] = log p(targets[t] | hidden[t]) in nats; 0 where the target is negative.
  /// hidden: [tokens, d], weight: [vocabulary, d].
  public func headLogProbabilities(
    _ logProbabilities: UnsafeMutablePointer<Float>, hidden: Matrix, weight: Matrix,
    targets: UnsafePointer<Int32>, scratch: Arena
  ) throws {
    try headBlocks(
      logProbabilities, hidden: hidden, weight: weight, targets: targets, scratch: scratch
    ) { _, _, _ in }
  }

  /// As ``headLogProbabilities``, and the gradients of the loss -sum_t tokenWeights[t] log p_t:
  /// hiddenGradient[tokens, d] is overwritten, weightGradient[vocabulary, d] is added to.
  public func headLossBackward(
    _ logProbabilities: UnsafeMutablePointer<Float>, hiddenGradient: Matrix,
    weightGradient: Matrix, hidden: Matrix, weight: Matrix, targets: UnsafePointer<Int32>,
    tokenWeights: UnsafePointer<Float>, scratch: Arena
  ) throws {
    let table = kernels.table
    try headBlocks(
      logProbabilities, hidden: hidden, weight: weight, targets: targets, scratch: scratch
    ) { first, logits, logSumExp in
      pool.run(logits.rows, grain: 8) { range in
        let row = range.lowerBound
        table.pointee.cross_entropy_tile_gradient(
          logits.row(row), logits.stride, targets + first + row, logSumExp + row,
          tokenWeights + first + row, range.count, logits.columns, 0)
      }
      linearInputGradient(
        hiddenGradient.rows(from: first, count: logits.rows), outputGradient: logits,
        weight: weight)
      linearWeightGradient(
        weightGradient, outputGradient: logits,
        input: hidden.rows(from: first, count: logits.rows))
    }
  }

  /// Bytes of scratch that both take.
  public static func headScratch(tokens: Int, vocabulary: Int) -> Int {
    let block = headBlock(tokens: tokens, vocabulary: vocabulary)
    return Arena.byteCount(floats: [block * vocabulary, block, block, block])
  }

  private func headBlocks(
    _ logProbabilities: UnsafeMutablePointer<Float>, hidden: Matrix, weight: Matrix,
    targets: UnsafePointer<Int32>, scratch: Arena,
    then use: (_ first: Int, _ logits: Matrix, _ logSumExp: UnsafeMutablePointer<Float>) -> Void
  ) throws {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let tokens = hidden.rows
    let vocabulary = weight.rows
    let block = Self.headBlock(tokens: tokens, vocabulary: vocabulary)
    let buffer = try scratch.floats(block * vocabulary)
    let maxima = try scratch.floats(block)
    let sums = try scratch.floats(block)
    let targetLogits = try scratch.floats(block)
    let table = kernels.table
    for first in stride(from: 0, to: tokens, by: block) {
      let count = min(block, tokens - first)
      let logits = Matrix(buffer, rows: count, columns: vocabulary)
      linear(output: logits, input: hidden.rows(from: first, count: count), weight: weight)
      pool.run(count, grain: 8) { range in
        let row = range.lowerBound
        for index in range {
          maxima[index] = -.infinity
          sums[index] = 0
          targetLogits[index] = 0
        }
        table.pointee.cross_entropy_tile(
          maxima + row, sums + row, targetLogits + row, logits.row(row), logits.stride,
          targets + first + row, range.count, vocabulary, 0)
        for index in range {
          // From here on `sums` holds log sum exp.
          sums[index] = maxima[index] + logf(sums[index])
          let known = targets[first + index] >= 0
          logProbabilities[first + index] = known ? targetLogits[index] - sums[index] : 0
        }
      }
      use(first, logits, sums)
    }
  }
}
