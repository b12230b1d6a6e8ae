/// A row-major matrix of f32 in somebody else's memory, valid while its owner lives.
public struct Matrix {
  public var pointer: UnsafeMutablePointer<Float>
  public var rows: Int
  public var columns: Int
  /// Floats between the starts of two rows.
  public var stride: Int

  /// A view of `rows` x `columns` floats; dense unless a `stride` is given.
  @inlinable
  public init(
    _ pointer: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil
  ) {
    self.pointer = pointer
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
  }

  /// Where row `index` starts.
  @inlinable
  public func row(_ index: Int) -> UnsafeMutablePointer<Float> { pointer + index * stride }

  /// `count` rows from `first`.
  @inlinable
  public func rows(from first: Int, count: Int) -> Matrix {
    Matrix(row(first), rows: count, columns: columns, stride: stride)
  }

  /// `count` columns from `first`.
  @inlinable
  public func columns(from first: Int, count: Int) -> Matrix {
    Matrix(pointer + first, rows: rows, columns: count, stride: stride)
  }
}

/// A factor of a matrix product: a matrix or its transpose.
public struct MatrixFactor {
  let start: UnsafeMutableRawPointer
  /// Of the factor, that is after a transposition.
  let rows: Int
  let columns: Int
  let rowStride: Int
  let columnStride: Int
  let precision: Precision

  /// Where element (row, column) lies.
  func element(_ row: Int, _ column: Int) -> UnsafeMutableRawPointer {
    start + (row * rowStride + column * columnStride) * precision.byteCount
  }
}

extension Operand {
  /// The matrix as it is, as a factor.
  public var plain: MatrixFactor {
    MatrixFactor(
      start: start, rows: rows, columns: columns, rowStride: stride, columnStride: 1,
      precision: precision)
  }

  /// Its transpose, as a factor; nothing is moved.
  public var transposed: MatrixFactor {
    MatrixFactor(
      start: start, rows: columns, columns: rows, rowStride: 1, columnStride: stride,
      precision: precision)
  }
}

extension Matrix {
  /// The matrix as products read it.
  public var operand: Operand {
    Operand(pointer, rows: rows, columns: columns, stride: stride, precision: .f32)
  }

  /// The matrix as it is, as a factor.
  public var plain: MatrixFactor { operand.plain }

  /// Its transpose, as a factor; nothing is moved.
  public var transposed: MatrixFactor { operand.transposed }
}
