internal import CKernels

extension Ops {
  /// x += bias, row by row.
  public func addBias(_ x: Matrix, _ bias: UnsafePointer<Float>) {
    let table = kernels.table
    pool.run(x.rows, grain: Self.rowGrain(columns: x.columns)) { range in
      table.pointee.add_bias(x.row(range.lowerBound), x.stride, bias, range.count, x.columns)
    }
  }

  /// sums[columns] += the column sums of x, rows in order.
  public func columnSum(_ sums: UnsafeMutablePointer<Float>, adding x: Matrix) {
    let table = kernels.table
    pool.run(x.columns, grain: 64) { range in
      table.pointee.column_sum(
        sums + range.lowerBound, x.pointer + range.lowerBound, x.stride, x.rows, range.count)
    }
  }

  /// y += factor x.
  public func add(
    _ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, factor: Float = 1, count: Int
  ) {
    let table = kernels.table
    pool.run(count, grain: Self.vectorGrain) { range in
      table.pointee.axpy(y + range.lowerBound, x + range.lowerBound, factor, range.count)
    }
  }

  /// y *= factor.
  public func scale(_ y: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    let table = kernels.table
    pool.run(count, grain: Self.vectorGrain) { range in
      table.pointee.scale(y + range.lowerBound, factor, range.count)
    }
  }

  /// y = x.
  public func copy(_ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, count: Int) {
    pool.run(count, grain: Self.vectorGrain) { range in
      (y + range.lowerBound).update(from: x + range.lowerBound, count: range.count)
    }
  }

  /// y = 0.
  public func clear(_ y: UnsafeMutablePointer<Float>, count: Int) {
    pool.run(count, grain: Self.vectorGrain) { range in
      (y + range.lowerBound).update(repeating: 0, count: range.count)
    }
  }

  /// The sum of squares in double: one partial sum a block, added in order.
  public func sumOfSquares(_ x: UnsafePointer<Float>, count: Int, scratch: Arena) throws -> Double {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let blocks = (count + Self.vectorGrain - 1) / Self.vectorGrain
    let partials = try scratch.doubles(blocks)
    let table = kernels.table
    pool.run(count, grain: Self.vectorGrain) { range in
      partials[range.lowerBound / Self.vectorGrain] = table.pointee.sum_of_squares(
        x + range.lowerBound, range.count)
    }
    var sum = 0.0
    for block in 0..<blocks { sum += partials[block] }
    return sum
  }

  /// Whether every value is finite.
  public func allFinite(_ x: UnsafePointer<Float>, count: Int) -> Bool {
    kernels.table.pointee.all_finite(x, count)
  }
}
