internal import CKernels

extension Ops {
  /// Rotates the heads of x[tokens, heads * headSize] in place ("rotate half"). `cosines` and
  /// `sines` are [positions, headSize / 2]; `backward` applies the transpose.
  public func rotary(
    _ x: Matrix, positions: UnsafePointer<Int32>, cosines: UnsafePointer<Float>,
    sines: UnsafePointer<Float>, heads: Int, headSize: Int, backward: Bool = false
  ) {
    let table = kernels.table
    pool.run(x.rows, grain: Self.rowGrain(columns: heads * headSize)) { range in
      table.pointee.rope(
        x.row(range.lowerBound), x.stride, positions + range.lowerBound, cosines, sines,
        range.count, heads, headSize, backward ? -1 : 1)
    }
  }
}
