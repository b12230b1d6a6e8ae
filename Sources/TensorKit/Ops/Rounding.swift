internal import CKernels

/// Row operations whose output is what the next product reads, in its precision and in close rows.
extension Ops {
  /// output = values, rounded.
  public func round(_ values: Matrix, to output: Operand) {
    precondition(output.isDense && output.rows == values.rows && output.columns == values.columns)
    switch output.precision {
    case .f32:
      for row in 0..<values.rows {
        copy(output.floats + row * output.stride, values.row(row), count: values.columns)
      }
    case .bf16: narrow(values, toBF16: output.halves)
    case .int8: narrow(values, toInt8: output.bytes, scales: output.scales)
    }
  }

  /// output = rmsNorm(input), rounded; keeps rstd[rows] when asked (not for int8, which is for
  /// scoring only).
  public func rmsNorm(
    to output: Operand, rstd: UnsafeMutablePointer<Float>? = nil, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, epsilon: Float
  ) {
    precondition(output.isDense)
    let (rows, size) = (output.rows, output.columns)
    switch output.precision {
    case .f32:
      rmsNorm(
        output: output.floats, rstd: rstd, input: input, weight: weight, rows: rows, size: size,
        epsilon: epsilon)
    case .bf16:
      rmsNorm(
        bf16: output.halves, input: input, weight: weight, rows: rows, size: size,
        epsilon: epsilon, rstd: rstd)
    case .int8:
      rmsNorm(
        int8: output.bytes, scales: output.scales, input: input, weight: weight, rows: rows,
        size: size, epsilon: epsilon)
    }
  }

  /// output = silu(gate) * up, rounded.
  public func swiglu(to output: Operand, gate: Matrix, up: Matrix) {
    precondition(output.isDense)
    switch output.precision {
    case .f32:
      swiglu(
        output: Matrix(output.floats, rows: output.rows, columns: output.columns), gate: gate,
        up: up)
    case .bf16: swiglu(bf16: output.halves, gate: gate, up: up)
    case .int8: swiglu(int8: output.bytes, scales: output.scales, gate: gate, up: up)
    }
  }
}

// The memory of an operand by type; the caller has looked at the precision.
extension Operand {
  fileprivate var isDense: Bool {
    layout == .rows && stride == Operand.rowStride(columns: columns, precision: precision)
  }
  fileprivate var floats: UnsafeMutablePointer<Float> {
    start.assumingMemoryBound(to: Float.self)
  }
  fileprivate var halves: UnsafeMutablePointer<UInt16> {
    start.assumingMemoryBound(to: UInt16.self)
  }
  fileprivate var bytes: UnsafeMutablePointer<UInt8> {
    start.assumingMemoryBound(to: UInt8.self)
  }
  /// Scales of int8 rows; the initialiser has made sure of them.
  fileprivate var scales: UnsafeMutablePointer<Float> {
    rowScales ?? start.assumingMemoryBound(to: Float.self)
  }
}
