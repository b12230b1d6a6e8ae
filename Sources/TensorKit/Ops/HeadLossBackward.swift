internal import CKernels
import Glibc

/// Cross-entropy of a vocabulary projection with its gradients, by blocks of tokens: one block's
/// logits are formed, overwritten by their gradient, and used for both products of the backward
/// pass. Three products in all; a smaller buffer would need the logits twice.
extension Ops {
  /// Tokens of one block of logits. The weight and its gradient are read, and the gradient written,
  /// once a block: products in bf16 take half the time of f32, so that weighs twice as much, and
  /// bf16 rounds the weight as often. What a larger block costs is memory, [block, vocabulary].
  private static func headBlock(_ precision: Precision) -> Int { precision == .f32 ? 128 : 512 }

  /// Vocabulary rows that are taken at a time: oneDNN copies its factors, and so do we where products
  /// are in bf16.
  private static func headPart(hidden: Int) -> Int { max(1024, (4 << 20) / max(1, hidden)) }

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
    let part = min(weight.rows, Self.headPart(hidden: weight.columns))
    let copy = hidden.precision == .f32 ? nil : try scratch.floats((part * weight.columns + 1) / 2)
    /// Calls `body` for every part of the vocabulary with its weights in the products' precision.
    func forEachPart(_ body: (_ first: Int, _ count: Int, _ weight: Operand) -> Void) {
      for first in stride(from: 0, to: weight.rows, by: part) {
        let rows = weight.rows(from: first, count: min(part, weight.rows - first))
        guard let copy else {
          body(first, rows.rows, rows.operand)
          continue
        }
        let rounded = Operand(copy, rows: rows.rows, columns: rows.columns, precision: .bf16)
        round(rows, to: rounded)
        body(first, rows.rows, rounded)
      }
    }
    for first in stride(from: 0, to: hidden.rows, by: block) {
      let count = min(block, hidden.rows - first)
      let logits = Matrix(buffer, rows: count, columns: weight.rows)
      let input = hidden.rows(from: first, count: count)
      forEachPart { column, columns, weight in
        linear(
          output: logits.columns(from: column, count: columns), input: input, weight: weight)
      }
      let gradient = crossEntropy(
        logits, logProbabilities + first, targets: targets + first,
        tokenWeights: tokenWeights + first, precision: hidden.precision)
      forEachPart { column, columns, weight in
        let partGradient = gradient.columns(from: column, count: columns)
        linearInputGradient(
          hiddenGradient.rows(from: first, count: count), outputGradient: partGradient,
          weight: weight, accumulate: column > 0)
        linearWeightGradient(
          weightGradient.rows(from: column, count: columns), outputGradient: partGradient,
          input: input)
      }
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
  public static func headBackwardScratch(
    tokens: Int, hidden: Int, vocabulary: Int, precision: Precision = .f32
  ) -> Int {
    let part = min(vocabulary, headPart(hidden: hidden))
    let copy = precision == .f32 ? 0 : (part * hidden + 1) / 2
    return Arena.byteCount(floats: [min(tokens, headBlock(precision)) * vocabulary, copy])
  }
}
