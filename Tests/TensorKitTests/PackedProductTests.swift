import Foundation
import TensorKit
import Testing

/// Products with packed weights: bytes against exact integers, on every path of this machine.
@Suite struct PackedProductTests {
  private let memory = TestMemory()

  /// Rows, outputs, inputs: every number of rows that a kernel takes at a time, and what remains.
  static let shapes =
    [[1, 1, 1], [2, 15, 127], [3, 16, 128], [4, 17, 129], [7, 33, 255], [8, 32, 256]]
    + [[13, 47, 385], [15, 64, 130]]

  /// Weights and activations that go to the ends of the range.
  enum Pattern: CaseIterable, CustomTestStringConvertible {
    case random, equalMagnitudes, allLargest, alternating, oneOutlier, zeros, tiny
    var testDescription: String { "\(self)" }

    func values(_ count: Int, seed: UInt64) -> [Float] {
      let noise = randomFloats(count, seed: seed)
      return noise.enumerated().map { index, value in
        switch self {
        case .random: value
        case .equalMagnitudes: value < 0 ? -0.75 : 0.75
        case .allLargest: 1
        case .alternating: index % 2 == 0 ? 127 : -1
        case .oneOutlier: index % 97 == 5 ? 1000 : value * 0.01
        case .zeros: 0
        case .tiny: value * 0x1p-110
        }
      }
    }
  }

  private func product(_ ops: Ops, _ x: Operand, _ w: Operand) -> [Float] {
    let output = memory.zeros(rows: x.rows, columns: w.rows)
    ops.linear(output: output, input: x, weight: w)
    return output.values
  }

  /// Integers by themselves, blocks added in their order: not a bit may differ.
  private func exact(
    _ x: Operand, _ w: Operand, rows: Int, outputs: Int, inputs: Int
  ) -> [Float] {
    let bytes = UnsafeRawPointer(x.start).assumingMemoryBound(to: UInt8.self)
    let (block, blocks) = (Operand.blockColumns, Operand.blocks(columns: inputs))
    let panelBytes =
      Operand.byteCount(rows: 16, columns: inputs, precision: .int8, layout: .panels)
    var result: [Float] = []
    for row in 0..<rows {
      for output in 0..<outputs {
        var total: Float = 0
        for index in 0..<blocks {
          let head =
            UnsafeRawPointer(w.start) + output / 16 * panelBytes + index * blockBytes
          let weights = (head + 128).assumingMemoryBound(to: Int8.self)
          var sum = 0
          for inner in 0..<min(block, inputs - index * block) {
            let weight = Int(weights[inner / 4 * 64 + output % 16 * 4 + inner % 4])
            sum += (Int(bytes[row * x.stride + index * block + inner]) - 128) * weight
          }
          let scale = head.assumingMemoryBound(to: Float.self)[output % 16]
          let unit = (x.rowScales?[row * blocks + index] ?? .nan) * scale
          let part = Float(sum) * unit
          total += part
        }
        result.append(total)
      }
    }
    return result
  }

  @Test(arguments: shapes, Pattern.allCases)
  func sumsOfBytesAreExact(shape: [Int], pattern: Pattern) throws {
    let (rows, outputs, inputs) = (shape[0], shape[1], shape[2])
    for activations in [pattern, .allLargest, .equalMagnitudes] {
      let x = activations.values(rows * inputs, seed: 21)
      let w = pattern.values(outputs * inputs, seed: 22)
      var expected: [Float]?
      for ops in try everyOps() {
        let input = memory.rows(x, columns: inputs, .int8, ops).operand
        let weight = memory.panels(w, columns: inputs, .int8, ops).operand
        // Every set makes the same bytes as well.
        let sums =
          expected ?? exact(input, weight, rows: rows, outputs: outputs, inputs: inputs)
        expected = sums
        #expect(
          product(ops, input, weight) == sums, "\(ops.kernels.name) \(ops.kernels.hasByteDots)")
      }
    }
  }

  /// Two products of a byte and a weight fit 16 bits, whatever the weights.
  @Test(arguments: Pattern.allCases) func noPairOfWeightsExceedsItsRange(pattern: Pattern) throws {
    let w = pattern.values(33 * 131, seed: 23)
    for ops in try everyOps() {
      let weight = memory.panels(w, columns: 131, .int8, ops)
      let panelBytes = Operand.byteCount(
        rows: 16, columns: 131, precision: .int8, layout: .panels)
      for panel in 0..<3 {
        let start = weight.operand.start + panel * panelBytes
        for (block, quads) in [
          (0, Operand.blockColumns / 4), (131 / Operand.blockColumns * blockBytes, 1),
        ] {
          let bytes = (start + block + 128).assumingMemoryBound(to: Int8.self)
          let sums = (0..<quads * 32).map { pair in
            abs(Int(bytes[2 * pair])) + abs(Int(bytes[2 * pair + 1]))
          }
          #expect((sums.max() ?? 0) <= 128)
        }
      }
      // Half a step of the block's scale is the most that rounding moves a weight.
      let steps = zip(w, weight.values).map { abs(Double($0) - $1) }.max() ?? .nan
      let largest = w.map { abs(Double($0)) }.max() ?? 0
      #expect(steps <= largest / 127 * 1.0001 + 0x1p-100)
    }
  }

  @Test(arguments: [Precision.bf16, .int8]) func everySetGivesTheSame(precision: Precision) throws {
    let x = randomFloats(29 * 403, seed: 24)
    let w = randomFloats(131 * 403, seed: 25)
    var first: [Float]?
    for ops in try everyOps() {
      let weight = memory.panels(w, columns: 403, precision, ops)
      let input = memory.rows(x, columns: 403, weight.operand.inputPrecision, ops)
      let result = product(ops, input.operand, weight.operand)
      if precision == .int8 {
        #expect(result == first ?? result, "\(ops.kernels.name)")
      } else {
        expectClose(result, doubles(first ?? result), tolerance: 1e-5, ops.kernels.name)
      }
      first = first ?? result
      // A row does not depend on the others, nor an output.
      let one = product(
        ops, input.operand.rows(from: 20, count: 1), weight.operand.rows(from: 112, count: 19))
      #expect(one == Array(result[20 * 131 + 112..<21 * 131]))
    }
  }

  @Test(arguments: [Precision.bf16, .int8], [Float.nan, .infinity, -.infinity])
  func whatIsNotFiniteIsSeen(precision: Precision, value: Float) throws {
    var x = randomFloats(5 * 140, seed: 26)
    var w = randomFloats(18 * 140, seed: 27)
    x[3 * 140 + 130] = value
    w[17 * 140 + 2] = value
    for ops in try everyOps() {
      let weight = memory.panels(w, columns: 140, precision, ops).operand
      let input = memory.rows(x, columns: 140, weight.inputPrecision, ops).operand
      for (index, sum) in product(ops, input, weight).enumerated() {
        let isTouched = index / 18 == 3 || index % 18 == 17
        #expect(sum.isFinite != isTouched)
        if precision == .int8 { #expect(sum.isNaN == isTouched) }
      }
    }
  }

  @Test(arguments: [Precision.bf16, .int8], [1, 130])
  func headOfPackedWeights(precision: Precision, tokens: Int) throws {
    let (size, vocabulary) = (35, 1301)
    let h = randomFloats(tokens * size, seed: 28, scale: 2)
    let w = randomFloats(vocabulary * size, seed: 29)
    let targets = (0..<tokens).map { $0 == 7 ? -1 : Int32($0 * 19 % vocabulary) }
    let scratch = try Arena(
      byteCount: Ops.headScratch(tokens: tokens, vocabulary: vocabulary))
    func run(_ ops: Ops) throws -> (found: [Float], expected: [Double]) {
      let weight = memory.panels(w, columns: size, precision, ops)
      let hidden = memory.rows(h, columns: size, weight.operand.inputPrecision, ops)
      var found = [Float](repeating: 9, count: tokens)
      try ops.headLogProbabilities(
        &found, hidden: hidden.operand, weight: weight.operand, targets: targets,
        scratch: scratch)
      let expected = (0..<tokens).map { token -> Double in
        guard targets[token] >= 0 else { return 0 }
        let logits = (0..<vocabulary).map { output in
          (0..<size).reduce(0.0) {
            $0 + hidden.values[token * size + $1] * weight.values[output * size + $1]
          }
        }
        return logits[Int(targets[token])] - log(logits.reduce(0) { $0 + exponential($1) })
      }
      return (found, expected)
    }
    for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: 3)) {
      let result = try run(one)
      expectClose(result.found, result.expected, tolerance: 1e-5, one.kernels.name)
      #expect(try run(many).found == result.found)
    }
  }
}
