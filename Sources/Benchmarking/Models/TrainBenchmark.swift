import Corpus
import Foundation
import LanguageModels
public import TensorKit
import Training

/// Whole optimiser steps: forward, loss, backward, the gradient's norm and clipping, AdamW.
public enum TrainBenchmark {
  /// The precisions that can be trained in.
  public static let precisions: [Precision] = [.f32, .bf16]

  /// Measures steps of a `Trainer` on `work.batch` chunks, in one micro-batch.
  ///
  /// - Throws: `BenchmarkError` for work that has no meaning, `ModelError.memory` with the
  ///   tokens that would fit.
  public static func run(
    _ shape: BenchmarkShape, work: ModelWork, compute: Ops
  ) throws -> ModelMeasurement {
    try work.check()
    guard precisions.contains(work.precision) else {
      throw BenchmarkError.precision(work.precision, benchmark: "train", available: precisions)
    }
    try compute.require(work.precision, for: .training)
    let benchmark = ModelBenchmark(name: "train", shape: shape, work: work, compute: compute)
    let training = configuration(work)
    let purpose: WorkspacePurpose = work.checkpointsBlocks ? .checkpointedTraining : .training
    let tokens = work.batch * work.chunkLength
    let memory = try MemoryPlan.check(
      configuration: shape.configuration, maximumTokens: tokens, maximumSequences: work.batch,
      precision: work.precision, purpose: purpose, compute: compute,
      limitBytes: SystemMemory.available())
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("miniplm-bench-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try benchmark.measure(
      plannedBytes: memory.totalBytes,
      flopsPerToken: ProductCount.trainingPerToken(shape.configuration)
    ) {
      let model = try LanguageModel.make(
        shape.configuration, initialization: .values(RandomWeights(pool: compute.pool)),
        precision: work.precision, purpose: purpose, compute: compute)
      let workspace = try Workspace(
        for: model, maximumTokens: tokens, maximumSequences: work.batch, purpose: purpose)
      var loss = Double.nan
      let trainer = try Trainer(
        model: model, workspace: workspace, configuration: training,
        chunks: ChunkList(chunks: benchmark.chunks()), runFolder: folder
      ) { event in
        if case .step(let metrics) = event { loss = metrics.loss ?? .nan }
      }
      let timing = try Timing.measure(work.policy, begin: benchmark.resetProfile) {
        _ = try trainer.advance()
      }
      return (timing, loss)
    }
  }

  /// Common settings of the published method; the run has one step more than is taken, for the last
  /// one would write a checkpoint.
  private static func configuration(_ work: ModelWork) -> TrainingConfiguration {
    TrainingConfiguration(
      steps: work.policy.repeats + 2, chunksPerMicroBatch: work.batch, chunksPerStep: work.batch,
      chunkTokens: work.chunkLength + 1, endOfSequenceToken: nil, learningRate: 6e-4,
      minimumLearningRate: 6e-5, warmupSteps: 1, precision: work.precision)
  }
}
