internal import CKernels
import Glibc

/// Cross-entropy of a vocabulary projection with its gradients, by blocks of tokens: one block's
/// logits are formed, overwritten by their gradient, and used for both products of the backward
/// pass. Three products in all; a smaller buffer would need the logits twice.
extension Ops {
  /// Tokens of one block of logits: fewer would read and write the weight's gradient too often.
  static let headBlock = 256

  /// logProbabilities[t] = log p(targets[t] | hidden[t]), and the gradients of the loss
  /// -sum_t tokenWeights[t] log p_t: hiddenGradient[tokens, d] is overwritten,
  /// weightGradient[vocabulary, d] is added to.
  ///
  /// With l the logits, d loss / d l = tokenWeight (softmax(l) - [column == target]).
  public func headLossBackward(
    _ logProbabilities: UnsafeMutablePointer<Float>, hiddenGradient: Matrix,
    weightGradient: Matrix, hidden: Operand, weight: Operand, targets: UnsafePointer<Int32>,
    tokenWeights: UnsafePointer<Float>, scratch: Arena
  ) throws {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let block = min(hidden.rows, Self.headBlock)
    let buffer = try scratch.floats(block * weight.rows)
    for first in stride(from: 0, to: hidden.rows, by: Self.headBlock) {
      let count = min(Self.headBlock, hidden.rows - first)
      let logits = Matrix(buffer, rows: count, columns: weight.rows)
      let input = hidden.rows(from: first, count: count)
      linear(output: logits, input: input, weight: weight)
      let gradient = crossEntropy(
        logits, logProbabilities + first, targets: targets + first,
        tokenWeights: tokenWeights + first, precision: hidden.precision)
      linearInputGradient(
        hiddenGradient.rows(from: first, count: count), outputGradient: gradient, weight: weight)
      linearWeightGradient(weightGradient, outputGradient: gradient, input: input)
    }
  }

  /// log p of each row's target; overwrites the logits by their gradient in `precision`.
  private func crossEntropy(
    _ logits: Matrix, _ logProbabilities: UnsafeMutablePointer<Float>,
    targets: UnsafePointer<Int32>, tokenWeights: UnsafePointer<Float>, precision: Precision
  ) -> Operand {
    let table = kernels.table
    pool.run(logits.rows) { row in
      var maximum = -Float.infinity
      var sum: Float = 0
      var targetLogit: Float = 0
      let values = logits.row(row)
      table.pointee.cross_entropy_tile(
        &maximum, &sum, &targetLogit, values, logits.stride, targets + row, 1, logits.columns, 0)
      var logSumExp = maximum + logf(sum)
      logProbabilities[row] = targets[row] >= 0 ? targetLogit - logSumExp : 0
      table.pointee.cross_entropy_tile_gradient(
        values, logits.stride, targets + row, &logSumExp, tokenWeights + row, 1, logits.columns, 0)
      if precision == .bf16 {
        // Half as wide, so what is written was read before.
        let narrow = UnsafeMutableRawPointer(values).assumingMemoryBound(to: UInt16.self)
        table.pointee.rows_to_bf16(
          narrow, logits.columns, values, logits.stride, 1, logits.columns)
      }
    }
    return precision == .bf16
      ? Operand(
        logits.pointer, rows: logits.rows, columns: logits.columns, stride: 2 * logits.stride,
        precision: .bf16)
      : logits.operand
  }

  /// Bytes of scratch that ``headLossBackward`` takes.
  public static func headBackwardScratch(tokens: Int, vocabulary: Int) -> Int {
    Arena.byteCount(floats: [min(tokens, headBlock) * vocabulary])
  }
}
