import Foundation
import LinearAlgebra

/// Where a descent starts: with the exponents given a law is linear in its factors, so that these are
/// the least squares of the relative errors, by LAPACK.
enum LinearStart {
  /// Logarithms of the factors of `terms`, one a term; what comes out as zero or below is a small
  /// share of the least loss.
  ///
  /// - Parameter terms: the values of every term with factor 1, one a point.
  /// - Throws: `LinearAlgebraError`.
  static func logFactors(
    _ terms: [[Double]], losses: [Double]
  ) throws(LinearAlgebraError) -> [Double] {
    var active = Array(terms.indices)
    var factors = [Double](repeating: 0, count: terms.count)
    // Factors are positive: the most negative one leaves, and the others are solved for again.
    while !active.isEmpty {
      var matrix = DenseMatrix(rows: losses.count, columns: active.count)
      for (column, term) in active.enumerated() {
        for row in losses.indices { matrix[row, column] = terms[term][row] / losses[row] }
      }
      let solution = try LeastSquares(
        matrix, [Double](repeating: 1, count: losses.count)
      ).solution
      let least = solution.indices.min { solution[$0] < solution[$1] } ?? 0
      if solution[least] > 0 {
        for (column, term) in active.enumerated() { factors[term] = solution[column] }
        break
      }
      active.remove(at: least)
    }
    let floor = 1e-3 * (losses.min() ?? 1)
    return terms.indices.map { term in
      let largest = terms[term].max() ?? 1
      return log(max(factors[term], floor / max(largest, .leastNormalMagnitude)))
    }
  }
}
