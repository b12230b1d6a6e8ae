internal import CKernels

extension Ops {
  /// Up to so many rows a linear map is faster when it reads its f32 weights as they lie: oneDNN packs
  /// them first.
  static let fewRows = 48

  /// output[rows, out] = input[rows, in] weight[out, in]^T, or += when `accumulate`. A row's bits do
  /// not depend on the other rows.
  func fewRowsLinear(
    _ output: Matrix, _ input: Operand, _ weight: Operand, accumulate: Bool
  ) {
    precondition(input.rows == output.rows && weight.rows == output.columns)
    precondition(input.columns == weight.columns, "inner dimensions differ")
    precondition(input.precision == .f32 && weight.precision == .f32)
    let table = kernels.table
    let values = input.start.assumingMemoryBound(to: Float.self)
    // Some 128 KiB of weights a task, in whole tiles of 4 or 6 outputs.
    let grain = max(12, (32 << 10) / max(1, weight.columns) / 12 * 12)
    pool.run(weight.rows, grain: grain) { range in
      table.pointee.few_rows_product(
        output.pointer + range.lowerBound, output.stride, values, input.stride,
        weight.row(range.lowerBound).assumingMemoryBound(to: Float.self), weight.stride,
        output.rows, range.count, weight.columns,
        accumulate)
    }
  }
}
