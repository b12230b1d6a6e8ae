import LanguageModels
import Numerics
import TensorKit
import Testing

/// Reduced precision against f32 of the same weights, and block checkpointing against none.
@Suite struct PrecisionTests {
  /// Processors that multiply bf16 and those that only read it.
  private static let cases =
    Precision.allCases.map { ($0, ProductCapability(multipliesBF16: false, name: "lesser")) }
    + (ProductCapability.present.multipliesBF16 ? [(.bf16, .present)] : [])

  private func logProbabilities(
    _ model: any CausalLanguageModel, _ batch: PackedBatch
  ) throws -> [Float] {
    let workspace = try Workspace(
      for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
    return try model.logProbabilities(batch, workspace: workspace)
  }

  @Test(arguments: Fixture.all, cases)
  func scoringIsNearF32(
    _ fixture: Fixture, _ kind: (precision: Precision, capability: ProductCapability)
  ) throws {
    let precision = kind.precision
    let batch = try fixture.batch()
    let exact = try logProbabilities(fixture.model(), batch)
    let model = try LanguageModel.load(
      folder: fixture.folder, precision: precision, purpose: .scoring,
      compute: Fixture.compute(capability: kind.capability))
    #expect(model.precision == precision)
    let found = try logProbabilities(model, batch)
    // Rounding to 8 bits of mantissa, or to 7 bits and a sign, in every product of small models.
    let tolerance: Float = precision == .f32 ? 0 : precision == .bf16 ? 0.06 : 0.15
    let worst = zip(found, exact).map { abs($0 - $1) }.max() ?? .nan
    #expect(worst <= tolerance)
    // A model that ignored its weights would be near neither.
    let mean = exact.reduce(0, +) / Float(exact.count)
    let spread = exact.map { abs($0 - mean) }.max() ?? 0
    #expect(worst < 0.2 * spread)
  }

  @Test(arguments: Fixture.all, cases)
  func sameBitsForAnyNumberOfThreads(
    _ fixture: Fixture, _ kind: (precision: Precision, capability: ProductCapability)
  ) throws {
    let batch = try fixture.batch()
    func run(_ threads: Int) throws -> [Float] {
      try logProbabilities(
        LanguageModel.load(
          folder: fixture.folder, precision: kind.precision, purpose: .scoring,
          compute: Fixture.compute(threads: threads, capability: kind.capability)), batch)
    }
    let one = try run(1)
    for threads in [2, 3, 8] { #expect(try run(threads) == one) }
  }

  @Test(.enabled(if: ProductCapability.present.multipliesBF16), arguments: Fixture.all)
  func mixedGradientsAreNearF32(_ fixture: Fixture) throws {
    let batch = try fixture.batch()
    func gradients(_ precision: Precision) throws -> (Double, any CausalLanguageModel) {
      let model = try LanguageModel.load(
        folder: fixture.folder, precision: precision, compute: Fixture.compute())
      let workspace = try Workspace(
        for: model, maximumTokens: batch.tokenCount, purpose: .training)
      return (batch.loss(of: try model.lossAndGradients(batch, workspace: workspace)), model)
    }
    let (exactLoss, exact) = try gradients(.f32)
    let (loss, mixed) = try gradients(.bf16)
    #expect(abs(loss - exactLoss) < 0.02 && loss != exactLoss)
    // The masters stay exact.
    #expect(try mixed.parameters.copy(.weights) == exact.parameters.copy(.weights))
    var errors: [Double] = []
    for entry in exact.parameters.table.entries where entry.tiedTo == nil {
      let expected = try #require(try exact.parameters.copy(of: entry.name, .gradients))
      let found = try #require(try mixed.parameters.copy(of: entry.name, .gradients))
      let difference = norm(zip(found, expected).map { $0 - $1 })
      // Sums that cancel, as a key's bias, lie farthest off.
      #expect(difference < 0.06 * norm(expected) + 1e-6, "\(entry.name)")
      errors.append(difference / (norm(expected) + 1e-6))
    }
    #expect(errors.reduce(0, +) < 0.02 * Double(errors.count))
  }

  @Test(arguments: Fixture.all)
  func checkpointedBlocksGiveTheSameBits(_ fixture: Fixture) throws {
    let batch = try fixture.batch()
    func run(_ purpose: WorkspacePurpose) throws -> ([Float], [Float], Int) {
      let model = try fixture.model()
      let workspace = try Workspace(
        for: model, maximumTokens: batch.tokenCount, purpose: purpose)
      let losses = try model.lossAndGradients(batch, workspace: workspace)
      let plan = MemoryPlan(
        configuration: model.configuration, maximumTokens: 4096, purpose: purpose,
        compute: model.compute)
      return (losses, try model.parameters.copy(.gradients), plan.activationBytes)
    }
    let (losses, gradients, bytes) = try run(.training)
    let (again, recomputed, fewer) = try run(.checkpointedTraining)
    #expect(again == losses)
    #expect(recomputed == gradients)
    #expect(fewer < bytes)
  }

  @Test func whatAPrecisionCannotDoIsSaid() throws {
    let folder = Fixture.all[0].folder
    #expect {
      _ = try LanguageModel.load(
        folder: folder, precision: .int8, purpose: .training, compute: Fixture.compute())
    } throws: { error in
      (error as? ModelError)?.message.contains("int8") == true
    }
    #expect {
      _ = try LanguageModel.load(
        folder: folder, precision: .bf16, purpose: .training,
        compute: Fixture.compute(capability: .init(multipliesBF16: false, name: "avx2")))
    } throws: { error in
      (error as? ModelError)?.message.contains("AVX-512 BF16") == true
    }
    let batch = try Fixture.all[0].batch()
    let scoring = try LanguageModel.load(
      folder: folder, precision: .bf16, purpose: .scoring, compute: Fixture.compute())
    let workspace = try Workspace(
      for: scoring, maximumTokens: batch.tokenCount, purpose: .training)
    #expect(throws: ModelError.self) {
      _ = try scoring.lossAndGradients(batch, workspace: workspace)
    }
    let exact = try Fixture.all[0].model()
    #expect(throws: ModelError.self) {
      _ = try exact.logProbabilities(batch, workspace: workspace)
    }
    #expect(throws: ModelError.self) { try scoring.save(to: folder + "-copy") }
  }

  private func norm(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
  }
}
