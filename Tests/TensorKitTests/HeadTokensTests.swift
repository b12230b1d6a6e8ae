import Foundation
import Numerics
import TensorKit
import Testing

/// Tokens that stand for distributions: whether draws have the right expectation, and what the
/// likeliest ones are.
@Suite struct HeadTokensTests {
  private let memory = TestMemory()
  private static let size = 6

  private func distribution(
    _ row: Int, _ hidden: [Float], _ weight: [Float], columns: Int, temperature: Double
  ) -> [Double] {
    var logits = [Double](repeating: 0, count: columns)
    for v in 0..<columns {
      for e in 0..<Self.size {
        logits[v] += Double(hidden[row * Self.size + e]) * Double(weight[v * Self.size + e])
      }
      logits[v] /= temperature
    }
    let top = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + exp($1 - top) }
    return logits.map { exp($0 - top) / sum }
  }

  private func entropy(_ distribution: [Double]) -> Double {
    var sum = 0.0
    for probability in distribution where probability > 0 {
      sum -= probability * log(probability)
    }
    return sum
  }

  private func streams(_ rows: Int, seed: UInt64 = 7) -> [RandomSource] {
    (0..<rows).map { RandomSource(seed: seed &* 1_000_003 &+ UInt64($0)) }
  }

  private func run(
    _ ops: Ops, _ choice: TokenChoice, _ hidden: [Float], _ weight: [Float], columns: Int,
    temperature: Float = 1, streams: [RandomSource]
  ) throws -> WeightedTokens {
    let rows = hidden.count / Self.size
    let scratch = try Arena(
      byteCount: Ops.headTokensScratch(tokens: rows, columns: columns, choice: choice))
    return try ops.headTokens(
      choice, hidden: memory.matrix(hidden, columns: Self.size).operand,
      weight: memory.matrix(weight, columns: Self.size).operand, columns: columns,
      temperature: temperature, streams: streams, scratch: scratch)
  }

  @Test(arguments: [1, 2, 40, 1500, 3000], [Float(1), 2]) func drawsHaveTheirCounts(
    columns: Int, temperature: Float
  ) throws {
    let hidden = randomFloats(150 * Self.size, seed: 190, scale: 2)
    let weight = randomFloats(3000 * Self.size, seed: 191)
    for ops in try everyOps() {
      let found = try run(
        ops, .draws(50), hidden, weight, columns: columns, temperature: temperature,
        streams: streams(150))
      #expect(found.count == 150 && found.vocabulary == columns)
      for row in 0..<150 {
        let entries = found.entries(of: row)
        let ids = Array(found.tokens[entries])
        #expect(ids == Array(Set(ids)).sorted())
        #expect(ids.allSatisfy { (0..<Int32(columns)).contains($0) })
        var sum: Float = 0
        for weight in found.weights[entries] { sum += weight }
        #expect(abs(sum - 1) < 1e-5)
      }
      let exact = distribution(
        3, hidden, weight, columns: columns, temperature: Double(temperature))
      expectClose([found.entropies[3]], [entropy(exact)], tolerance: 3e-6, "entropy")
    }
  }

  /// The mean over many draws against the distribution, by Pearson's statistic: its mean is the number
  /// of degrees of freedom, its variance twice that; the seed is fixed.
  @Test(arguments: [Float(1), 1.7]) func theExpectationIsTheDistribution(temperature: Float) throws
  {
    let columns = 40
    let (rows, draws) = (2000, 25)
    let state = randomFloats(Self.size, seed: 192, scale: 1.5)
    let hidden = (0..<rows).flatMap { _ in state }
    let weight = randomFloats(columns * Self.size, seed: 193)
    let exact = distribution(
      0, state, weight, columns: columns, temperature: Double(temperature))
    for ops in try everyOps() {
      let found = try run(
        ops, .draws(draws), hidden, weight, columns: columns, temperature: temperature,
        streams: streams(rows))
      var counts = [Double](repeating: 0, count: columns)
      for (token, weight) in zip(found.tokens, found.weights) {
        counts[Int(token)] += Double(weight) * Double(draws)
      }
      let total = Double(rows * draws)
      var statistic = 0.0
      for (count, probability) in zip(counts, exact) {
        let expected = total * probability
        let gap = count - expected
        statistic += gap * gap / expected
      }
      let freedom = Double(columns - 1)
      let most = 4 * (2 * freedom).squareRoot()
      #expect(abs(statistic - freedom) < most, "\(statistic)")
    }
  }

  /// Two tokens, one draw: the gradients of all outcomes, weighed by their probabilities, are the
  /// gradient of the whole distribution.
  @Test(arguments: [1, 2, 3]) func theExpectedGradientIsExact(draws: Int) throws {
    let vocabulary = 3
    let probabilities = [0.6, 0.3, 0.1]
    let hidden = randomFloats(Self.size, seed: 194)
    let weight = randomFloats(vocabulary * Self.size, seed: 195)
    let loss = HeadDistillation(ratio: 0.7, temperature: 1.5)
    func gradient(_ weights: [Double], _ ops: Ops) throws -> (values: [Double], divergence: Double)
    {
      var tokens = WeightedTokens(vocabulary: vocabulary)
      tokens.tokens = [0, 1, 2]
      tokens.weights = weights.map { Float($0) }
      tokens.offsets = [0, 3]
      tokens.entropies = [0.5]
      let losses = (0..<3).map { _ in memory.vector(count: 1) }
      let dh = memory.zeros(rows: 1, columns: Self.size)
      let dw = memory.zeros(rows: vocabulary, columns: Self.size)
      try ops.headDistillationBackward(
        Ops.DistillationOutput(
          logProbabilities: losses[0], divergences: losses[1], entropies: losses[2]),
        hiddenGradient: dh, weightGradient: dw,
        hidden: memory.matrix(hidden, columns: Self.size).operand,
        weight: memory.matrix(weight, columns: Self.size), targets: [1], tokenWeights: [1],
        teacher: .tokens(tokens), loss: loss,
        scratch: try Arena(
          byteCount: Ops.headBackwardScratch(
            tokens: 1, hidden: Self.size, vocabulary: vocabulary)),
        teacherScratch: try Arena(
          byteCount: Ops.distillationScratch(
            tokens: 1, vocabulary: vocabulary, precision: .f32)))
      return (doubles(dh.values) + doubles(dw.values), Double(losses[1][0]))
    }
    for ops in try everyOps() {
      let whole = try gradient(probabilities, ops)
      var expected = [Double](repeating: 0, count: whole.values.count)
      var divergence = 0.0
      for outcome in 0..<[1, 3, 9, 27][draws] {
        var (rest, probability) = (outcome, 1.0)
        var weights = [0.0, 0, 0]
        for _ in 0..<draws {
          probability *= probabilities[rest % 3]
          weights[rest % 3] += 1 / Double(draws)
          rest /= 3
        }
        let found = try gradient(weights, ops)
        divergence += probability * found.divergence
        for index in expected.indices { expected[index] += probability * found.values[index] }
      }
      expectClose(expected, whole.values, tolerance: 2e-6, "gradient")
      let gap: Double = abs(divergence - whole.divergence)
      #expect(gap < 2e-6)
    }
  }

  @Test func theLikeliestAreInOrder() throws {
    let hidden = randomFloats(20 * Self.size, seed: 196, scale: 2)
    let weight = randomFloats(1300 * Self.size, seed: 197)
    for ops in try everyOps() {
      let found = try run(
        ops, .likeliest(5), hidden, weight, columns: 1300, streams: streams(20))
      for row in 0..<20 {
        let exact = distribution(row, hidden, weight, columns: 1300, temperature: 1)
        let best = exact.indices.sorted { exact[$0] > exact[$1] }.prefix(5)
        let sum: Double = best.reduce(0) { $0 + exact[$1] }
        let ids = found.tokens[found.entries(of: row)].map { Int($0) }
        #expect(ids == Array(best))
        expectClose(
          Array(found.weights[found.entries(of: row)]), best.map { exact[$0] / sum },
          tolerance: 1e-5, "weights")
      }
    }
  }

  @Test(arguments: 1...4) func sameTokensForAnyNumberOfThreads(threads: Int) throws {
    let hidden = randomFloats(300 * Self.size, seed: 198, scale: 2)
    let weight = randomFloats(900 * Self.size, seed: 199)
    for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
      for choice in [TokenChoice.draws(20), .likeliest(4)] {
        let found = try [one, many].map {
          try run($0, choice, hidden, weight, columns: 900, streams: streams(300))
        }
        #expect(found[0] == found[1])
      }
    }
  }
}
