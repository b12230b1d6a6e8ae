import LanguageModels
import Store
import Testing

/// The same numbers as transformers and torch, on committed models of every family.
@Suite struct ParityTests {
  static let everyFixture =
    Fixture.all + Fixture.ownHeads + Fixture.rotations + Fixture.windows

  @Test(arguments: everyFixture)
  func logits(_ fixture: Fixture) throws {
    let model = try fixture.model()
    let batch = try fixture.batch()
    let workspace = try Workspace(
      for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
    let found = try model.logits(batch, workspace: workspace)
    let expected = try fixture.expected().values(of: "logits", as: Float.self)
    #expect(found.count == expected.count)
    let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst < 1e-4)
  }

  @Test(arguments: everyFixture)
  func losses(_ fixture: Fixture) throws {
    let model = try fixture.model()
    let expected = try fixture.expected()
    let chunkMean = try fixture.batch()
    let counted = try fixture.chunks().reduce(0) { sum, chunk in
      sum + chunk.dropLast().count { $0 != Fixture.endOfText }
    }
    let tokenMean = try fixture.batch(.tokenMean(countedTargets: counted))
    let workspace = try Workspace(
      for: model, maximumTokens: chunkMean.tokenCount, purpose: .scoring)
    let losses = try model.logProbabilities(chunkMean, workspace: workspace).map { 0 - $0 }
    for (name, batch) in [("loss_chunk_mean", chunkMean), ("loss_token_mean", tokenMean)] {
      let reference = try expected.values(of: name, as: Float.self)[0]
      #expect(abs(batch.loss(of: losses) - Double(reference)) < 1e-5, "\(name)")
    }
  }

  @Test(arguments: everyFixture)
  func gradients(_ fixture: Fixture) throws {
    let model = try fixture.model()
    let batch = try fixture.batch()
    let workspace = try Workspace(
      for: model, maximumTokens: batch.tokenCount, purpose: .training)
    let losses = try model.lossAndGradients(batch, workspace: workspace)
    let expected = try fixture.expected()
    let reference = try expected.values(of: "loss_chunk_mean", as: Float.self)[0]
    #expect(abs(batch.loss(of: losses) - Double(reference)) < 1e-5)
    for entry in model.parameters.table.entries where entry.tiedTo == nil {
      let values = try expected.values(of: "grad." + entry.name, as: Float.self)
      let found = try #require(try model.parameters.copy(of: entry.name, .gradients))
      #expect(found.count == values.count)
      let difference = norm(zip(found, values).map { $0 - $1 })
      #expect(difference < 1e-3 * norm(values) + 1e-7, "\(entry.name)")
      let largest = values.map(abs).max() ?? 0
      let worst = zip(found, values).map { abs($0 - $1) - 1e-3 * abs($1) }.max() ?? 0
      #expect(worst < 1e-4 * largest + 1e-7, "\(entry.name)")
    }
  }

  @Test(arguments: everyFixture)
  func tenOptimiserSteps(_ fixture: Fixture) throws {
    let model = try fixture.model()
    let batch = try fixture.batch()
    let workspace = try Workspace(
      for: model, maximumTokens: batch.tokenCount, purpose: .training)
    let expected = try fixture.expected().values(of: "losses", as: Float.self)
    let found = try ProbeOptimiser().run(model, batch, workspace: workspace, steps: 10)
    for (step, pair) in zip(found, expected).enumerated() {
      #expect(abs(pair.0 - Double(pair.1)) < 1e-4, "step \(step)")
    }
  }

  private func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
