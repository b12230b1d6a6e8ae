import TensorKit
import Testing

@Suite struct VectorTests {
  private let memory = TestMemory()

  @Test(arguments: [1, 6, 33, 200]) func rowsAndColumns(columns: Int) throws {
    let rows = 150
    let x = randomFloats(rows * columns, seed: 120)
    let bias = randomFloats(columns, seed: 121)
    for ops in try everyOps() {
      let name = ops.kernels.name
      let matrix = memory.matrix(x, columns: columns, stride: columns + 1)
      ops.addBias(matrix, bias)
      let biased = x.indices.map { x[$0] + bias[$0 % columns] }
      #expect(matrix.values == biased, "\(name)")
      var sums = [Float](repeating: 3, count: columns)
      ops.columnSum(&sums, adding: matrix)
      var expected = [Float](repeating: 3, count: columns)
      for (index, value) in biased.enumerated() { expected[index % columns] += value }
      #expect(sums == expected, "\(name)")
    }
  }

  @Test(arguments: [0, 1, 15, 100_003]) func vectors(count: Int) throws {
    let x = randomFloats(count, seed: 122)
    let y = randomFloats(count, seed: 123)
    let scratch = try Arena(byteCount: 1 << 12)
    for ops in try everyOps() {
      let values = memory.vector(y)
      ops.add(values, x, factor: 0.5, count: count)
      expectClose(
        values.values(count), x.indices.map { Double(y[$0]) + 0.5 * Double(x[$0]) },
        tolerance: 1e-7, "add")
      ops.copy(values, x, count: count)
      #expect(values.values(count) == x)
      ops.scale(values, by: 2, count: count)
      #expect(values.values(count) == x.map { $0 * 2 })
      let squares = try ops.sumOfSquares(x, count: count, scratch: scratch)
      let expected = x.reduce(0) { $0 + Double($1) * Double($1) }
      #expect(abs(squares - expected) <= 1e-12 * (1 + expected))
      #expect(ops.allFinite(x, count: count))
      if count > 0 {
        for bad in [Float.nan, .infinity, -.infinity] {
          var broken = x
          broken[count - 1] = bad
          #expect(!ops.allFinite(broken, count: count))
        }
      }
      ops.clear(values, count: count)
      #expect(values.values(count).allSatisfy { $0 == 0 })
    }
  }

  @Test func embeddingRowsAndTheirGradient() throws {
    let (vocabulary, size) = (11, 45)
    let table = randomFloats(vocabulary * size, seed: 124)
    let ids: [Int32] = [3, 0, 3, 10, 3, 7, 0]
    let gradient = randomFloats(ids.count * size, seed: 125)
    for ops in try everyOps(threads: 3) {
      var rows = [Float](repeating: 0, count: ids.count * size)
      ops.gatherRows(output: &rows, from: table, ids: ids, rows: ids.count, size: size)
      #expect(rows == ids.flatMap { table[Int($0) * size..<(Int($0) + 1) * size] })
      var sums = [Float](repeating: 0, count: table.count)
      ops.scatterAddRows(
        tableGradient: &sums, outputGradient: gradient, ids: ids, rows: ids.count, size: size)
      var expected = [Float](repeating: 0, count: table.count)
      for (row, id) in ids.enumerated() {
        for e in 0..<size { expected[Int(id) * size + e] += gradient[row * size + e] }
      }
      #expect(sums == expected)
    }
  }

  @Test func normIsTheSameForAnyNumberOfThreads() throws {
    let x = randomFloats(300_000, seed: 126)
    let scratch = try Arena(byteCount: 1 << 12)
    let one = try everyOps(threads: 1).map {
      try $0.sumOfSquares(x, count: x.count, scratch: scratch)
    }
    let five = try everyOps(threads: 5).map {
      try $0.sumOfSquares(x, count: x.count, scratch: scratch)
    }
    #expect(one == five)
  }
}
