import LinearAlgebra

/// Descends to a minimum by damped Newton steps in the eigenvectors of the Hessian (LAPACK's).
///
/// Gauss-Newton and Levenberg-Marquardt are slow here: with delta = 1e-3 nearly all residuals lie in
/// Huber's linear part, where the squared Jacobian says nothing of the curvature. The exact Hessian
/// of three or five parameters costs nothing. Magnitudes of its eigenvalues are taken, so that every
/// step leads down, from saddles too.
enum NewtonDescent {
  /// Where a descent ended.
  struct Minimum: Sendable {
    var parameters: [Double]
    var value: Double
  }

  static let maximumSteps = 400

  /// - Throws: `LinearAlgebraError`.
  static func run(
    _ problem: LogSumProblem, from start: [Double]
  ) throws(LinearAlgebraError) -> Minimum {
    var parameters = start
    var here = problem.evaluate(parameters)
    var damping: Double?
    for _ in 0..<maximumSteps {
      guard here.value.isFinite, here.hessian.isFinite else { break }
      let eigen = try SymmetricEigenvalues(here.hessian, vectors: true)
      guard let vectors = eigen.vectors else { break }
      let steepest = eigen.values.reduce(0) { max($0, $1.magnitude) }
      guard steepest > 0 else { break }
      let slopes = eigen.values.indices.map { place in
        here.gradient.indices.reduce(0) { $0 + vectors[$1, place] * here.gradient[$1] }
      }
      var factor = damping ?? 1e-3 * steepest
      var isDone = true
      // More damping until the objective falls; it cannot fall any more where the most does not help.
      while factor <= 1e16 * steepest {
        let scaled = slopes.indices.map {
          -slopes[$0] / (max(eigen.values[$0].magnitude, 1e-15 * steepest) + factor)
        }
        let promised = -zip(slopes, scaled).reduce(0) { $0 + $1.0 * $1.1 } / 2
        guard promised > 1e-16 * here.value else { break }
        let next = parameters.indices.map { row in
          parameters[row] + scaled.indices.reduce(0) { $0 + vectors[row, $1] * scaled[$1] }
        }
        let value = problem.value(next)
        if value < here.value {
          let gain = (here.value - value) / promised
          damping = gain > 0.5 ? factor / 10 : gain < 0.1 ? factor * 4 : factor
          parameters = next
          here = problem.evaluate(parameters)
          isDone = false
          break
        }
        factor = max(factor * 10, 1e-12 * steepest)
      }
      if isDone { break }
    }
    return Minimum(parameters: parameters, value: here.value)
  }
}

extension DenseMatrix {
  fileprivate var isFinite: Bool { values.allSatisfy(\.isFinite) }
}
