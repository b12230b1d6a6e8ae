import TensorKit
import Testing

@Suite struct MatrixProductTests {
  private let memory = TestMemory()

  /// m, n, k
  static let shapes = [
    [1, 1, 1], [3, 5, 7], [64, 64, 64], [130, 70, 33], [300, 700, 40], [1, 900, 300],
    [900, 3, 300],
    [65, 1030, 129],
  ]

  @Test(arguments: shapes) func everyLayoutMatchesTheDefinition(shape: [Int]) throws {
    let (m, n, k) = (shape[0], shape[1], shape[2])
    let pool = try ParallelPool(threads: 2)
    let product = try MatrixProduct(pool: pool)
    let a = randomFloats(m * k, seed: 110)
    let b = randomFloats(k * n, seed: 111)
    let c = randomFloats(m * n, seed: 112)
    var sums = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for e in 0..<k {
        let factor = Double(a[i * k + e])
        for j in 0..<n { sums[i * n + j] += factor * Double(b[e * n + j]) }
      }
    }
    let plainA = memory.matrix(a, columns: k, stride: k + 3)
    let plainB = memory.matrix(b, columns: n, stride: n + 1)
    let turnedA = memory.matrix(turned(a, columns: k), columns: m, stride: m + 2)
    let turnedB = memory.matrix(turned(b, columns: n), columns: k, stride: k + 5)
    for left in [plainA.plain, turnedA.transposed] {
      for right in [plainB.plain, turnedB.transposed] {
        for accumulate in [false, true] {
          let output = memory.matrix(c, columns: n, stride: n + 4)
          product.multiply(output, left, right, accumulate: accumulate)
          expectClose(
            output.values,
            sums.indices.map { sums[$0] + (accumulate ? Double(c[$0]) : 0) },
            tolerance: 1e-5, "\(shape) accumulate \(accumulate)")
        }
      }
    }
  }

  @Test(arguments: 1...8) func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    let (m, n, k) = (333, 1111, 222)
    let a = memory.matrix(randomFloats(m * k, seed: 113), columns: k)
    let b = memory.matrix(randomFloats(n * k, seed: 114), columns: k)
    func run(_ threads: Int) throws -> [Float] {
      let c = memory.zeros(rows: m, columns: n)
      try MatrixProduct(pool: try ParallelPool(threads: threads))
        .multiply(c, a.plain, b.transposed)
      return c.values
    }
    #expect(try run(1) == run(threads))
  }

  private func turned(_ values: [Float], columns: Int) -> [Float] {
    let rows = values.count / columns
    return (0..<columns).flatMap { j in (0..<rows).map { i in values[i * columns + j] } }
  }
}
