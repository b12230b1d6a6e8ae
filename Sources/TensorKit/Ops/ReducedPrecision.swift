internal import CKernels

/// The forms of row operations that feed products in bf16 or int8. bf16 is held as its bits; rows of
/// int8 are ``Operand/rowStride(columns:precision:)`` bytes apart and have a scale for every block
/// (CKernels.h).
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

  /// As ``rmsNorm``, rounded to bytes with scales [rows, blocks].
  public func rmsNorm(
    int8 output: UnsafeMutablePointer<UInt8>, scales: UnsafeMutablePointer<Float>,
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, rows: Int, size: Int,
    epsilon: Float
  ) {
    let table = kernels.table
    let (stride, blocks) = Self.byteRow(size)
    pool.run(rows, grain: Self.rowGrain(columns: size)) { range in
      let first = range.lowerBound
      table.pointee.rms_norm_forward_u8(
        output + first * stride, stride, scales + first * blocks, nil, input + first * size,
        weight, range.count, size, epsilon)
    }
  }

  /// Bytes between two rows of int8, and scales of each.
  private static func byteRow(_ columns: Int) -> (stride: Int, blocks: Int) {
    (Operand.rowStride(columns: columns, precision: .int8), Operand.blocks(columns: columns))
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

  /// As ``swiglu``, rounded to bytes with scales [rows, blocks].
  public func swiglu(
    int8 output: UnsafeMutablePointer<UInt8>, scales: UnsafeMutablePointer<Float>, gate: Matrix,
    up: Matrix
  ) {
    let table = kernels.table
    let size = gate.columns
    let (stride, blocks) = Self.byteRow(size)
    pool.run(gate.rows, grain: Self.rowGrain(columns: size)) { range in
      let first = range.lowerBound
      table.pointee.swiglu_forward_u8(
        output + first * stride, stride, scales + first * blocks, gate.row(first), gate.stride,
        up.row(first), up.stride, range.count, size)
    }
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

  /// The rows of x in bytes with scales [rows, blocks].
  public func narrow(
    _ x: Matrix, toInt8 output: UnsafeMutablePointer<UInt8>, scales: UnsafeMutablePointer<Float>
  ) {
    let table = kernels.table
    let (stride, blocks) = Self.byteRow(x.columns)
    pool.run(x.rows, grain: Self.rowGrain(columns: x.columns)) { range in
      let first = range.lowerBound
      table.pointee.rows_to_u8(
        output + first * stride, stride, scales + first * blocks, x.row(first), x.stride,
        range.count, x.columns)
    }
  }

  /// output[r] = table[ids[r]], widened from bf16 in rows or in panels. Ids must be inside the table.
  public func gatherRows(
    output: UnsafeMutablePointer<Float>, from source: Operand, ids: UnsafePointer<Int32>,
    rows: Int
  ) {
    precondition(source.precision == .bf16)
    let halves = source.start.assumingMemoryBound(to: UInt16.self)
    let (table, size, panels) = (kernels.table, source.columns, source.layout == .panels)
    pool.run(rows, grain: Self.rowGrain(columns: size)) { range in
      let (place, first) = (output + range.lowerBound * size, ids + range.lowerBound)
      if panels {
        table.pointee.gather_panels_bf16(place, halves, first, range.count, size)
      } else {
        table.pointee.gather_rows_bf16(place, halves, first, range.count, size)
      }
    }
  }
}
