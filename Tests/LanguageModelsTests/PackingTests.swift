import LanguageModels
import TensorKit
import Testing

/// A packed batch is its sequences, and threads change no bit.
@Suite struct PackingTests {
  @Test(arguments: Fixture.all)
  func packedEqualsSeparate(_ fixture: Fixture) throws {
    let model = try fixture.model()
    let batch = try fixture.batch()
    let workspace = try Workspace(
      for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
    let packed = try model.logProbabilities(batch, workspace: workspace)
    var separate: [Float] = []
    for chunk in try fixture.chunks() {
      let one = try PackedBatch(chunks: [chunk], endOfText: Fixture.endOfText, weighting: .sum)
      separate += try model.logProbabilities(one, workspace: workspace)
    }
    #expect(zip(packed, separate).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(packed.count == separate.count)
  }

  @Test(arguments: Fixture.all)
  func microBatchesAddUp(_ fixture: Fixture) throws {
    let batch = try fixture.batch()
    let whole = try fixture.model()
    let parts = try fixture.model()
    let chunks = try fixture.chunks()
    let workspace = try Workspace(
      for: whole, maximumTokens: batch.tokenCount, purpose: .training)
    _ = try whole.lossAndGradients(batch, workspace: workspace)
    for chunk in chunks {
      let part = try PackedBatch(
        chunks: [chunk], endOfText: Fixture.endOfText,
        weighting: .chunkMean(chunks: chunks.count))
      _ = try parts.lossAndGradients(part, workspace: workspace)
    }
    let one = try whole.parameters.copy(.gradients)
    let sum = try parts.parameters.copy(.gradients)
    let largest = one.map(abs).max() ?? 0
    #expect(largest > 0)
    #expect(zip(one, sum).allSatisfy { abs($0 - $1) < 1e-5 * largest })
  }

  @Test(arguments: Fixture.all)
  func threadsChangeNoBit(_ fixture: Fixture) throws {
    let batch = try fixture.batch()
    func bits(threads: Int) throws -> [UInt32] {
      let model = try fixture.model(threads: threads)
      let workspace = try Workspace(
        for: model, maximumTokens: batch.tokenCount, purpose: .training)
      let losses = try model.lossAndGradients(batch, workspace: workspace)
      return losses.map(\.bitPattern)
        + (try model.parameters.copy(.gradients)).map(\.bitPattern)
    }
    let one = try bits(threads: 1)
    #expect(try bits(threads: 2) == one)
    #expect(try bits(threads: 5) == one)
  }

  @Test func targetsAfterEndOfTextDoNotCount() throws {
    let batch = try PackedBatch(
      chunks: [[5, 3, 6, 7], [9], [4, 3]], endOfText: 3, weighting: .chunkMean(chunks: 2))
    #expect(batch.tokens == [5, 3, 6, 4])
    #expect(batch.targets == [3, -1, 7, 3])
    #expect(batch.weights == [0.25, 0, 0.25, 0.5])
    #expect(batch.sequenceOffsets == [0, 3, 4])
    #expect(batch.loss(of: [1, 100, 3, 5]) == 0.25 + 0.75 + 2.5)
  }

  @Test func windowsCountTheirTargetsAndRefuseForeignTokens() throws {
    let mask = LossMask(endOfText: 3)
    let cases: [(tokens: [Int32], length: Int, kept: Int, counted: Int)] = [
      ([5, 3, 6, 7], .max, 4, 2), ([5, 3, 6, 7], 3, 3, 1), ([5, 3, 6, 7], 2, 2, 1),
      ([5, 3, 6, 7], 1, 1, 0), ([5, 3, 6, 7], 0, 0, 0), ([3, 3], .max, 2, 0), ([3], .max, 1, 0),
      ([], .max, 0, 0),
    ]
    for (tokens, length, kept, counted) in cases {
      let window = try ChunkWindow(
        tokens, number: 1, length: length, mask: mask, vocabularySize: 8)
      #expect(window.tokens == tokens.prefix(kept))
      #expect(window.inputCount == max(0, kept - 1))
      #expect(window.countedTargets == counted)
      let unmasked = try ChunkWindow(
        tokens, number: 1, length: length, mask: .none, vocabularySize: 8)
      #expect(unmasked.countedTargets == window.inputCount)
    }
    for wrong in [8, -1, Int32.max, .min] {
      #expect(throws: ModelError.tokenOutOfRange(chunk: 9, token: Int(wrong), vocabularySize: 8)) {
        _ = try ChunkWindow([1, wrong, 2], number: 9, mask: mask, vocabularySize: 8)
      }
    }
    // What is cut off is not looked at.
    #expect(
      try ChunkWindow([1, 2, 99], number: 0, length: 2, mask: mask, vocabularySize: 8).tokens
        == [1, 2])
  }

  @Test func meanNLLIsMaskedAndSummedInDouble() {
    let mask = LossMask(endOfText: 0)
    let (nll, counted) = mask.meanNLL(
      tokens: [4, 0, 5, 6] as [Int32], logProbabilities: [-1, -9, -2.5])
    #expect(nll == 1.75 && counted == 2)
    let (none, zero) = mask.meanNLL(tokens: [0, 5] as [Int32], logProbabilities: [-1])
    #expect(none == 0 && zero == 0)
    #expect(LossMask.none.meanNLL(tokens: [0, 5] as [Int32], logProbabilities: [-1]) == (1, 1))
  }

  @Test func batchesThatDoNotFitAreRefused() throws {
    let fixture = Fixture.all[3]
    let model = try fixture.model()
    let batch = try fixture.batch()
    let small = try Workspace(for: model, maximumTokens: 8, purpose: .training)
    #expect(throws: ModelError.self) { try model.logProbabilities(batch, workspace: small) }
    let enough = try Workspace(
      for: model, maximumTokens: 128, maximumSequences: 2, purpose: .training)
    #expect(throws: ModelError.self) { try model.lossAndGradients(batch, workspace: enough) }
    let scoring = try Workspace(for: model, maximumTokens: 128, purpose: .scoring)
    #expect(throws: ModelError.self) { try model.lossAndGradients(batch, workspace: scoring) }
    for wrong: Int32 in [99, -1] {
      let foreign = PackedBatch(
        tokens: [wrong], targets: [1], weights: [1], sequenceOffsets: [0, 1])
      #expect(throws: ModelError.self) { try model.logProbabilities(foreign, workspace: scoring) }
    }
    // Windows of a larger vocabulary are looked at again.
    let larger = try PackedBatch(chunks: [[1, 99]], endOfText: nil, weighting: .sum)
    #expect(throws: ModelError.batch(found: "target 99", expected: "ids below 99")) {
      try model.logProbabilities(larger, workspace: scoring)
    }
    let other = try Workspace(for: Fixture.all[0].model(), maximumTokens: 128, purpose: .scoring)
    #expect(throws: ModelError.self) { try model.logProbabilities(batch, workspace: other) }
  }
}
