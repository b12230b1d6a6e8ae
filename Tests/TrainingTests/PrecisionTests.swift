import Foundation
import LanguageModels
import Numerics
import Store
import TensorKit
import Testing
import Training

/// Precision and block checkpointing as settings of a run.
@Suite struct PrecisionTests {
  private func trainer(
    _ family: Tiny.Family, _ settings: TrainingConfiguration, made precision: Precision? = nil,
    in folder: String
  ) throws -> Trainer {
    let model = try LanguageModel.make(
      Tiny.configuration(family), initialization: .seeded(RandomSource(seed: 5)),
      precision: precision ?? settings.precision, compute: Tiny.compute())
    return try Trainer(
      model: model, workspace: try settings.makeWorkspace(for: model), configuration: settings,
      chunks: Tiny.chunks(20), heldOut: Tiny.heldOut(settings), runFolder: folder)
  }

  static var precisions: [Precision] { ProductCapability.present.trainingPrecisions }

  @Test(arguments: Tiny.Family.allCases, precisions)
  func checkpointedBlocksComputeTheSameBits(family: Tiny.Family, precision: Precision) throws {
    var settings = Tiny.settings(steps: 5)
    settings.precision = precision
    var runs: [(bits: [UInt32], gradients: [UInt32], facts: [String])] = []
    for checkpointBlocks in [false, true] {
      settings.checkpointBlocks = checkpointBlocks
      let folder = try TemporaryFolder()
      let trainer = try trainer(family, settings, in: folder.path)
      #expect(
        trainer.configuration.purpose == (checkpointBlocks ? .checkpointedTraining : .training))
      #expect(try trainer.run() == .finished)
      runs.append(
        (
          try Tiny.bits(trainer.model),
          try trainer.model.parameters.values(.gradients).map(\.bitPattern),
          try Tiny.facts(folder.path)
        ))
    }
    #expect(runs[0].bits == runs[1].bits)
    #expect(runs[0].gradients == runs[1].gradients)
    #expect(runs[0].facts == runs[1].facts)
  }

  @Test(.enabled(if: ProductCapability.present.multipliesBF16))
  func mixedPrecisionLearnsLikeF32AndIsSavedInF32() throws {
    var losses: [Double] = []
    for precision in [Precision.f32, .bf16] {
      var settings = Tiny.settings(steps: 30)
      settings.precision = precision
      let folder = try TemporaryFolder()
      let trainer = try trainer(.qwen2, settings, in: folder.path)
      #expect(try trainer.run() == .finished)
      let evaluations = try MetricsLog.read(runFolder: folder.path).compactMap { record in
        if case .evaluation(let record) = record { record.losses.all.chunkMean } else { nil }
      }
      losses.append(try #require(evaluations.last))
    }
    #expect(losses[0] != losses[1])
    #expect(abs(losses[0] - losses[1]) < 0.05)
  }

  @Test(.enabled(if: ProductCapability.present.multipliesBF16))
  func goingOnInAnotherPrecisionIsRefused() throws {
    let folder = try TemporaryFolder()
    #expect(try trainer(.mamba, Tiny.settings(steps: 3), in: folder.path).run() == .finished)
    var other = Tiny.settings(steps: 3)
    other.precision = .bf16
    #expect(
      throws: TrainingError.configurationChanged(
        field: "precision", found: "bf16", expected: "f32")
    ) { try trainer(.mamba, other, in: folder.path).run() }
    // How activations are kept decides no bit: this goes on.
    var checkpointed = Tiny.settings(steps: 3)
    checkpointed.checkpointBlocks = true
    #expect(try trainer(.mamba, checkpointed, in: folder.path).run() == .finished)
  }

  @Test func modelAndSettingsMustAgree() throws {
    let folder = try TemporaryFolder()
    var settings = Tiny.settings(steps: 3)
    settings.precision = .bf16
    #expect(
      throws: TrainingError.invalidSetting(
        field: "precision", found: "bf16", expected: "f32, in which the model was made")
    ) { try trainer(.mamba, settings, made: .f32, in: folder.path) }
    settings.precision = .int8
    #expect(
      throws: TrainingError.invalidSetting(
        field: "precision", found: "int8", expected: "f32 or bf16")
    ) { try settings.validate() }
  }

  @Test func olderFilesReadWithDefaults() throws {
    var settings = Tiny.settings(steps: 3)
    settings.precision = .bf16
    settings.checkpointBlocks = true
    settings.tokenBudget = 77
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(TrainingConfiguration.self, from: data) == settings)
    var object = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    object.removeValue(forKey: "precision")
    object.removeValue(forKey: "checkpointBlocks")
    settings.precision = .f32
    settings.checkpointBlocks = false
    let older = try JSONSerialization.data(withJSONObject: object)
    #expect(try JSONDecoder().decode(TrainingConfiguration.self, from: older) == settings)
  }

  @Test func checkpointingIsNamedWhereItWouldFit() throws {
    let compute = try Tiny.compute()
    let model = try Tiny.configuration(.qwen2)
    var settings = Tiny.settings(steps: 1)
    settings.chunksPerStep = 64
    settings.chunksPerMicroBatch = 64
    settings.checkpointBlocks = true
    let limit = TrainingMemory(model: model, training: settings, compute: compute).totalBytes
    settings.checkpointBlocks = false
    do {
      _ = try TrainingMemory.check(
        model: model, training: settings, compute: compute, limitBytes: limit)
      Issue.record("accepted")
    } catch {
      guard case .doesNotFit(_, limit, 64, let fitting?, checkpointedChunks: 64) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(fitting < 64)
      #expect(
        error.hint
          == "Use a micro-batch of \(fitting) (--micro-batch \(fitting)), or checkpoint blocks "
          + "(--checkpoint-blocks), with which it fits.")
      settings.chunksPerMicroBatch = fitting
      _ = try TrainingMemory.check(
        model: model, training: settings, compute: compute, limitBytes: limit)
    }
  }
}
