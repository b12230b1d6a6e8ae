import LinearAlgebra
import Numerics
import Testing

@Suite struct LeastSquaresTests {
  @Test func aLineThroughThreePoints() throws {
    // y = 1, 2, 2 at x = 0, 1, 2: intercept 7/6, slope 1/2.
    let line = try LeastSquares(DenseMatrix(rows: [[1, 0], [1, 1], [1, 2]]), [1, 2, 2])
    #expect((line.solution[0] - 7.0 / 6).magnitude < 1e-14)
    #expect((line.solution[1] - 0.5).magnitude < 1e-14)
    #expect(line.rank == 2)
    #expect((line.residuals[1] - 1.0 / 3).magnitude < 1e-14)
  }

  @Test func columnsThatSayTheSameGiveTheShortestSolution() throws {
    let twice = try LeastSquares(DenseMatrix(rows: [[1, 1], [2, 2], [3, 3]]), [2, 4, 6])
    #expect(twice.rank == 1)
    #expect((twice.solution[0] - 1).magnitude < 1e-14)
    #expect((twice.solution[1] - 1).magnitude < 1e-14)
  }

  @Test func fewerRowsThanColumns() throws {
    let wide = try LeastSquares(DenseMatrix(rows: [[1, 2, 2]]), [9])
    #expect(wide.solution.count == 3)
    #expect((wide.solution[0] - 1).magnitude < 1e-14)
    #expect((wide.solution[2] - 2).magnitude < 1e-14)
  }

  @Test func randomProblemsOfManySizesPassTheirCheck() throws {
    var source = RandomSource(seed: 5)
    for (rows, columns) in [(1, 1), (5, 3), (40, 40), (300, 7), (150, 120)] {
      let values = (0..<rows * columns).map { _ in source.normal() }
      let matrix = try DenseMatrix(rows: rows, columns: columns, byColumns: values)
      let x = (0..<columns).map { _ in source.normal() }
      let b = (0..<rows).map { row in
        (0..<columns).reduce(0) { $0 + matrix[row, $1] * x[$1] }
      }
      let found = try LeastSquares(matrix, b)
      for column in 0..<columns {
        #expect((found.solution[column] - x[column]).magnitude < 1e-9)
      }
    }
  }

  @Test func whatCannotBeSolvedIsRefused() throws {
    let matrix = try DenseMatrix(rows: [[1, 0], [1, .nan]])
    #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 1)) {
      try LeastSquares(matrix, [1, 2])
    }
    #expect(throws: LinearAlgebraError.self) {
      try LeastSquares(DenseMatrix(rows: [[1], [2]]), [1])
    }
    #expect(throws: LinearAlgebraError.self) { try LeastSquares(DenseMatrix(rows: []), []) }
    #expect(throws: LinearAlgebraError.self) { try DenseMatrix(rows: [[1, 2], [3]]) }
  }
}
