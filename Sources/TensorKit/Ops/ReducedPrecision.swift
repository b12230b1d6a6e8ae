internal import CKernels

/// The forms of row operations that feed products in bf16 or int8. bf16 is held as its bits; int8
/// rows stand for byte * rowScale, where rowScale is the largest magnitude of the row over 127.
extension Ops {
  /// As ``rmsNorm``, rounded to bf16.
  public func rmsNorm(
    bf16 output: UnsafeMutablePointer<UInt16>, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, rows: Int, size: Int, epsilon: Float,
    rstd: UnsafeMutablePointer<Float>? = nil
  ) {
    let table = kernels.table
    pool.run(rows, grain: Self.rowGrain(columns: size)) { range in
      let first = range.lowerBound
      table.pointee.rms_norm_forward_bf16(
        output + first * size, rstd.map { $0 + first }, input + first * size, weight, range.count,
        size, epsilon)
    }
  }

  /// As ``rmsNorm``, rounded to bytes with a scale per row.
  public func rmsNorm(
    int8 output: UnsafeMutablePointer<Int8>, rowScales: UnsafeMutablePointer<Float>,
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, rows: Int, size: Int,
    epsilon: Float
  ) {
    let table = kernels.table
    pool.run(rows, grain: Self.rowGrain(columns: size)) { range in
      let first = range.lowerBound
      table.pointee.rms_norm_forward_s8(
        output + first * size, rowScales + first, nil, input + first * size, weight, range.count,
        size, epsilon)
    }
  }

  /// As ``swiglu``, rounded to bf16; `output` is [rows, gate.columns], dense.
  public func swiglu(bf16 output: UnsafeMutablePointer<UInt16>, gate: Matrix, up: Matrix) {
    let table = kernels.table
    let size = gate.columns
    pool.run(gate.rows, grain: Self.rowGrain(columns: size)) { range in
      let first = range.lowerBound
      table.pointee.swiglu_forward_bf16(
        output + first * size, size, gate.row(first), gate.stride, up.row(first), up.stride,
        range.count, size)
    }
  }

  /// As ``swiglu``, rounded to bytes with a scale per row; `output` is [rows, gate.columns], dense.
  /// Scratch: gate.columns floats a thread.
  public func swiglu(
    int8 output: UnsafeMutablePointer<Int8>, rowScales: UnsafeMutablePointer<Float>, gate: Matrix,
    up: Matrix, scratch: Arena
  ) throws {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let table = kernels.table
    let size = gate.columns
    let rowStride = (size + 15) & ~15
    let products = try scratch.floats(pool.threads * rowStride)
    let grain = Self.rowGrain(columns: size)
    pool.run((gate.rows + grain - 1) / grain) { index, worker in
      let first = index * grain
      table.pointee.swiglu_forward_s8(
        output + first * size, size, rowScales + first, products + worker * rowStride,
        gate.row(first), gate.stride, up.row(first), up.stride, min(grain, gate.rows - first),
        size)
    }
  }

  /// Bytes of scratch that the int8 form takes.
  public func swigluScratch(size: Int) -> Int {
    Arena.byteCount(floats: [pool.threads * ((size + 15) & ~15)])
  }

  /// The rows of x in bf16, dense [rows, columns].
  public func narrow(_ x: Matrix, toBF16 output: UnsafeMutablePointer<UInt16>) {
    let table = kernels.table
    pool.run(x.rows, grain: Self.rowGrain(columns: x.columns)) { range in
      let first = range.lowerBound
      table.pointee.rows_to_bf16(
        output + first * x.columns, x.columns, x.row(first), x.stride, range.count, x.columns)
    }
  }

  /// The rows of x in bytes with a scale per row, dense [rows, columns].
  public func narrow(
    _ x: Matrix, toInt8 output: UnsafeMutablePointer<Int8>, rowScales: UnsafeMutablePointer<Float>
  ) {
    let table = kernels.table
    pool.run(x.rows, grain: Self.rowGrain(columns: x.columns)) { range in
      let first = range.lowerBound
      table.pointee.rows_to_s8(
        output + first * x.columns, x.columns, rowScales + first, x.row(first), x.stride,
        range.count, x.columns)
    }
  }

  /// output[r] = table[ids[r]], widened; rows of `size`. Ids must be inside the table.
  public func gatherRows(
    output: UnsafeMutablePointer<Float>, fromBF16 source: UnsafePointer<UInt16>,
    ids: UnsafePointer<Int32>, rows: Int, size: Int
  ) {
    let table = kernels.table
    pool.run(rows, grain: Self.rowGrain(columns: size)) { range in
      table.pointee.gather_rows_bf16(
        output + range.lowerBound * size, source, ids + range.lowerBound, range.count, size)
    }
  }
}
