import LanguageModels
import Store
import TensorKit
import Testing

/// Whole continuations: as transformers generates them, whatever the batch and the threads.
@Suite struct GeneratorTests {
  private func generator(
    _ fixture: Fixture, _ sampling: SamplingSettings = .greedy, sequences: Int,
    newTokens: Int = 40, passTokens: Int = 512, threads: Int = 2, endOfText: [Int32]? = nil
  ) throws -> Generator {
    let model = try fixture.model(threads: threads)
    return try Generator(
      model: model, sampling: sampling, maximumNewTokens: newTokens, endOfText: endOfText,
      plan: DecodingPlan(
        configuration: model.configuration, sequences: sequences, capacity: 70 + newTokens,
        passTokens: passTokens, compute: model.compute))
  }

  private struct Case {
    var request: GenerationRequest
    var tokens: [Int32]
    var logProbabilities: [Float]
  }

  private func cases(_ fixture: Fixture) throws -> [Case] {
    let file = try Fixture.generation()
    return try (0..<4).map { index in
      let key = "greedy.\(fixture.name).\(index)."
      return Case(
        request: GenerationRequest(
          prompt: index, tokens: try file.values(of: key + "prompt", as: Int32.self)),
        tokens: try file.values(of: key + "tokens", as: Int32.self),
        logProbabilities: try file.values(of: key + "log_probabilities", as: Float.self))
    }
  }

  @Test(arguments: Fixture.all + Fixture.rotations + Fixture.windows, [512, 16])
  func greedyEqualsTransformers(_ fixture: Fixture, passTokens: Int) throws {
    let cases = try cases(fixture)
    let found = try #require(
      try generator(fixture, sequences: 4, passTokens: passTokens).run(cases.map(\.request)))
    for (one, expected) in zip(found, cases) {
      #expect(one.tokens == expected.tokens)
      #expect(
        zip(one.logProbabilities, expected.logProbabilities).allSatisfy { abs($0 - $1) < 1e-4 })
      #expect(one.stop == (expected.tokens.last == Fixture.endOfText ? .endOfText : .length))
      #expect(one.stop == .endOfText || one.tokens.count == 40)
    }
  }

  @Test(arguments: Fixture.all)
  func samplesDependOnSeedAndNumberOnly(_ fixture: Fixture) throws {
    let sampling = try SamplingSettings(temperature: 1.2, topK: 60, topP: 0.97, seed: 5)
    let requests = try cases(fixture).map(\.request).flatMap { request in
      (0..<2).map {
        GenerationRequest(prompt: request.prompt, sample: $0, tokens: request.tokens)
      }
    }
    let together = try #require(
      try generator(fixture, sampling, sequences: 8).run(requests))
    #expect(Set(together.map(\.tokens)).count == requests.count)
    for threads in [1, 5] {
      let again = try generator(fixture, sampling, sequences: 8, threads: threads).run(requests)
      #expect(again == together)
    }
    let alone = try generator(fixture, sampling, sequences: 1)
    for (request, expected) in zip(requests, together).reversed() {
      #expect(try alone.run([request])?.first?.tokens == expected.tokens)
    }
    let other = try SamplingSettings(temperature: 1.2, topK: 60, topP: 0.97, seed: 6)
    #expect(try generator(fixture, other, sequences: 8).run(requests) != together)
  }

  @Test func endedSequencesLeaveTheBatch() throws {
    let fixture = Fixture.all[0]
    let cases = try cases(fixture)
    let whole = try #require(
      try generator(fixture, sequences: 4, endOfText: []).run(cases.map(\.request)))
    #expect(whole.allSatisfy { $0.tokens.count == 40 && $0.stop == .length })
    // End each sequence at a token of its own.
    let ends = [whole[0].tokens[3], whole[2].tokens[11]]
    let found = try #require(
      try generator(fixture, sequences: 4, endOfText: ends).run(cases.map(\.request)))
    for (one, long) in zip(found, whole) {
      let end = long.tokens.firstIndex { ends.contains($0) }
      #expect(one.tokens == Array(long.tokens[...(end ?? 39)]))
      #expect(one.stop == (end == nil ? .length : .endOfText))
      #expect(one.logProbabilities.count == one.tokens.count)
    }
    #expect(found[0].tokens.count <= 4)
  }

  @Test func stopsWhenAsked() throws {
    let fixture = Fixture.all[3]
    let requests = try cases(fixture).map(\.request)
    let generator = try generator(fixture, sequences: 4, endOfText: [])
    var told = 0
    let stopped = try generator.run(requests) { _, _ in
      told += 1
      return told < 9
    }
    #expect(stopped == nil)
    #expect(told == 12)
    // The same generator starts afresh.
    let again = try generator.run(requests)
    #expect(again?.map(\.tokens.count) == [40, 40, 40, 40])
  }

  @Test func promptsThatCannotBeContinuedAreRefused() throws {
    let fixture = Fixture.all[0]
    let generator = try generator(fixture, sequences: 2, newTokens: 8)
    func refused(_ requests: [[Int32]]) {
      #expect(throws: ModelError.self) {
        try generator.run(
          requests.enumerated().map { GenerationRequest(prompt: $0, tokens: $1) })
      }
    }
    refused([[]])
    refused([[1], [99]])
    refused([[-1]])
    refused([[1], [1], [1]])
    refused([Array(repeating: 1, count: 72)])
    let longest = try generator.run(
      [GenerationRequest(prompt: 0, tokens: Array(repeating: 1, count: 71))])
    #expect(longest?.count == 1)
  }
}
