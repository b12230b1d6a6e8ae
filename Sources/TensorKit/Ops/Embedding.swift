internal import CKernels

extension Ops {
  /// output[r] = table[ids[r]]; rows of `size` floats. Ids must be inside the table.
  public func gatherRows(
    output: UnsafeMutablePointer<Float>, from source: UnsafePointer<Float>,
    ids: UnsafePointer<Int32>, rows: Int, size: Int
  ) {
    let table = kernels.table
    pool.run(rows, grain: Self.rowGrain(columns: size)) { range in
      table.pointee.gather_rows(
        output + range.lowerBound * size, source, ids + range.lowerBound, range.count, size)
    }
  }

  /// tableGradient[ids[r]] += outputGradient[r]. Each task owns a range of columns and takes the
  /// rows in order: every sum has one writer and one order.
  public func scatterAddRows(
    tableGradient: UnsafeMutablePointer<Float>, outputGradient: UnsafePointer<Float>,
    ids: UnsafePointer<Int32>, rows: Int, size: Int
  ) {
    let table = kernels.table
    pool.run(size, grain: 32) { range in
      for row in 0..<rows {
        table.pointee.axpy(
          tableGradient + Int(ids[row]) * size + range.lowerBound,
          outputGradient + row * size + range.lowerBound, 1, range.count)
      }
    }
  }
}
