extension Ops {
  /// output[rows, out] = input[rows, in] weight[out, in]^T + bias[out]; adds to output when
  /// `accumulate`.
  public func linear(
    output: Matrix, input: Matrix, weight: Matrix, bias: UnsafePointer<Float>? = nil,
    accumulate: Bool = false
  ) {
    if output.rows <= Self.fewRows {
      fewRowsLinear(output, input, weight, accumulate: accumulate)
    } else {
      product.multiply(output, input.plain, weight.transposed, accumulate: accumulate)
    }
    if let bias { addBias(output, bias) }
  }

  /// inputGradient[rows, in] = outputGradient[rows, out] weight[out, in]; adds when `accumulate`.
  public func linearInputGradient(
    _ inputGradient: Matrix, outputGradient: Matrix, weight: Matrix, accumulate: Bool = false
  ) {
    product.multiply(inputGradient, outputGradient.plain, weight.plain, accumulate: accumulate)
  }

  /// weightGradient[out, in] += outputGradient^T input; biasGradient[out] += column sums.
  public func linearWeightGradient(
    _ weightGradient: Matrix, biasGradient: UnsafeMutablePointer<Float>? = nil,
    outputGradient: Matrix, input: Matrix
  ) {
    product.multiply(weightGradient, outputGradient.transposed, input.plain, accumulate: true)
    if let biasGradient { columnSum(biasGradient, adding: outputGradient) }
  }
}
