import CKernels
import Foundation
import TensorKit
import Testing

/// The loss kernels on vocabulary tiles, against the whole softmax in double precision.
@Suite struct CrossEntropyTests {
  private let memory = TestMemory()

  struct Shape: CustomTestStringConvertible {
    var rows: Int
    /// The vocabulary, cut into tiles of these widths.
    var tiles: [Int]
    var columns: Int { tiles.reduce(0, +) }
    var testDescription: String { "\(rows) rows, tiles \(tiles)" }
  }

  static let shapes = [
    Shape(rows: 1, tiles: [1]), Shape(rows: 3, tiles: [7]), Shape(rows: 5, tiles: [16, 1, 33]),
    // Past one block of the kernel, and a last block of one logit.
    Shape(rows: 2, tiles: [1025, 64]), Shape(rows: 2, tiles: [3001]),
  ]

  private func logSumExp(_ logits: ArraySlice<Double>) -> Double {
    let top = logits.max() ?? 0
    return top + log(logits.reduce(0) { $0 + exp($1 - top) })
  }

  /// Weights times (softmax - one hot), row by row.
  private func gradient(
    _ logits: [Double], _ shape: Shape, _ targets: [Int32], _ weights: [Double]
  ) -> [Double] {
    logits.indices.map { place in
      let (row, column) = (place / shape.columns, place % shape.columns)
      let all = logits[row * shape.columns..<(row + 1) * shape.columns]
      let target = column == Int(targets[row]) ? 1.0 : 0
      return (exp(logits[place] - logSumExp(all)) - target) * weights[row]
    }
  }

  @Test(arguments: shapes, [Float(1), 20, 300]) func matchesTheSoftmax(shape: Shape, scale: Float)
    throws
  {
    let (rows, columns) = (shape.rows, shape.columns)
    let logits = randomFloats(rows * columns, seed: 140, scale: scale)
    let weights = randomFloats(rows, seed: 141)
    var targets = (0..<rows).map { Int32(($0 * 17 + columns - 1) % columns) }
    if rows > 2 { targets[1] = -1 }
    let stride = columns + 3
    for ops in try everyOps() {
      let name = "loss \(ops.kernels.name)"
      let table = ops.kernels.table.pointee
      let tile = memory.matrix(logits, columns: columns, stride: stride)
      let maxima = memory.vector(count: rows, of: -.infinity)
      let sums = memory.vector(count: rows)
      let targetLogits = memory.vector(count: rows, of: 77)
      var first = 0
      for width in shape.tiles {
        table.cross_entropy_tile(
          maxima, sums, targetLogits, tile.pointer + first, stride, targets, rows, width, first)
        first += width
      }
      let found = (0..<rows).map { maxima[$0] + logf(sums[$0]) }
      let expected = (0..<rows).map {
        logSumExp(doubles(logits)[$0 * columns..<($0 + 1) * columns])
      }
      expectClose(found, expected, tolerance: 1e-6, name)
      for row in 0..<rows {
        let target = Int(targets[row])
        #expect(targetLogits[row] == (target < 0 ? 77 : logits[row * columns + target]))
      }
      first = 0
      for width in shape.tiles {
        table.cross_entropy_tile_gradient(
          tile.pointer + first, stride, targets, found, weights, rows, width, first)
        first += width
      }
      // A unit in the last place of a log-sum-exp near `scale` is what a probability loses.
      expectClose(
        tile.values, gradient(doubles(logits), shape, targets, doubles(weights)),
        tolerance: 1e-6 + Double(scale) * 1e-7, name + " gradient")
      #expect(tile.pointer[columns] == 0)
    }
  }

  @Test func aNotANumberIsNotLost() throws {
    for ops in try everyOps() {
      var logits = randomFloats(70, seed: 142)
      logits[3] = .nan
      var (maximum, sum, target): (Float, Float, Float) = (-.infinity, 0, 0)
      ops.kernels.table.pointee.cross_entropy_tile(
        &maximum, &sum, &target, logits, 70, [0], 1, 70, 0)
      #expect((maximum + logf(sum)).isNaN)
    }
  }

  @Test func referenceAgreesWithFiniteDifferences() {
    let shape = Shape(rows: 3, tiles: [5])
    let logits = doubles(randomFloats(15, seed: 143, scale: 3))
    let weights = [0.5, 2, 1]
    let targets: [Int32] = [4, 0, 2]
    let expected = finiteDifferences(logits) { moved in
      var loss = 0.0
      for row in 0..<3 {
        let all = moved[row * 5..<(row + 1) * 5]
        loss += weights[row] * (logSumExp(all) - moved[row * 5 + Int(targets[row])])
      }
      return loss
    }
    expectClose(
      gradient(logits, shape, targets, weights), expected, tolerance: 1e-8, "cross-entropy")
  }
}
