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
      let one = PackedBatch(chunks: [chunk], endOfText: Fixture.endOfText, weighting: .sum)
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
      let part = PackedBatch(
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

  @Test func targetsAfterEndOfTextDoNotCount() {
    let batch = PackedBatch(
      chunks: [[5, 3, 6, 7], [9], [4, 3]], endOfText: 3, weighting: .chunkMean(chunks: 2))
    #expect(batch.tokens == [5, 3, 6, 4])
    #expect(batch.targets == [3, -1, 7, 3])
    #expect(batch.weights == [0.25, 0, 0.25, 0.5])
    #expect(batch.sequenceOffsets == [0, 3, 4])
    #expect(batch.loss(of: [1, 100, 3, 5]) == 0.25 + 0.75 + 2.5)
    #expect(batch.sequenceMeans(of: [1, 100, 3, 5]) == [2, 5])
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
    var foreign = batch
    foreign.tokens[0] = 99
    #expect(throws: ModelError.self) { try model.logProbabilities(foreign, workspace: scoring) }
    foreign.tokens[0] = -1
    #expect(throws: ModelError.self) { try model.logProbabilities(foreign, workspace: scoring) }
    let other = try Workspace(for: Fixture.all[0].model(), maximumTokens: 128, purpose: .scoring)
    #expect(throws: ModelError.self) { try model.logProbabilities(batch, workspace: other) }
  }
}
