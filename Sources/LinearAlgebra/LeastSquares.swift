import CLapack

/// The x that makes |A x - b| smallest, and of those the shortest: LAPACK's dgelsd.
///
/// What the library returns is checked against the matrix, since some builds of OpenBLAS compute
/// wrong products on some processors.
public struct LeastSquares: Sendable, Equatable {
  /// x, one value a column.
  public let solution: [Double]
  /// b - A x, one value a row.
  public let residuals: [Double]
  /// Singular values of A, largest first.
  public let singularValues: [Double]
  /// Singular values that count: above the cut times the largest.
  public let rank: Int

  /// - Parameters:
  ///   - matrix: A, of at least one row and one column; it may have fewer rows than columns.
  ///   - values: b, one value a row.
  ///   - cut: singular values below this share of the largest count as zero.
  /// - Throws: `LinearAlgebraError`.
  public init(
    _ matrix: DenseMatrix, _ values: [Double], cut: Double = 0x1p-50
  ) throws(LinearAlgebraError) {
    let (m, n) = (matrix.rows, matrix.columns)
    guard m > 0, n > 0, values.count == m else {
      throw .sizes(
        found: "\(m) x \(n) and \(values.count) values",
        expected: "at least one row and one column, and a value for every row")
    }
    try matrix.requireFinite()
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: place, column: n)
    }
    (solution, singularValues, rank) = try Self.solve(matrix, values, cut: cut)
    residuals = Self.residuals(matrix, values, solution)
    try check(matrix, values, cut: cut)
  }

  private static func solve(
    _ matrix: DenseMatrix, _ values: [Double], cut: Double
  ) throws(LinearAlgebraError) -> (x: [Double], singular: [Double], rank: Int) {
    let rows = try Lapack.size(matrix.rows)
    let columns = try Lapack.size(matrix.columns)
    let height = max(rows, columns)
    let one: Int32 = 1
    var a = matrix.values
    var x = values + [Double](repeating: 0, count: Int(height - rows))
    var singular = [Double](repeating: 0, count: Int(min(rows, columns)))
    var (rank, info): (Int32, Int32) = (0, 0)
    /// Calls the routine once; a `length` of -1 asks for the sizes of its memory.
    func call(_ work: inout [Double], _ length: Int32, _ integers: inout [Int32]) {
      Lapack.exclusively {
        dgelsd_(
          [rows], [columns], [one], &a, [rows], &x, [height], &singular, [cut], &rank, &work,
          [length], &integers, &info)
      }
    }
    var work = [0.0]
    var integers: [Int32] = [0]
    call(&work, -1, &integers)
    try Lapack.require(info, "dgelsd")
    let length = try Lapack.size(Int(work[0]))
    work = [Double](repeating: 0, count: Int(length))
    integers = [Int32](repeating: 0, count: Int(max(1, integers[0])))
    call(&work, length, &integers)
    try Lapack.require(info, "dgelsd")
    return (Array(x.prefix(matrix.columns)), singular, Int(rank))
  }

  private static func residuals(
    _ matrix: DenseMatrix, _ values: [Double], _ x: [Double]
  ) -> [Double] {
    var result = values
    for column in 0..<matrix.columns {
      for row in 0..<matrix.rows { result[row] -= matrix[row, column] * x[column] }
    }
    return result
  }

  /// At the least square the residuals are orthogonal to the columns, but for what the cut leaves
  /// out; and the singular values have the norm of the matrix.
  private func check(
    _ matrix: DenseMatrix, _ values: [Double], cut: Double
  ) throws(LinearAlgebraError) {
    let size = Double(matrix.rows + matrix.columns)
    let norm = matrix.norm
    try Lapack.require(
      error: (singularValues.norm - norm).magnitude, atMost: 64 * size * 0x1p-53 * norm, "dgelsd")
    var products = [Double](repeating: 0, count: matrix.columns)
    for column in 0..<matrix.columns {
      for row in 0..<matrix.rows { products[column] += matrix[row, column] * residuals[row] }
    }
    let scale = norm * (norm * solution.norm + values.norm)
    try Lapack.require(
      error: products.norm, atMost: (max(0, cut) + 64 * size * 0x1p-53) * scale, "dgelsd")
  }
}
