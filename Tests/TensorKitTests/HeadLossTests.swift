import Foundation
import TensorKit
import Testing

@Suite struct HeadLossTests {
  private let memory = TestMemory()

  struct Shape: CustomTestStringConvertible {
    var tokens: Int
    var size: Int
    var vocabulary: Int
    var testDescription: String { "\(tokens) tokens, hidden \(size), vocabulary \(vocabulary)" }
  }

  static let shapes = [
    Shape(tokens: 1, size: 1, vocabulary: 1), Shape(tokens: 3, size: 8, vocabulary: 7),
    Shape(tokens: 70, size: 16, vocabulary: 99), Shape(tokens: 130, size: 33, vocabulary: 2500),
    // More logits than the buffer of one block holds.
    Shape(tokens: 600, size: 4, vocabulary: 17_001),
  ]

  /// Log probabilities and gradients by the full softmax, in double.
  private func reference(
    _ shape: Shape, _ hidden: [Float], _ weight: [Float], _ targets: [Int32],
    _ tokenWeights: [Float]
  ) -> (logProbabilities: [Double], hidden: [Double], weight: [Double]) {
    let (h, w) = (doubles(hidden), doubles(weight))
    var result = [Double](repeating: 0, count: shape.tokens)
    var dh = [Double](repeating: 0, count: h.count)
    var dw = [Double](repeating: 0, count: w.count)
    let size = shape.size
    for t in 0..<shape.tokens where targets[t] >= 0 {
      let logits = (0..<shape.vocabulary).map { v in
        var sum = 0.0
        for e in 0..<size { sum += h[t * size + e] * w[v * size + e] }
        return sum
      }
      let top = logits.max() ?? 0
      let logSumExp = top + log(logits.reduce(0) { $0 + exp($1 - top) })
      result[t] = logits[Int(targets[t])] - logSumExp
      for v in 0..<shape.vocabulary {
        let slope =
          (exp(logits[v] - logSumExp) - (v == Int(targets[t]) ? 1 : 0)) * Double(tokenWeights[t])
        for e in 0..<size {
          dh[t * size + e] += slope * w[v * size + e]
          dw[v * size + e] += slope * h[t * size + e]
        }
      }
    }
    return (result, dh, dw)
  }

  @Test(arguments: shapes) func matchesTheFullSoftmax(shape: Shape) throws {
    let hidden = randomFloats(shape.tokens * shape.size, seed: 80, scale: 2)
    let weight = randomFloats(shape.vocabulary * shape.size, seed: 81)
    let choice = randomFloats(shape.tokens, seed: 82)
    var targets = choice.map { Int32((abs($0) * 0.999 * Float(shape.vocabulary)).rounded(.down)) }
    var tokenWeights = randomFloats(shape.tokens, seed: 83).map { abs($0) + 0.1 }
    if shape.tokens > 2 {
      targets[1] = -1
      tokenWeights[1] = 0
    }
    let expected = reference(shape, hidden, weight, targets, tokenWeights)
    let scratch = try Arena(
      byteCount: max(
        Ops.headScratch(tokens: shape.tokens, vocabulary: shape.vocabulary),
        Ops.headBackwardScratch(
          tokens: shape.tokens, hidden: shape.size, vocabulary: shape.vocabulary)))
    let h = memory.matrix(hidden, columns: shape.size, stride: shape.size + 2)
    let w = memory.matrix(weight, columns: shape.size)
    for ops in try everyOps() {
      let name = "head \(ops.kernels.name)"
      var scored = [Float](repeating: 9, count: shape.tokens)
      try ops.headLogProbabilities(
        &scored, hidden: h.operand, weight: w.operand, targets: targets, scratch: scratch)
      expectClose(scored, expected.logProbabilities, tolerance: 2e-6, name)

      var trained = scored
      let dh = memory.zeros(rows: shape.tokens, columns: shape.size)
      let dw = memory.zeros(rows: shape.vocabulary, columns: shape.size)
      dw.pointer[0] = 1
      try ops.headLossBackward(
        &trained, hiddenGradient: dh, weightGradient: dw, hidden: h.operand, weight: w,
        targets: targets,
        tokenWeights: tokenWeights, scratch: scratch)
      expectClose(trained, expected.logProbabilities, tolerance: 2e-6, name + " trained")
      var expectedWeight = expected.weight
      expectedWeight[0] += 1
      expectClose(dh.values, expected.hidden, tolerance: 5e-6, name + " dh")
      expectClose(dw.values, expectedWeight, tolerance: 2e-5, name + " dw")
    }
  }

  @Test(arguments: 1...8) func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    let shape = Shape(tokens: 300, size: 40, vocabulary: 3000)
    let h = memory.matrix(randomFloats(300 * 40, seed: 84), columns: 40)
    let w = memory.matrix(randomFloats(3000 * 40, seed: 85), columns: 40)
    let targets = (0..<300).map { Int32($0 * 7 % 3000) }
    let tokenWeights = [Float](repeating: 1, count: 300)
    let scratch = try Arena(
      byteCount: max(
        Ops.headScratch(tokens: shape.tokens, vocabulary: shape.vocabulary),
        Ops.headBackwardScratch(
          tokens: shape.tokens, hidden: shape.size, vocabulary: shape.vocabulary)))
    func run(_ ops: Ops) throws -> [[Float]] {
      var logProbabilities = [Float](repeating: 0, count: 300)
      let dh = memory.zeros(rows: 300, columns: 40)
      let dw = memory.zeros(rows: 3000, columns: 40)
      try ops.headLossBackward(
        &logProbabilities, hiddenGradient: dh, weightGradient: dw, hidden: h.operand,
        weight: w,
        targets: targets, tokenWeights: tokenWeights, scratch: scratch)
      return [logProbabilities, dh.values, dw.values]
    }
    for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
      #expect(try run(one) == run(many))
    }
  }

  @Test func hugeLogitsDoNotOverflow() throws {
    let h = memory.matrix([1000, -1000], columns: 1)
    let w = memory.matrix([1, 0, -1], columns: 1)
    let scratch = try Arena(byteCount: Ops.headScratch(tokens: 2, vocabulary: 3))
    for ops in try everyOps() {
      var scored: [Float] = [0, 0]
      try ops.headLogProbabilities(
        &scored, hidden: h.operand, weight: w.operand, targets: [0, 0], scratch: scratch)
      expectClose(scored, [0, -2000], tolerance: 3e-7, ops.kernels.name)
    }
  }
}
