/// A row-major matrix in somebody else's memory, valid while its owner lives.
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
  public var matrix: Matrix
  public var isTransposed: Bool

  var rows: Int { isTransposed ? matrix.columns : matrix.rows }
  var columns: Int { isTransposed ? matrix.rows : matrix.columns }

  /// Where the factor's row `index` (a column of a transposed matrix) starts.
  func row(_ index: Int) -> UnsafeMutablePointer<Float> {
    isTransposed ? matrix.pointer + index : matrix.row(index)
  }

  /// Where the factor's column `index` starts.
  func column(_ index: Int) -> UnsafeMutablePointer<Float> {
    isTransposed ? matrix.row(index) : matrix.pointer + index
  }
}

extension Matrix {
  /// The matrix as it is, as a factor.
  public var plain: MatrixFactor { MatrixFactor(matrix: self, isTransposed: false) }

  /// Its transpose, as a factor; nothing is moved.
  public var transposed: MatrixFactor { MatrixFactor(matrix: self, isTransposed: true) }
}
