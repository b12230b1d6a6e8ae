import CLapack

/// The eigenvalues of a symmetric matrix, and its eigenvectors where they are wanted: LAPACK's
/// dsyevr.
///
/// What the library returns is checked against the matrix, since some builds of OpenBLAS compute
/// wrong products on some processors: the vectors by A V = V diag(w), the values alone by their sum
/// and the sum of their squares.
public struct SymmetricEigenvalues: Sendable, Equatable {
  /// Smallest first.
  public let values: [Double]
  /// A column for each value, of length 1; nil where they were not asked for.
  public let vectors: DenseMatrix?

  /// - Parameter matrix: square and symmetric; differences of the size of rounding are taken, and
  ///   the lower triangle counts then.
  /// - Throws: `LinearAlgebraError`.
  public init(_ matrix: DenseMatrix, vectors wantsVectors: Bool = false) throws(LinearAlgebraError)
  {
    let n = matrix.rows
    guard n > 0, matrix.columns == n else {
      throw .sizes(found: "\(n) x \(matrix.columns)", expected: "a square with at least one row")
    }
    try matrix.requireFinite()
    let norm = matrix.norm
    for column in 0..<n {
      for row in 0..<column {
        guard (matrix[row, column] - matrix[column, row]).magnitude <= 0x1p-40 * norm else {
          throw .notSymmetric(row: row, column: column)
        }
      }
    }
    let (found, columns) = try Self.solve(matrix, wantsVectors: wantsVectors)
    values = found
    vectors = columns
    try check(matrix, norm: norm)
  }

  private static func solve(
    _ matrix: DenseMatrix, wantsVectors: Bool
  ) throws(LinearAlgebraError) -> ([Double], DenseMatrix?) {
    let n = try Lapack.size(matrix.rows)
    let none: Int32 = 0
    var a = matrix.values
    var values = [Double](repeating: 0, count: Int(n))
    var vectors = wantsVectors ? DenseMatrix(rows: Int(n), columns: Int(n)).values : [0]
    var support = [Int32](repeating: 0, count: 2 * Int(n))
    var (found, info): (Int32, Int32) = (0, 0)
    let letters = [wantsVectors ? "V" : "N", "A", "L"].map { CChar(bitPattern: $0.utf8.first ?? 0) }
    /// Calls the routine once; lengths of -1 ask for the sizes of its memory.
    func call(
      _ work: inout [Double], _ length: Int32, _ integers: inout [Int32], _ count: Int32
    ) {
      Lapack.exclusively {
        dsyevr_(
          [letters[0]], [letters[1]], [letters[2]], [n], &a, [n], [0], [0], [none], [none], [0],
          &found, &values, &vectors, [n], &support, &work, [length], &integers, [count], &info, 1,
          1, 1)
      }
    }
    var work = [0.0]
    var integers: [Int32] = [0]
    call(&work, -1, &integers, -1)
    try Lapack.require(info, "dsyevr")
    let length = try Lapack.size(Int(work[0]))
    let count = max(1, integers[0])
    work = [Double](repeating: 0, count: Int(length))
    integers = [Int32](repeating: 0, count: Int(count))
    call(&work, length, &integers, count)
    try Lapack.require(info, "dsyevr")
    guard found == n else { throw .noConvergence(routine: "dsyevr", info: Int(found)) }
    let columns =
      wantsVectors
      ? try DenseMatrix(rows: Int(n), columns: Int(n), byColumns: vectors) : nil
    return (values, columns)
  }

  private func check(_ matrix: DenseMatrix, norm: Double) throws(LinearAlgebraError) {
    let n = matrix.rows
    let allowed = 64 * Double(n) * 0x1p-53 * norm
    let trace = (0..<n).reduce(0) { $0 + matrix[$1, $1] }
    // Two sums of n terms, each of them within the norm.
    try Lapack.require(
      error: (values.reduce(0, +) - trace).magnitude, atMost: allowed * Double(n).squareRoot(),
      "dsyevr")
    // The lower triangle is what was read: the upper one may differ by 2^-40 of the norm.
    try Lapack.require(
      error: (values.norm - norm).magnitude, atMost: allowed + 0x1p-40 * norm, "dsyevr")
    guard let vectors else { return }
    var error = 0.0
    for place in 0..<n {
      var product = [Double](repeating: 0, count: n)
      var length = 0.0
      for column in 0..<n {
        let factor = vectors[column, place]
        length += factor * factor
        for row in 0..<n { product[row] += matrix[row, column] * factor }
      }
      for row in 0..<n { product[row] -= values[place] * vectors[row, place] }
      error = max(error, product.norm, (length - 1).magnitude * norm)
    }
    try Lapack.require(
      error: error, atMost: allowed + Double(n) * 0x1p-40 * norm, "dsyevr")
  }
}
