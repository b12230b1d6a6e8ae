import Foundation
import LinearAlgebra

/// The Vendi score: the effective number of different items among n (Friedman and Dieng 2023, "The Vendi
/// Score: A Diversity Evaluation Metric for Machine Learning").
///
/// The exponential of the von Neumann entropy of K / n, where K has the cosine similarities of the items'
/// vectors: 1 for n equal items, n for n orthogonal ones. K = X X^T for rows of length one, so that with
/// more items than dimensions the same eigenvalues come from X^T X / n. It grows with n: only samples of
/// one size can be compared.
public struct VendiScore: Codable, Sendable, Equatable {
  /// Items.
  public var items: Int
  /// Dimensions of their vectors.
  public var dimensions: Int
  public var score: Double

  /// - Parameters:
  ///   - vectors: [items, dimensions], row by row.
  /// - Throws: `CorpusQualityError.vectors` for a vector that is zero or not finite; `LinearAlgebraError`.
  public init(_ vectors: [Float], dimensions: Int) throws {
    guard dimensions > 0, !vectors.isEmpty, vectors.count % dimensions == 0 else {
      throw CorpusQualityError.vectors(
        found: "\(vectors.count) values", expected: "a multiple of \(dimensions)")
    }
    let items = vectors.count / dimensions
    var rows = vectors.map(Double.init)
    for item in 0..<items {
      let range = item * dimensions..<(item + 1) * dimensions
      let norm = rows[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm.isFinite, norm > 0 else {
        throw CorpusQualityError.vectors(
          found: "one of length \(norm)", expected: "a finite length above 0")
      }
      for place in range { rows[place] /= norm }
    }
    let size = min(items, dimensions)
    var matrix = DenseMatrix(rows: size, columns: size)
    let products = Self.products(rows, items: items, dimensions: dimensions)
    for column in 0..<size {
      for row in 0..<size {
        matrix[row, column] = products[max(row, column) * size + min(row, column)] / Double(items)
      }
    }
    let eigenvalues = try SymmetricEigenvalues(matrix).values
    // Rounding may leave some just below zero, which stand for none.
    let entropy = eigenvalues.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    self.items = items
    self.dimensions = dimensions
    score = exp(entropy)
  }

  /// Lower triangle of X X^T, or of X^T X where that is smaller, row by row.
  private static func products(
    _ rows: [Double], items: Int, dimensions: Int
  ) -> [Double] {
    let size = min(items, dimensions)
    var sums = [Double](repeating: 0, count: size * size)
    rows.withUnsafeBufferPointer { rows in
      sums.withUnsafeMutableBufferPointer { sums in
        if items <= dimensions {
          for a in 0..<items {
            for b in 0...a {
              var sum = 0.0
              for k in 0..<dimensions { sum += rows[a * dimensions + k] * rows[b * dimensions + k] }
              sums[a * size + b] = sum
            }
          }
        } else {
          for item in 0..<items {
            for a in 0..<dimensions {
              let factor = rows[item * dimensions + a]
              for b in 0...a { sums[a * size + b] += factor * rows[item * dimensions + b] }
            }
          }
        }
      }
    }
    return sums
  }
}
