internal import CKernels

extension Ops {
  /// output = x rstd w with rstd = 1/sqrt(mean(x^2) + epsilon), for [rows, size]; keeps rstd[rows]
  /// when asked.
  public func rmsNorm(
    output: UnsafeMutablePointer<Float>, rstd: UnsafeMutablePointer<Float>? = nil,
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, rows: Int, size: Int,
    epsilon: Float
  ) {
    let table = kernels.table
    pool.run(rows, grain: Self.rowGrain(columns: size)) { range in
      let first = range.lowerBound
      table.pointee.rms_norm_forward(
        output + first * size, rstd.map { $0 + first }, input + first * size, weight, range.count,
        size, epsilon)
    }
  }

  /// Adds to inputGradient[rows, size] and weightGradient[size]. Scratch:
  /// ``rmsNormBackwardScratch(rows:size:)``.
  public func rmsNormBackward(
    inputGradient: UnsafeMutablePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    outputGradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, rstd: UnsafePointer<Float>, rows: Int, size: Int,
    scratch: Arena
  ) throws {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let grain = Self.rowGrain(columns: size) * 4
    let blocks = (rows + grain - 1) / grain
    let partials = try scratch.floats(blocks * size)
    let table = kernels.table
    pool.run(rows, grain: grain) { range in
      let first = range.lowerBound
      let partial = partials + first / grain * size
      partial.update(repeating: 0, count: size)
      table.pointee.rms_norm_backward(
        inputGradient + first * size, partial, outputGradient + first * size,
        input + first * size, weight, rstd + first, range.count, size)
    }
    columnSum(weightGradient, adding: Matrix(partials, rows: blocks, columns: size))
  }

  /// Bytes of scratch that ``rmsNormBackward`` takes.
  public static func rmsNormBackwardScratch(rows: Int, size: Int) -> Int {
    let grain = rowGrain(columns: size) * 4
    return Arena.byteCount(floats: [(rows + grain - 1) / grain * size])
  }
}
