internal import CKernels

/// The heads of a matrix [tokens, heads * headSize] that are normalised one by one, with one weight
/// [headSize] for all of them.
public struct HeadShape: Sendable {
  public var heads: Int
  public var headSize: Int

  public init(heads: Int, headSize: Int) {
    self.heads = heads
    self.headSize = headSize
  }

  var columns: Int { heads * headSize }
}

extension Ops {
  /// Every head of x becomes x rstd w with rstd = 1/sqrt(mean(x^2) + epsilon), in place. `kept`, when
  /// given, receives x as it was and 1 / rms of every head [tokens, heads], which backward needs.
  public func headNorm(
    _ x: Matrix, weight: UnsafePointer<Float>, shape: HeadShape, epsilon: Float,
    kept: (input: Matrix, rstd: UnsafeMutablePointer<Float>)? = nil
  ) {
    precondition(x.columns == shape.columns)
    let table = kernels.table
    pool.run(x.rows, grain: Self.rowGrain(columns: shape.columns)) { range in
      for token in range {
        let row = x.row(token)
        kept?.input.row(token).update(from: row, count: shape.columns)
        table.pointee.rms_norm_forward(
          row, kept.map { $0.rstd + token * shape.heads }, row, weight, shape.heads,
          shape.headSize, epsilon)
      }
    }
  }

  /// Turns the gradient of the normalised heads, in place, into that of what they were made of, and
  /// adds to weightGradient [headSize]. Scratch: ``headNormScratch(rows:shape:)``.
  public func headNormBackward(
    _ gradient: Matrix, weightGradient: UnsafeMutablePointer<Float>,
    weight: UnsafePointer<Float>, kept: (input: Matrix, rstd: UnsafePointer<Float>),
    shape: HeadShape, scratch: Arena
  ) throws {
    precondition(gradient.columns == shape.columns && kept.input.columns == shape.columns)
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let rows = gradient.rows
    let grain = Self.headGrain(shape)
    let blocks = (rows + grain - 1) / grain
    let partials = try scratch.floats(blocks * shape.headSize)
    let results = try scratch.floats(pool.threads * shape.columns)
    let table = kernels.table
    pool.run(blocks) { block, worker in
      let partial = partials + block * shape.headSize
      partial.update(repeating: 0, count: shape.headSize)
      let result = results + worker * shape.columns
      for token in block * grain..<min(rows, (block + 1) * grain) {
        // The kernel adds to what is there.
        result.update(repeating: 0, count: shape.columns)
        table.pointee.rms_norm_backward(
          result, partial, gradient.row(token), kept.input.row(token), weight,
          kept.rstd + token * shape.heads, shape.heads, shape.headSize)
        gradient.row(token).update(from: result, count: shape.columns)
      }
    }
    columnSum(weightGradient, adding: Matrix(partials, rows: blocks, columns: shape.headSize))
  }

  /// Tokens whose part of the weight's gradient is summed by itself.
  private static func headGrain(_ shape: HeadShape) -> Int { rowGrain(columns: shape.columns) * 4 }

  /// Bytes of scratch that ``headNormBackward`` takes.
  public func headNormScratch(rows: Int, shape: HeadShape) -> Int {
    let grain = Self.headGrain(shape)
    return Arena.byteCount(floats: [
      (rows + grain - 1) / grain * shape.headSize, pool.threads * shape.columns,
    ])
  }
}
