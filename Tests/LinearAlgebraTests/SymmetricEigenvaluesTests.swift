import Foundation
import LinearAlgebra
import Numerics
import Testing

@Suite struct SymmetricEigenvaluesTests {
  @Test func twoByTwo() throws {
    let found = try SymmetricEigenvalues(DenseMatrix(rows: [[2, 1], [1, 2]]), vectors: true)
    #expect((found.values[0] - 1).magnitude < 1e-15)
    #expect((found.values[1] - 3).magnitude < 1e-15)
    let vectors = try #require(found.vectors)
    #expect((vectors[0, 1] - vectors[1, 1]).magnitude < 1e-15)
    #expect((vectors[0, 1].magnitude - 0.5.squareRoot()).magnitude < 1e-15)
  }

  /// The path of n vertices has the eigenvalues 2 cos(k pi / (n + 1)).
  @Test(arguments: [1, 5, 64, 257]) func thePathHasItsKnownValues(n: Int) throws {
    var matrix = DenseMatrix(rows: n, columns: n)
    for place in 1..<max(1, n) {
      matrix[place, place - 1] = 1
      matrix[place - 1, place] = 1
    }
    let alone = try SymmetricEigenvalues(matrix)
    let both = try SymmetricEigenvalues(matrix, vectors: true)
    #expect(alone.vectors == nil)
    for place in 0..<n {
      let known = -2 * cos(Double(place + 1) * .pi / Double(n + 1))
      #expect((alone.values[place] - known).magnitude < 1e-13)
      #expect((both.values[place] - known).magnitude < 1e-13)
    }
  }

  @Test func aGramMatrixOfLowRankHasZeros() throws {
    var source = RandomSource(seed: 7)
    let points = (0..<50).map { _ in (0..<4).map { _ in source.normal() } }
    let gram = try DenseMatrix(
      rows: points.map { a in points.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } })
    let values = try SymmetricEigenvalues(gram).values
    #expect(values.prefix(46).allSatisfy { $0.magnitude < 1e-11 })
    #expect(values[46] > 1)
  }

  @Test func whatIsNotSymmetricIsRefused() throws {
    #expect(throws: LinearAlgebraError.notSymmetric(row: 0, column: 1)) {
      try SymmetricEigenvalues(DenseMatrix(rows: [[1, 2], [3, 4]]))
    }
    #expect(throws: LinearAlgebraError.self) {
      try SymmetricEigenvalues(DenseMatrix(rows: 2, columns: 3))
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 0)) {
      try SymmetricEigenvalues(DenseMatrix(rows: [[.infinity]]))
    }
  }

  @Test func callersDoNotDisturbOneAnother() async throws {
    let results = try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var matrix = DenseMatrix(rows: 60, columns: 60)
          for row in 0..<60 { for column in 0..<60 { matrix[row, column] = Double(row * column) } }
          return try SymmetricEigenvalues(matrix).values
        }
      }
      var all: [[Double]] = []
      for try await values in group { all.append(values) }
      return all
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }
}
