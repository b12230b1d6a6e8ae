import Foundation
import TensorKit
import Testing

/// Log-probabilities of sampled tokens, reverse divergence and the gradient of a policy loss, against
/// whole softmaxes in double.
@Suite struct HeadPolicyTests {
  private let memory = TestMemory()

  typealias Shape = TaughtHead

  struct Loss {
    var temperature: Float
    var divergence: Float
    var width: Float
  }

  static let losses = [
    Loss(temperature: 1, divergence: 1, width: 0.2), Loss(temperature: 1, divergence: 0, width: 9),
    Loss(temperature: 1.7, divergence: 0.4, width: 0.3),
  ]

  private struct Problem {
    let shape: Shape
    let hidden: [Float]
    let weight: [Float]
    let teacherHidden: [Float]
    let teacherWeight: [Float]
    var targets: [Int32]
    let tokenWeights: [Float]
    let advantages: [Float]
    let importance: [Float]
    var old: [Float] = []

    init(_ shape: Shape) {
      self.shape = shape
      hidden = randomFloats(shape.tokens * shape.size, seed: 280, scale: 2)
      weight = randomFloats(shape.vocabulary * shape.size, seed: 281)
      teacherHidden = randomFloats(shape.tokens * shape.teacherSize, seed: 282, scale: 2)
      teacherWeight = randomFloats(shape.teacherVocabulary * shape.teacherSize, seed: 283)
      let shared = min(shape.vocabulary, shape.teacherVocabulary)
      targets = randomFloats(shape.tokens, seed: 284).map {
        Int32((abs($0) * 0.999 * Float(shared)).rounded(.down))
      }
      tokenWeights = randomFloats(shape.tokens, seed: 285).map { abs($0) + 0.1 }
      advantages = randomFloats(shape.tokens, seed: 286, scale: 2)
      importance = randomFloats(shape.tokens, seed: 287).map { 1 + 0.6 * $0 }
      // Prompts lie between samples.
      for place in targets.indices where place % 7 == 1 || place % 7 == 2 { targets[place] = -1 }
      // Some ratios are in the range and some beyond it on either side.
      let shifts = randomFloats(shape.tokens, seed: 288, scale: 0.6)
      old = (0..<shape.tokens).map { row in
        guard targets[row] >= 0 else { return 0 }
        return Float(own(row, temperature: 1)[Int(targets[row])]) + shifts[row]
      }
    }

    var shared: Int { min(shape.vocabulary, shape.teacherVocabulary) }

    func own(_ row: Int, temperature: Double) -> [Double] {
      TaughtHead.logSoftmax(
        row, hidden, weight, size: shape.size, columns: shared, temperature: temperature)
    }

    func teacher(_ row: Int, temperature: Double) -> [Double] {
      TaughtHead.logSoftmax(
        row, teacherHidden, teacherWeight, size: shape.teacherSize, columns: shared,
        temperature: temperature)
    }

    struct Expected {
      var logProbabilities: [Double]
      var teacherLogProbabilities: [Double]
      var divergences: [Double]
      var hidden: [Double]
      var weight: [Double]
    }

    func expected(_ loss: Loss) -> Expected {
      let (size, tokens, t) = (shape.size, shape.tokens, Double(loss.temperature))
      let zeros = [Double](repeating: 0, count: tokens)
      var result = Expected(
        logProbabilities: zeros, teacherLogProbabilities: zeros, divergences: zeros,
        hidden: [Double](repeating: 0, count: tokens * size),
        weight: [Double](repeating: 0, count: shape.vocabulary * size))
      for row in 0..<tokens where targets[row] >= 0 {
        let (q, p) = (own(row, temperature: t), teacher(row, temperature: t))
        let place = Int(targets[row])
        let divergence = zip(q, p).reduce(0.0) { $0 + exp($1.0) * ($1.0 - $1.1) }
        result.logProbabilities[row] = q[place]
        result.teacherLogProbabilities[row] = p[place]
        result.divergences[row] = divergence
        let ratio = exp(q[place] - Double(old[row])) * Double(importance[row])
        let advantage = Double(advantages[row])
        let low = 1 - Double(loss.width), high = 1 + Double(loss.width)
        // Beyond the border that bounds its gain a ratio has no gradient.
        let isFlat = advantage > 0 ? ratio > high : ratio < low
        let slope = isFlat ? 0 : -advantage * ratio
        for v in 0..<shared {
          let probability = exp(q[v])
          let pull: Double = slope * ((v == place ? 1 : 0) - probability)
          let push: Double = Double(loss.divergence) * probability * (q[v] - p[v] - divergence)
          let own = Double(tokenWeights[row]) * (pull + push) / t
          for e in 0..<size {
            result.hidden[row * size + e] += own * Double(weight[v * size + e])
            result.weight[v * size + e] += own * Double(hidden[row * size + e])
          }
        }
      }
      return result
    }
  }

  private struct Found: Equatable {
    var figures: [[Float]]
    var hidden: [Float]
    var weight: [Float]
  }

  private func run(
    _ problem: Problem, _ loss: Loss, _ ops: Ops, precision: Precision = .f32,
    teacherHidden: [Float]? = nil, looks: Bool = false
  ) throws -> Found {
    let shape = problem.shape
    let scratch = try Arena(
      byteCount: Ops.headBackwardScratch(
        tokens: shape.tokens, hidden: shape.size, vocabulary: shape.vocabulary,
        precision: precision))
    let more = try Arena(
      byteCount: Ops.distillationScratch(
        tokens: shape.tokens, vocabulary: problem.shared, precision: precision))
    let figures = (0..<3).map { _ in memory.vector(count: shape.tokens, of: 9) }
    let dh = memory.zeros(rows: shape.tokens, columns: shape.size)
    let dw = memory.zeros(rows: shape.vocabulary, columns: shape.size)
    dh.pointer[0] = 5
    dw.pointer[0] = 1
    let gradient = Ops.PolicyGradient(
      hidden: dh, weight: dw, ratio: ClippedRatio(width: loss.width), divergence: loss.divergence,
      tokenWeights: memory.vector(problem.tokenWeights),
      advantages: memory.vector(problem.advantages),
      oldLogProbabilities: memory.vector(problem.old),
      importanceWeights: memory.vector(problem.importance))
    try ops.headPolicy(
      Ops.PolicyOutput(
        logProbabilities: figures[0], teacherLogProbabilities: figures[1],
        divergences: figures[2]),
      hidden: memory.rows(problem.hidden, columns: shape.size, precision, ops).operand,
      weight: memory.matrix(problem.weight, columns: shape.size), targets: problem.targets,
      teacher: (
        memory.matrix(teacherHidden ?? problem.teacherHidden, columns: shape.teacherSize).operand,
        memory.matrix(problem.teacherWeight, columns: shape.teacherSize).operand
      ), temperature: loss.temperature, gradient: looks ? nil : gradient, scratch: scratch,
      teacherScratch: more)
    dw.pointer[0] -= 1
    return Found(
      figures: figures.map { $0.values(shape.tokens) }, hidden: dh.values, weight: dw.values)
  }

  @Test(arguments: TaughtHead.all, losses) func matchesWholeSoftmaxes(shape: Shape, loss: Loss)
    throws
  {
    let problem = Problem(shape)
    let expected = problem.expected(loss)
    for ops in try everyOps() {
      let (found, name) = (try run(problem, loss, ops), ops.kernels.name)
      expectClose(found.figures[0], expected.logProbabilities, tolerance: 2e-6, name + " q")
      expectClose(found.figures[1], expected.teacherLogProbabilities, tolerance: 2e-6, name + " p")
      expectClose(found.figures[2], expected.divergences, tolerance: 3e-6, name + " KL")
      expectClose(found.hidden, expected.hidden, tolerance: 1e-5, name + " dh")
      expectClose(found.weight, expected.weight, tolerance: 2e-5, name + " dw")
      let seen = try run(problem, loss, ops, looks: true)
      #expect(seen.figures == found.figures)
    }
  }

  @Test(arguments: losses) func reducedPrecisionIsNear(loss: Loss) throws {
    let problem = Problem(
      Shape(tokens: 300, size: 24, vocabulary: 700, teacherSize: 8, teacherVocabulary: 640))
    let expected = problem.expected(loss)
    for ops in try everyOps() where ops.capability.multipliesBF16 {
      let found = try run(problem, loss, ops, precision: .bf16)
      expectClose(found.figures[0], expected.logProbabilities, tolerance: 2e-2, "q")
      expectClose(found.figures[2], expected.divergences, tolerance: 2e-2, "KL")
    }
  }

  @Test(arguments: 1...5) func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    let problem = Problem(
      Shape(tokens: 300, size: 20, vocabulary: 1200, teacherSize: 30, teacherVocabulary: 1100))
    for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
      #expect(try run(problem, Self.losses[2], one) == run(problem, Self.losses[2], many))
    }
  }

  @Test func aNotANumberIsNotLost() throws {
    var problem = Problem(TaughtHead.all[1])
    problem.targets = [0, 1, 2, 3, 4]
    for ops in try everyOps() {
      var hidden = problem.teacherHidden
      hidden[0] = .nan
      let found = try run(problem, Self.losses[0], ops, teacherHidden: hidden)
      #expect(found.figures[2][0].isNaN && !found.figures[2][1].isNaN)
      #expect(found.hidden[0].isNaN)
    }
  }

  /// The side that bounds what is gained, and no other.
  @Test func ratiosAreClippedOnOneSide() {
    let ratio = ClippedRatio(width: 0.2)
    func loss(_ ratioTimes: Double, _ advantage: Float) -> ClippedRatio.Loss {
      ratio.loss(
        logProbability: Float(log(ratioTimes)), old: 0, advantage: advantage, weight: 1)
    }
    #expect(loss(1.5, 1).isClipped && loss(1.5, 1).slope == 0)
    #expect(abs(loss(1.5, 1).value + 1.2) < 1e-6)
    #expect(!loss(1.5, -1).isClipped && abs(loss(1.5, -1).slope - 1.5) < 1e-6)
    #expect(loss(0.5, -1).isClipped && abs(loss(0.5, -1).value - 0.8) < 1e-6)
    #expect(!loss(0.5, 1).isClipped && abs(loss(0.5, 1).value + 0.5) < 1e-6)
    #expect(ratio.loss(logProbability: .nan, old: 0, advantage: 1, weight: 1).value.isNaN)
  }
}
