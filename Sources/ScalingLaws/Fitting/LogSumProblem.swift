import Foundation
import LinearAlgebra

/// The robust fit of a sum of powers in log space: the sum over points of Huber's loss of
/// log(sum of the terms) - log(loss), where the logarithm of every term is linear in the parameters.
///
/// The form and delta = 1e-3 are those of Hoffmann et al. 2022 ("Training Compute-Optimal Large
/// Language Models", appendix D.3): a constant term e = log L_inf, and a - alpha log C for every
/// power.
struct LogSumProblem: Sendable {
  /// log loss, one a point.
  let targets: [Double]
  /// What the logarithm of a term is made of: for every point a row of one factor a parameter.
  let terms: [[Double]]
  let parameterCount: Int
  let huber: Huber

  /// Value, gradient and Hessian of the objective.
  struct Evaluation {
    let value: Double
    let gradient: [Double]
    let hessian: DenseMatrix
  }

  /// log of the sum at a point, and the share of every term in it.
  private func prediction(_ point: Int, _ parameters: [Double], _ shares: inout [Double])
    -> Double
  {
    var largest = -Double.infinity
    for term in terms.indices {
      var sum = 0.0
      for place in 0..<parameterCount {
        sum += terms[term][point * parameterCount + place] * parameters[place]
      }
      shares[term] = sum
      largest = max(largest, sum)
    }
    var total = 0.0
    for term in terms.indices {
      shares[term] = exp(shares[term] - largest)
      total += shares[term]
    }
    for term in terms.indices { shares[term] /= total }
    return largest + log(total)
  }

  /// Predicted minus measured log loss, one a point.
  func residuals(_ parameters: [Double]) -> [Double] {
    var shares = [Double](repeating: 0, count: terms.count)
    return targets.indices.map { prediction($0, parameters, &shares) - targets[$0] }
  }

  /// The objective alone.
  func value(_ parameters: [Double]) -> Double {
    residuals(parameters).reduce(0) { $0 + huber.at($1).value }
  }

  /// The objective with its derivatives: of log-sum-exp the gradient is the mean of the terms' rows
  /// by their shares, the Hessian their covariance.
  func evaluate(_ parameters: [Double]) -> Evaluation {
    let p = parameterCount
    var value = 0.0
    var gradient = [Double](repeating: 0, count: p)
    var hessian = DenseMatrix(rows: p, columns: p)
    var shares = [Double](repeating: 0, count: terms.count)
    var mean = [Double](repeating: 0, count: p)
    for point in targets.indices {
      let huber = huber.at(prediction(point, parameters, &shares) - targets[point])
      value += huber.value
      for place in 0..<p { mean[place] = 0 }
      for term in terms.indices {
        for place in 0..<p { mean[place] += shares[term] * terms[term][point * p + place] }
      }
      for row in 0..<p {
        gradient[row] += huber.slope * mean[row]
        for column in 0...row {
          hessian[row, column] += (huber.curvature - huber.slope) * mean[row] * mean[column]
        }
      }
      for term in terms.indices {
        let weight = huber.slope * shares[term]
        for row in 0..<p where terms[term][point * p + row] != 0 {
          let factor = weight * terms[term][point * p + row]
          for column in 0...row {
            hessian[row, column] += factor * terms[term][point * p + column]
          }
        }
      }
    }
    for row in 0..<p { for column in 0..<row { hessian[column, row] = hessian[row, column] } }
    return Evaluation(value: value, gradient: gradient, hessian: hessian)
  }
}
