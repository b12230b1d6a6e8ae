extension Ops {
  /// output[rows, out] = input[rows, in] weight[out, in]^T + bias[out]; adds to output when
  /// `accumulate`. The input has the weight's `inputPrecision`.
  public func linear(
    output: Matrix, input: Operand, weight: Operand, bias: UnsafePointer<Float>? = nil,
    accumulate: Bool = false
  ) {
    if weight.layout == .panels {
      packedLinear(output, input, weight, bias, accumulate)
      return
    }
    if input.precision == .f32, output.rows <= Self.fewRows {
      fewRowsLinear(output, input, weight, accumulate: accumulate)
    } else {
      product.multiply(output, input.plain, weight.transposed, accumulate: accumulate)
    }
    if let bias { addBias(output, bias) }
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
