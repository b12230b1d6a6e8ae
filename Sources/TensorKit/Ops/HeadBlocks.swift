/// A vocabulary projection in training, by blocks of tokens: one block's logits are formed,
/// overwritten by their gradient, and used for both products of the backward pass. Three products in
/// all; a smaller buffer would need the logits twice.
struct HeadBlocks {
  private let ops: Ops
  private let hidden: Operand
  private let weight: Matrix
  /// Vocabulary rows that are taken at a time.
  private let part: Int
  /// A part of the weight in the products' precision; nil in f32.
  private let copy: UnsafeMutablePointer<Float>?

  /// - Parameters:
  ///   - hidden: [tokens, d], in the precision of the products.
  ///   - weight: [vocabulary, d].
  init(_ ops: Ops, hidden: Operand, weight: Matrix, scratch: Arena) throws {
    self.ops = ops
    self.hidden = hidden
    self.weight = weight
    part = min(weight.rows, Self.part(hidden: weight.columns))
    copy =
      hidden.precision == .f32
      ? nil
      : try scratch.floats(Self.copyFloats(hidden: weight.columns, vocabulary: weight.rows))
  }

  /// logits [block, vocabulary] of the tokens from `first` on.
  func form(_ logits: Matrix, first: Int) {
    let input = hidden.rows(from: first, count: logits.rows)
    forEachPart { column, weight in
      ops.linear(
        output: logits.columns(from: column, count: weight.rows), input: input, weight: weight)
    }
  }

  /// Both products of the backward pass for the tokens from `first` on: hiddenGradient[tokens, d] is
  /// overwritten, weightGradient[vocabulary, d] is added to.
  func backward(
    _ gradient: Operand, first: Int, hiddenGradient: Matrix, weightGradient: Matrix
  ) {
    let input = hidden.rows(from: first, count: gradient.rows)
    forEachPart { column, weight in
      let partGradient = gradient.columns(from: column, count: weight.rows)
      ops.linearInputGradient(
        hiddenGradient.rows(from: first, count: gradient.rows), outputGradient: partGradient,
        weight: weight, accumulate: column > 0)
      ops.linearWeightGradient(
        weightGradient.rows(from: column, count: weight.rows), outputGradient: partGradient,
        input: input)
    }
  }

  /// The gradient of the hidden states alone, of a gradient of the first columns of the logits.
  func hiddenGradient(_ output: Matrix, of gradient: Operand, first: Int) {
    forEachPart { column, weight in
      guard column < gradient.columns else { return }
      let columns = min(weight.rows, gradient.columns - column)
      ops.linearInputGradient(
        output.rows(from: first, count: gradient.rows),
        outputGradient: gradient.columns(from: column, count: columns),
        weight: weight.rows(from: 0, count: columns), accumulate: column > 0)
    }
  }

  /// Calls `body` for every part of the vocabulary with its weights in the products' precision.
  private func forEachPart(_ body: (_ first: Int, _ weight: Operand) -> Void) {
    for first in stride(from: 0, to: weight.rows, by: part) {
      let rows = weight.rows(from: first, count: min(part, weight.rows - first))
      guard let copy else {
        body(first, rows.operand)
        continue
      }
      let rounded = Operand(copy, rows: rows.rows, columns: rows.columns, precision: .bf16)
      ops.round(rows, to: rounded)
      body(first, rounded)
    }
  }

  /// oneDNN copies its factors, and so do we where products are in bf16.
  private static func part(hidden: Int) -> Int { max(1024, (4 << 20) / max(1, hidden)) }

  private static func copyFloats(hidden: Int, vocabulary: Int) -> Int {
    (min(vocabulary, part(hidden: hidden)) * hidden + 1) / 2
  }

  /// Bytes of scratch that blocks of so many tokens take with their logits.
  static func scratch(
    block: Int, hidden: Int, vocabulary: Int, precision: Precision
  ) -> Int {
    Arena.byteCount(floats: [
      block * vocabulary,
      precision == .f32 ? 0 : copyFloats(hidden: hidden, vocabulary: vocabulary),
    ])
  }
}
