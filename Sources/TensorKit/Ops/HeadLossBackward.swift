internal import CKernels
import Glibc

/// Cross-entropy of a vocabulary projection with its gradients, by blocks of tokens (`HeadBlocks`).
extension Ops {
  /// Tokens of one block of logits. The weight and its gradient are read, and the gradient written,
  /// once a block: products in bf16 take half the time of f32, so that weighs twice as much, and
  /// bf16 rounds the weight as often. What a larger block costs is memory, [block, vocabulary].
  private static func headBlock(_ precision: Precision) -> Int { precision == .f32 ? 128 : 512 }

  /// logProbabilities[t] = log p(targets[t] | hidden[t]), and the gradients of the loss
  /// -sum_t tokenWeights[t] log p_t: hiddenGradient[tokens, d] is overwritten,
  /// weightGradient[vocabulary, d] is added to. Products are in the precision of `hidden`.
  ///
  /// With l the logits, d loss / d l = tokenWeight (softmax(l) - [column == target]).
  public func headLossBackward(
    _ logProbabilities: UnsafeMutablePointer<Float>, hiddenGradient: Matrix,
    weightGradient: Matrix, hidden: Operand, weight: Matrix, targets: UnsafePointer<Int32>,
    tokenWeights: UnsafePointer<Float>, scratch: Arena
  ) throws {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let block = min(hidden.rows, Self.headBlock(hidden.precision))
    let buffer = try scratch.floats(block * weight.rows)
    let blocks = try HeadBlocks(self, hidden: hidden, weight: weight, scratch: scratch)
    for first in stride(from: 0, to: hidden.rows, by: block) {
      let logits = Matrix(
        buffer, rows: min(block, hidden.rows - first), columns: weight.rows)
      blocks.form(logits, first: first)
      let gradient = crossEntropy(
        logits, logProbabilities + first, targets: targets + first,
        tokenWeights: tokenWeights + first, precision: hidden.precision)
      blocks.backward(
        gradient, first: first, hiddenGradient: hiddenGradient, weightGradient: weightGradient)
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
      narrowRow(values, logits, precision)
    }
    return gradient(logits, precision)
  }

  /// Rounds a row of gradients in place to what products read.
  func narrowRow(_ values: UnsafeMutablePointer<Float>, _ logits: Matrix, _ precision: Precision) {
    guard precision == .bf16 else { return }
    // Half as wide, so what is written was read before.
    let narrow = UnsafeMutableRawPointer(values).assumingMemoryBound(to: UInt16.self)
    kernels.table.pointee.rows_to_bf16(
      narrow, logits.columns, values, logits.stride, 1, logits.columns)
  }

  /// Rows that `narrowRow` has rounded, as products read them.
  func gradient(_ logits: Matrix, _ precision: Precision) -> Operand {
    guard precision == .bf16 else { return logits.operand }
    return Operand(
      logits.pointer, rows: logits.rows, columns: logits.columns, stride: 2 * logits.stride,
      precision: .bf16)
  }

  /// Bytes of scratch that ``headLossBackward`` takes.
  public static func headBackwardScratch(
    tokens: Int, hidden: Int, vocabulary: Int, precision: Precision = .f32
  ) -> Int {
    HeadBlocks.scratch(
      block: min(tokens, headBlock(precision)), hidden: hidden, vocabulary: vocabulary,
      precision: precision)
  }
}
