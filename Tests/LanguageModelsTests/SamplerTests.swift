import Foundation
import LanguageModels
import Numerics
import Store
import TensorKit
import Testing

/// The same tokens as transformers' warpers leave, and draws with the right frequencies.
@Suite struct SamplerTests {
  private func sampler(
    temperature: Double = 1, topK: Int? = nil, topP: Double = 1
  ) throws -> TokenSampler {
    TokenSampler(
      try SamplingSettings(temperature: temperature, topK: topK, topP: topP),
      compute: try Fixture.compute())
  }

  @Test func filtersEqualThoseOfTransformers() throws {
    let file = try Fixture.generation()
    let vocabulary = 131
    let logits = try file.values(of: "filters.logits", as: Float.self)
    let settings = try file.values(of: "filters.settings", as: Float.self)
    let expected = try file.values(of: "filters.probabilities", as: Float.self)
    let rows = logits.count / vocabulary
    #expect(expected.count == settings.count / 3 * logits.count)
    for index in 0..<settings.count / 3 {
      let values = settings[3 * index..<3 * index + 3].map(Double.init)
      let sampler = try sampler(
        temperature: values[0], topK: values[1] == 0 ? nil : Int(values[1]),
        topP: (values[2] * 1e4).rounded() / 1e4)
      for row in 0..<rows {
        var found = [Double](repeating: 0, count: vocabulary)
        let place = row * vocabulary
        for one in sampler.candidates(Array(logits[place..<place + vocabulary])) {
          found[Int(one.token)] = one.probability
        }
        let start = (index * rows + row) * vocabulary
        var reference = Array(expected[start..<start + vocabulary])
        if row == 2 {
          // The row with ties: torch leaves open which of them its sort puts first.
          found.sort()
          reference.sort()
        }
        for (token, (mine, theirs)) in zip(found, reference).enumerated() {
          #expect((mine > 0) == (theirs > 0), "\(values), row \(row), token \(token)")
          #expect(abs(mine - Double(theirs)) < 1e-6, "\(values), row \(row), token \(token)")
        }
      }
    }
  }

  @Test func tiesAtTheBorder() throws {
    let logits: [Float] = [0, 2, 1, 2, 1, 1, -3]
    func kept(_ topK: Int?, _ topP: Double) throws -> [Int32] {
      try sampler(topK: topK, topP: topP).candidates(logits).map(\.token)
    }
    // Top-k keeps all that equal the last, top-p the higher ids first.
    #expect(try kept(1, 1) == [1, 3])
    #expect(try kept(3, 1) == [1, 2, 3, 4, 5])
    #expect(try kept(nil, 0.1) == [3])
    #expect(try kept(nil, 0.5) == [1, 3])
    #expect(try kept(nil, 0.65) == [1, 3, 5])
    #expect(try kept(nil, 0.75) == [1, 3, 4, 5])
    #expect(try kept(3, 0.99) == [1, 2, 3, 4, 5])
  }

  /// Chi-square against the exact probabilities, 99.9 % quantiles; the seed is fixed.
  @Test(
    arguments: [
      (1.0, nil, 1.0), (0.6, nil, 1.0), (1.0, 4, 1.0), (1.5, nil, 0.8), (0.9, 6, 0.9),
    ] as [(Double, Int?, Double)])
  func drawsHaveTheRightFrequencies(temperature: Double, topK: Int?, topP: Double) throws {
    let sampler = try sampler(temperature: temperature, topK: topK, topP: topP)
    let logits: [Float] = [0.3, 2.1, -1, 1.7, 0.9, -0.2, 1.2, 0.1]
    let candidates = sampler.candidates(logits)
    let draws = 40_000
    var counts = [Int](repeating: 0, count: logits.count)
    var memory = logits
    var streams = [RandomSource(seed: 11)]
    try memory.withUnsafeMutableBufferPointer { memory in
      let row = Matrix(try #require(memory.baseAddress), rows: 1, columns: logits.count)
      for _ in 0..<draws {
        counts[Int(try sampler.choose(row, streams: &streams)[0].token)] += 1
      }
    }
    var chiSquare = 0.0
    for one in candidates {
      let expected = one.probability * Double(draws)
      let difference = Double(counts[Int(one.token)]) - expected
      chiSquare += difference * difference / expected
      counts[Int(one.token)] = 0
    }
    #expect(counts.allSatisfy { $0 == 0 })
    let quantiles = [10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32]
    #expect(candidates.count >= 2)
    #expect(chiSquare < quantiles[candidates.count - 2])
    #expect(chiSquare > 0.05)
  }

  /// A vocabulary of many blocks: every draw lands where the exact distribution function says.
  @Test func drawsFollowTheDistributionFunction() throws {
    let vocabulary = 5000
    var source = RandomSource(seed: 2)
    var logits = (0..<vocabulary).map { _ in Float(source.normal()) }
    let sampler = try sampler()
    let probabilities = logits.map { exp(Double($0)) }
    let total = probabilities.reduce(0, +)
    var streams = [RandomSource(seed: 4)]
    var numbers = RandomSource(seed: 4)
    try logits.withUnsafeMutableBufferPointer { memory in
      let row = Matrix(try #require(memory.baseAddress), rows: 1, columns: vocabulary)
      for _ in 0..<300 {
        let choice = try sampler.choose(row, streams: &streams)[0]
        let place = numbers.uniform()
        let below = probabilities[..<Int(choice.token)].reduce(0, +) / total
        let share = probabilities[Int(choice.token)] / total
        #expect(place > below - 1e-6 && place < below + share + 1e-6)
        #expect(abs(Double(choice.logProbability) - log(share)) < 1e-5)
      }
    }
  }

  @Test func greedyTakesTheFirstOfTheGreatest() throws {
    var logits: [Float] = [1, 5, 2, 5, -1]
    var streams = [RandomSource(seed: 1)]
    let sampler = TokenSampler(.greedy, compute: try Fixture.compute())
    try logits.withUnsafeMutableBufferPointer { memory in
      let row = Matrix(try #require(memory.baseAddress), rows: 1, columns: 5)
      let choice = try sampler.choose(row, streams: &streams)[0]
      #expect(choice.token == 1)
      let sum = [1, 5, 2, 5, -1].map { exp($0 - 5.0) }.reduce(0, +)
      #expect(abs(Double(choice.logProbability) + log(sum)) < 1e-6)
    }
    #expect(streams[0] == RandomSource(seed: 1))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func brokenLogitsAreRefused(
    value: Float
  ) throws {
    for settings in [try SamplingSettings(), .greedy, try SamplingSettings(topK: 2, topP: 0.5)] {
      let sampler = TokenSampler(settings, compute: try Fixture.compute())
      var logits = [Float](repeating: value, count: 40)
      if value.isNaN { logits[0] = 1 }
      var streams = [RandomSource(seed: 1)]
      try logits.withUnsafeMutableBufferPointer { memory in
        let row = Matrix(try #require(memory.baseAddress), rows: 1, columns: 40)
        #expect(throws: ModelError.logitsNotFinite) {
          try sampler.choose(row, streams: &streams)
        }
      }
    }
  }

  @Test func settingsOutOfRangeAreRefused() {
    for (temperature, topK, topP) in [
      (-1, nil, 1), (.nan, nil, 1), (.infinity, nil, 1), (1, 0, 1), (1, -3, 1), (1, nil, 0),
      (1, nil, 1.1), (1, nil, .nan),
    ] as [(Double, Int?, Double)] {
      #expect(throws: ModelError.self) {
        try SamplingSettings(temperature: temperature, topK: topK, topP: topP)
      }
    }
  }
}
