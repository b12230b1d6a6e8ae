internal import CKernels

extension Ops {
  /// Tokens and outputs of one tile of an int8 product, whose sums are scaled in the cache.
  private static let scaledTile = 256

  /// output[rows, out] = input[rows, in] weight[out, in]^T + bias[out]; adds to output when
  /// `accumulate`. Input and weight have one precision.
  public func linear(
    output: Matrix, input: Operand, weight: Operand, bias: UnsafePointer<Float>? = nil,
    accumulate: Bool = false
  ) {
    switch input.precision {
    case .int8:
      scaledLinear(output, input, weight, bias, accumulate)
      return
    case .f32 where output.rows <= Self.fewRows:
      fewRowsLinear(output, input, weight, accumulate: accumulate)
    case .f32, .bf16:
      product.multiply(output, input.plain, weight.transposed, accumulate: accumulate)
    }
    if let bias { addBias(output, bias) }
  }

  /// As above for int8: sums of products of bytes are exact, then each is multiplied by the scales
  /// of its token and its output.
  private func scaledLinear(
    _ output: Matrix, _ input: Operand, _ weight: Operand, _ bias: UnsafePointer<Float>?,
    _ accumulate: Bool
  ) {
    guard let rowScales = input.rowScales, let outputScales = weight.rowScales else {
      precondition(false, "int8 rows have scales")
      return
    }
    let table = kernels.table
    product.tiles(input, weight, rows: Self.scaledTile, columns: Self.scaledTile) {
      tile, _ in
      let (row, column) = (tile.firstRow, tile.firstColumn)
      table.pointee.dequantize_tile(
        output.row(row) + column, output.stride, tile.integers, tile.values.stride,
        rowScales + row, outputScales + column, bias.map { $0 + column }, accumulate,
        tile.values.rows, tile.values.columns)
    }
  }

  /// inputGradient[rows, in] = outputGradient[rows, out] weight[out, in]; adds when `accumulate`.
  public func linearInputGradient(
    _ inputGradient: Matrix, outputGradient: Operand, weight: Operand, accumulate: Bool = false
  ) {
    product.multiply(
      inputGradient, outputGradient.plain, weight.plain, accumulate: accumulate)
  }

  /// weightGradient[out, in] += outputGradient^T input.
  public func linearWeightGradient(
    _ weightGradient: Matrix, outputGradient: Operand, input: Operand
  ) {
    product.multiply(
      weightGradient, outputGradient.transposed, input.plain, accumulate: true)
  }
}
