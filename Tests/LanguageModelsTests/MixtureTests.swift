import Foundation
import LanguageModels
import Numerics
import TensorKit
import Testing

/// Tokens that a student and its teacher draw together.
@Suite struct MixtureTests {
  private let compute: Compute

  init() throws { compute = try Fixture.compute() }

  private func softmax(_ logits: ArraySlice<Float>, _ temperature: Double) -> [Double] {
    let values = logits.map { exp(Double($0) / temperature) }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }

  /// Draws of one row, counted, against the mixture's exact probabilities: a chi-squared statistic that
  /// exceeds its mean by six deviations has a chance below one in ten million.
  @Test(arguments: [0, 0.2, 0.7, 1], [1.0, 0.6])
  func drawsHaveTheProbabilitiesOfTheMixture(share: Double, temperature: Double) throws {
    // Two blocks of the vocabulary, of which the student has more columns.
    let (columns, own) = (1100, 1150)
    var random = RandomSource(seed: 4)
    var student = (0..<own).map { _ in Float(random.normal()) }
    let teacher = (0..<columns).map { _ in Float(2 * random.normal()) }
    student[1120] = 30
    let sampler = MixedTokenSampler(
      share: share, temperature: temperature, columns: columns, compute: compute)
    let rows = 500
    let rounds = 400
    let many = Array(repeating: student, count: rows).flatMap { $0 }
    let others = Array(repeating: teacher, count: rows).flatMap { $0 }
    var streams = (0..<rows).map { RandomSource(seed: 9).split("row \($0)") }
    var counts = [Int](repeating: 0, count: columns)
    var logProbabilities = [Float](repeating: 0, count: columns)
    var (a, b) = (many, others)
    try a.withUnsafeMutableBufferPointer { a in
      try b.withUnsafeMutableBufferPointer { b in
        let first = Matrix(try #require(a.baseAddress), rows: rows, columns: own)
        let second = Matrix(try #require(b.baseAddress), rows: rows, columns: columns)
        for _ in 0..<rounds {
          let choices = try sampler.choose(
            first, others: share > 0 ? second : nil, streams: &streams)
          for choice in choices {
            counts[Int(choice.token)] += 1
            logProbabilities[Int(choice.token)] = choice.logProbability
          }
        }
      }
    }
    let q = softmax(student[..<columns], temperature)
    let p = softmax(teacher[...], temperature)
    let draws = Double(rows * rounds)
    // Rare tokens are counted together.
    var (statistic, cells) = (0.0, 0)
    var rest = (expected: 0.0, found: 0)
    for token in 0..<columns {
      let expected = draws * ((1 - share) * q[token] + share * p[token])
      if expected < 8 {
        rest = (rest.expected + expected, rest.found + counts[token])
        continue
      }
      statistic += pow(Double(counts[token]) - expected, 2) / expected
      cells += 1
    }
    if rest.expected > 0 {
      statistic += pow(Double(rest.found) - rest.expected, 2) / max(rest.expected, 1)
      cells += 1
    }
    let freedom = Double(cells - 1)
    #expect(cells > 100)
    #expect(statistic < freedom + 6 * (2 * freedom).squareRoot(), "\(statistic) of \(freedom)")
    for token in 0..<columns where counts[token] > 0 {
      let gap: Double = abs(Double(logProbabilities[token]) - log(q[token]))
      #expect(gap < 1e-4)
    }
  }

  /// Batches and neighbours change no token; a share of 0 draws as the student does by itself.
  @Test func sequencesDrawFromStreamsOfTheirOwn() throws {
    let folder = (Bundle.module.resourcePath ?? ".") + "/Fixtures/distillation/qwen2-larger-teacher"
    let student = try LanguageModel.load(folder: folder + "/student", compute: compute)
    let teacher = try LanguageModel.load(
      folder: folder + "/teacher", purpose: .scoring, compute: compute)
    func run(_ batch: Int, share: Double?) throws -> [[Int32]] {
      func plan(_ model: any CausalLanguageModel) -> DecodingPlan {
        DecodingPlan(
          configuration: model.configuration, sequences: batch, capacity: 24, compute: compute)
      }
      let generator = try Generator(
        model: student, sampling: SamplingSettings(temperature: 1, seed: 5), maximumNewTokens: 10,
        plan: plan(student),
        mixture: try share.map {
          try GeneratorMixture(
            teacher: teacher, share: $0, temperature: 1,
            vocabularySize: student.configuration.vocabularySize, plan: plan(teacher))
        })
      let requests = (0..<7).map {
        GenerationRequest(prompt: $0, sample: 2, tokens: (0..<3 + $0).map { Int32(4 + $0) })
      }
      var tokens: [[Int32]] = []
      for first in stride(from: 0, to: requests.count, by: batch) {
        let part = Array(requests[first..<min(first + batch, requests.count)])
        tokens += try #require(try generator.run(part)).map(\.tokens)
      }
      return tokens
    }
    let mixed = try run(7, share: 0.3)
    #expect(try run(1, share: 0.3) == mixed)
    #expect(try run(3, share: 0.3) == mixed)
    #expect(try run(7, share: 0.6) != mixed)
    #expect(try run(7, share: 0) == run(7, share: nil))
  }
}
