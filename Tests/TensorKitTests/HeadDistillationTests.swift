import Foundation
import TensorKit
import Testing

/// Likelihood and divergence from a teacher with their gradients, against whole softmaxes in double.
@Suite struct HeadDistillationTests {
  private let memory = TestMemory()

  typealias Shape = TaughtHead

  struct Loss {
    var ratio: Float
    var temperature: Float
  }

  static let losses = [
    Loss(ratio: 0, temperature: 1), Loss(ratio: 0.5, temperature: 1),
    Loss(ratio: 0.3, temperature: 2.5), Loss(ratio: 1, temperature: 0.7),
  ]

  /// Numbers of a problem, and what is right for them.
  private struct Problem {
    let shape: Shape
    let hidden: [Float]
    let weight: [Float]
    let teacherHidden: [Float]
    let teacherWeight: [Float]
    var targets: [Int32]
    let tokenWeights: [Float]

    init(_ shape: Shape) {
      self.shape = shape
      hidden = randomFloats(shape.tokens * shape.size, seed: 180, scale: 2)
      weight = randomFloats(shape.vocabulary * shape.size, seed: 181)
      teacherHidden = randomFloats(shape.tokens * shape.teacherSize, seed: 182, scale: 2)
      teacherWeight = randomFloats(shape.teacherVocabulary * shape.teacherSize, seed: 183)
      let choice = randomFloats(shape.tokens, seed: 184)
      targets = choice.map { Int32((abs($0) * 0.999 * Float(shape.vocabulary)).rounded(.down)) }
      tokenWeights = randomFloats(shape.tokens, seed: 185).map { abs($0) + 0.1 }
      if shape.tokens > 2 { targets[1] = -1 }
    }

    var shared: Int { min(shape.vocabulary, shape.teacherVocabulary) }

    /// The teacher's distribution of a row.
    func teacher(_ row: Int, temperature: Double) -> [Double] {
      TaughtHead.logSoftmax(
        row, teacherHidden, teacherWeight, size: shape.teacherSize, columns: shared,
        temperature: temperature
      ).map { exp($0) }
    }

    /// -sum p log q.
    static func crossEntropy(_ p: [Double], _ logQ: [Double]) -> Double {
      var sum = 0.0
      for (probability, logarithm) in zip(p, logQ) where probability != 0 {
        sum -= probability * logarithm
      }
      return sum
    }

    struct Expected {
      var logProbabilities: [Double]
      var divergences: [Double]
      var entropies: [Double]
      var hidden: [Double]
      var weight: [Double]
      var part: [Double]
    }

    /// `given` stands for the teacher's distributions where there is one, with their entropies.
    func expected(
      _ loss: Loss, given: (Int) -> (weights: [Double], entropy: Double)? = { _ in nil }
    )
      -> Expected
    {
      let (size, tokens) = (shape.size, shape.tokens)
      let zeros = [Double](repeating: 0, count: tokens)
      var result = Expected(
        logProbabilities: zeros, divergences: zeros, entropies: zeros,
        hidden: [Double](repeating: 0, count: tokens * size),
        weight: [Double](repeating: 0, count: shape.vocabulary * size),
        part: [Double](repeating: 0, count: tokens * size))
      let (k, t) = (Double(loss.ratio), Double(loss.temperature))
      for row in 0..<tokens where targets[row] >= 0 {
        let plain = TaughtHead.logSoftmax(
          row, hidden, weight, size: size, columns: shape.vocabulary, temperature: 1)
        let tempered = TaughtHead.logSoftmax(
          row, hidden, weight, size: size, columns: shared, temperature: t)
        let exact = teacher(row, temperature: t)
        let chosen =
          given(row) ?? (weights: exact, entropy: Self.crossEntropy(exact, exact.map { log($0) }))
        result.logProbabilities[row] = plain[Int(targets[row])]
        result.entropies[row] = chosen.entropy
        result.divergences[row] = Self.crossEntropy(chosen.weights, tempered) - chosen.entropy
        let mass = chosen.weights.reduce(0, +)
        for v in 0..<shape.vocabulary {
          let isTarget = v == Int(targets[row])
          let likelihood: Double = (1 - k) * (exp(plain[v]) - (isTarget ? 1.0 : 0.0))
          var divergence = 0.0
          if v < shared { divergence = k * t * (mass * exp(tempered[v]) - chosen.weights[v]) }
          let own = Double(tokenWeights[row])
          for e in 0..<size {
            let place = row * size + e
            result.hidden[place] += own * (likelihood + divergence) * Double(weight[v * size + e])
            result.part[place] += own * divergence * Double(weight[v * size + e])
            result.weight[v * size + e] +=
              own * (likelihood + divergence) * Double(hidden[place])
          }
        }
      }
      return result
    }
  }

  private struct Found {
    var losses: [[Float]]
    var hidden: [Float]
    var weight: [Float]
    var part: [Float]
  }

  private func run(
    _ problem: Problem, _ loss: Loss, _ ops: Ops, precision: Precision = .f32,
    measures: Bool = true,
    teacher: HeadTeacher? = nil
  ) throws -> Found {
    let shape = problem.shape
    let hidden = memory.rows(problem.hidden, columns: shape.size, precision, ops).operand
    let own = HeadTeacher.head(
      hidden: memory.matrix(problem.teacherHidden, columns: shape.teacherSize).operand,
      weight: memory.matrix(problem.teacherWeight, columns: shape.teacherSize).operand)
    let scratch = try Arena(
      byteCount: Ops.headBackwardScratch(
        tokens: shape.tokens, hidden: shape.size, vocabulary: shape.vocabulary,
        precision: precision))
    let more = try Arena(
      byteCount: Ops.distillationScratch(
        tokens: shape.tokens, vocabulary: problem.shared, precision: precision))
    let losses = (0..<3).map { _ in memory.vector(count: shape.tokens, of: 9) }
    let dh = memory.zeros(rows: shape.tokens, columns: shape.size)
    let dw = memory.zeros(rows: shape.vocabulary, columns: shape.size)
    let part = memory.zeros(rows: shape.tokens, columns: shape.size)
    dw.pointer[0] = 1
    try ops.headDistillationBackward(
      Ops.DistillationOutput(
        logProbabilities: losses[0], divergences: losses[1], entropies: losses[2]),
      hiddenGradient: dh, weightGradient: dw, hidden: hidden,
      weight: memory.matrix(problem.weight, columns: shape.size), targets: problem.targets,
      tokenWeights: problem.tokenWeights, teacher: teacher ?? own,
      loss: HeadDistillation(ratio: loss.ratio, temperature: loss.temperature),
      divergenceGradient: measures ? part : nil, scratch: scratch, teacherScratch: more)
    dw.pointer[0] -= 1
    return Found(
      losses: losses.map { $0.values(shape.tokens) }, hidden: dh.values, weight: dw.values,
      part: part.values)
  }

  private func compare(
    _ found: Found, _ expected: Problem.Expected, _ name: String, tolerance: Double = 5e-6
  ) {
    expectClose(found.losses[0], expected.logProbabilities, tolerance: 2e-6, name + " LM")
    expectClose(found.losses[1], expected.divergences, tolerance: 3e-6, name + " KL")
    expectClose(found.losses[2], expected.entropies, tolerance: 3e-6, name + " entropy")
    expectClose(found.hidden, expected.hidden, tolerance: tolerance, name + " dh")
    expectClose(found.weight, expected.weight, tolerance: 4 * tolerance, name + " dw")
    expectClose(found.part, expected.part, tolerance: tolerance, name + " part")
  }

  @Test(arguments: TaughtHead.all, losses) func matchesWholeSoftmaxes(shape: Shape, loss: Loss)
    throws
  {
    let problem = Problem(shape)
    let expected = problem.expected(loss)
    for ops in try everyOps() {
      compare(try run(problem, loss, ops), expected, ops.kernels.name)
    }
  }

  /// Entries that are no whole distribution, as draws are.
  @Test(arguments: TaughtHead.all, losses) func matchesWeightedTokens(shape: Shape, loss: Loss)
    throws
  {
    let problem = Problem(shape)
    var given = WeightedTokens(vocabulary: shape.teacherVocabulary)
    given.vocabulary = problem.shared
    for row in 0..<shape.tokens {
      for entry in 0..<min(3, problem.shared) {
        given.tokens.append(Int32((row * 5 + entry * 7) % problem.shared))
        given.weights.append(0.2 + 0.1 * Float(entry))
      }
      // 7 and the vocabulary may have a common factor.
      let range = given.offsets[row]..<given.tokens.count
      if Set(given.tokens[range]).count < range.count {
        given.tokens.removeLast(range.count - 1)
        given.weights.removeLast(range.count - 1)
      }
      given.offsets.append(given.tokens.count)
      given.entropies.append(0.25)
    }
    let expected = problem.expected(loss) { row in
      var weights = [Double](repeating: 0, count: problem.shared)
      for entry in given.entries(of: row) {
        weights[Int(given.tokens[entry])] = Double(given.weights[entry])
      }
      return (weights, 0.25)
    }
    var counted = expected
    for row in 0..<shape.tokens where problem.targets[row] < 0 { counted.entropies[row] = 0 }
    for ops in try everyOps() {
      compare(
        try run(problem, loss, ops, teacher: .tokens(given)), counted, ops.kernels.name)
    }
  }

  @Test func aTeacherLikeTheStudentPullsNowhere() throws {
    let problem = Problem(
      Shape(tokens: 9, size: 6, vocabulary: 40, teacherSize: 6, teacherVocabulary: 40))
    for ops in try everyOps() {
      let twin = HeadTeacher.head(
        hidden: memory.matrix(problem.hidden, columns: 6).operand,
        weight: memory.matrix(problem.weight, columns: 6).operand)
      let found = try run(problem, Loss(ratio: 1, temperature: 2), ops, teacher: twin)
      #expect(found.losses[1].allSatisfy { abs($0) < 1e-6 })
      #expect(found.hidden.allSatisfy { abs($0) < 1e-6 })
    }
  }

  @Test func ratioZeroIsThePlainLoss() throws {
    let problem = Problem(TaughtHead.all[3])
    let shape = problem.shape
    for ops in try everyOps() {
      let found = try run(problem, Loss(ratio: 0, temperature: 1), ops)
      var logProbabilities = [Float](repeating: 0, count: shape.tokens)
      let dh = memory.zeros(rows: shape.tokens, columns: shape.size)
      let dw = memory.zeros(rows: shape.vocabulary, columns: shape.size)
      let counted = zip(problem.targets, problem.tokenWeights).map { $0 < 0 ? 0 : $1 }
      try ops.headLossBackward(
        &logProbabilities, hiddenGradient: dh, weightGradient: dw,
        hidden: memory.matrix(problem.hidden, columns: shape.size).operand,
        weight: memory.matrix(problem.weight, columns: shape.size), targets: problem.targets,
        tokenWeights: counted,
        scratch: try Arena(
          byteCount: Ops.headBackwardScratch(
            tokens: shape.tokens, hidden: shape.size, vocabulary: shape.vocabulary)))
      expectClose(found.losses[0], doubles(logProbabilities), tolerance: 1e-6, "LM")
      expectClose(found.hidden, doubles(dh.values), tolerance: 2e-6, "dh")
      expectClose(found.weight, doubles(dw.values), tolerance: 2e-6, "dw")
    }
  }

  /// In bf16 the products round their factors: to about three digits the same.
  @Test(arguments: losses) func reducedPrecisionIsNear(loss: Loss) throws {
    let problem = Problem(
      Shape(tokens: 300, size: 24, vocabulary: 700, teacherSize: 8, teacherVocabulary: 640))
    let expected = problem.expected(loss)
    for ops in try everyOps() where ops.capability.multipliesBF16 {
      let found = try run(problem, loss, ops, precision: .bf16)
      expectClose(found.losses[0], expected.logProbabilities, tolerance: 2e-2, "LM")
      expectClose(found.losses[1], expected.divergences, tolerance: 2e-2, "KL")
      expectClose(found.hidden, expected.hidden, tolerance: 3e-2, "dh")
      expectClose(found.part, expected.part, tolerance: 3e-2, "part")
    }
  }

  @Test(arguments: [Precision.bf16, .int8]) func packedTeachersTeach(precision: Precision) throws {
    let shape = Shape(tokens: 40, size: 8, vocabulary: 150, teacherSize: 70, teacherVocabulary: 170)
    let problem = Problem(shape)
    let expected = problem.expected(Loss(ratio: 0.5, temperature: 2))
    for ops in try everyOps() {
      let weight = memory.panels(
        problem.teacherWeight, columns: shape.teacherSize, precision, ops
      ).operand
      let hidden = memory.rows(
        problem.teacherHidden, columns: shape.teacherSize, weight.inputPrecision, ops
      ).operand
      let found = try run(
        problem, Loss(ratio: 0.5, temperature: 2), ops,
        teacher: .head(hidden: hidden, weight: weight))
      expectClose(found.losses[1], expected.divergences, tolerance: 3e-2, "KL")
      expectClose(found.hidden, expected.hidden, tolerance: 5e-2, "dh")
    }
  }

  @Test(arguments: 1...6) func sameBitsForAnyNumberOfThreads(threads: Int) throws {
    let problem = Problem(
      Shape(tokens: 300, size: 20, vocabulary: 1200, teacherSize: 30, teacherVocabulary: 1100))
    let loss = Loss(ratio: 0.4, temperature: 1.5)
    for (one, many) in zip(try everyOps(threads: 1), try everyOps(threads: threads)) {
      let (a, b) = (try run(problem, loss, one), try run(problem, loss, many))
      #expect(a.losses == b.losses && a.hidden == b.hidden && a.weight == b.weight)
      #expect(a.part == b.part)
      // Measuring changes nothing.
      let c = try run(problem, loss, many, measures: false)
      #expect(a.losses == c.losses && a.hidden == c.hidden && a.weight == c.weight)
    }
  }

  @Test func aNotANumberIsNotLost() throws {
    var problem = Problem(TaughtHead.all[1])
    problem.targets = [0, 1, 2, 3, 4]
    for ops in try everyOps() {
      var hidden = problem.teacherHidden
      hidden[0] = .nan
      let teacher = HeadTeacher.head(
        hidden: memory.matrix(hidden, columns: 6).operand,
        weight: memory.matrix(problem.teacherWeight, columns: 6).operand)
      let found = try run(problem, Loss(ratio: 0.5, temperature: 1), ops, teacher: teacher)
      #expect(found.losses[1][0].isNaN && !found.losses[1][1].isNaN)
      #expect(found.hidden[0].isNaN)
    }
  }
}
