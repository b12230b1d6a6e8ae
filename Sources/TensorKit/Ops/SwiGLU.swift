internal import CKernels

extension Ops {
  /// output = silu(gate) * up, all [rows, f].
  public func swiglu(output: Matrix, gate: Matrix, up: Matrix) {
    let table = kernels.table
    pool.run(output.rows, grain: Self.rowGrain(columns: output.columns)) { range in
      let first = range.lowerBound
      table.pointee.swiglu_forward(
        output.row(first), output.stride, gate.row(first), gate.stride, up.row(first), up.stride,
        range.count, output.columns)
    }
  }

  /// Overwrites the gradients of gate and up (they may be the same memory as gate and up); `output`,
  /// when given, receives the forward product again.
  public func swigluBackward(
    gateGradient: Matrix, upGradient: Matrix, output: Matrix? = nil, outputGradient: Matrix,
    gate: Matrix, up: Matrix
  ) {
    let table = kernels.table
    pool.run(gate.rows, grain: Self.rowGrain(columns: gate.columns)) { range in
      let first = range.lowerBound
      table.pointee.swiglu_backward(
        gateGradient.row(first), gateGradient.stride, upGradient.row(first), upGradient.stride,
        output.map { $0.row(first) }, output?.stride ?? 0, outputGradient.row(first),
        outputGradient.stride, gate.row(first), gate.stride, up.row(first), up.stride,
        range.count, gate.columns)
    }
  }
}
