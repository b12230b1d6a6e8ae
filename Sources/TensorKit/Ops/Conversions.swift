internal import CKernels

extension Ops {
  /// bf16 to f32, exact.
  public func widen(
    bf16 x: UnsafePointer<UInt16>, to output: UnsafeMutablePointer<Float>, count: Int
  ) {
    let table = kernels.table
    pool.run(count, grain: Self.vectorGrain) { range in
      table.pointee.bf16_to_f32(output + range.lowerBound, x + range.lowerBound, range.count)
    }
  }

  /// f16 to f32, exact.
  public func widen(
    f16 x: UnsafePointer<UInt16>, to output: UnsafeMutablePointer<Float>, count: Int
  ) {
    let table = kernels.table
    pool.run(count, grain: Self.vectorGrain) { range in
      table.pointee.f16_to_f32(output + range.lowerBound, x + range.lowerBound, range.count)
    }
  }

  /// f32 to bf16, to nearest even.
  public func narrow(
    _ x: UnsafePointer<Float>, toBF16 output: UnsafeMutablePointer<UInt16>, count: Int
  ) {
    let table = kernels.table
    pool.run(count, grain: Self.vectorGrain) { range in
      table.pointee.f32_to_bf16(output + range.lowerBound, x + range.lowerBound, range.count)
    }
  }

  /// f32 to f16, to nearest even.
  public func narrow(
    _ x: UnsafePointer<Float>, toF16 output: UnsafeMutablePointer<UInt16>, count: Int
  ) {
    let table = kernels.table
    pool.run(count, grain: Self.vectorGrain) { range in
      table.pointee.f32_to_f16(output + range.lowerBound, x + range.lowerBound, range.count)
    }
  }
}
