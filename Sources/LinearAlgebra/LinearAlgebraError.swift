public import Store

/// What can go wrong with a least-squares problem or the eigenvalues of a matrix.
public enum LinearAlgebraError: ActionableError, Equatable {
  /// Sizes that do not fit one another, or that a matrix cannot have.
  case sizes(found: String, expected: String)
  /// An element that is no finite number.
  case notFinite(row: Int, column: Int)
  /// An element that differs from the one across the diagonal.
  case notSymmetric(row: Int, column: Int)
  /// An iteration of the library did not converge; `info` is what it returned.
  case noConvergence(routine: String, info: Int)
  /// A result that fails its check: `error` where rounding explains no more than `allowed`.
  case wrongResult(routine: String, kernels: String, error: Double, allowed: Double)

  public var message: String {
    switch self {
    case .sizes(let found, let expected): "Matrix: found \(found), expected \(expected)."
    case .notFinite(let row, let column):
      "Matrix: row \(row), column \(column) is no finite number."
    case .notSymmetric(let row, let column):
      "Matrix: row \(row), column \(column) differs from row \(column), column \(row)."
    case .noConvergence(let routine, let info):
      "LAPACK's \(routine) did not converge (\(info))."
    case .wrongResult(let routine, let kernels, let error, let allowed):
      "LAPACK's \(routine) returned a wrong result with OpenBLAS's kernels for \(kernels): "
        + "its error is \(error), where rounding explains \(allowed)."
    }
  }

  public var hint: String {
    switch self {
    case .sizes: "Give a matrix and a vector of matching sizes."
    case .notFinite: "Look for the value that is no number in what the matrix was made from."
    case .notSymmetric: "Give a symmetric matrix."
    case .noConvergence: "Look for values of extreme sizes in what the matrix was made from."
    case .wrongResult:
      "Install a newer OpenBLAS, or choose other kernels with OPENBLAS_CORETYPE (for example "
        + "Haswell)."
    }
  }
}
