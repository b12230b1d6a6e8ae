import LanguageModels
import TensorKit

/// What a trainer distills with: teacher, settings, and memory for the teacher's logits of one block.
struct Distilling {
  let settings: DistillationSettings
  let source: any DistillationSource
  let scratch: Arena

  /// Nil where the configuration has no teacher.
  ///
  /// - Throws: `TrainingError.invalidSetting` where only one of teacher and setting is given.
  init?(
    _ source: (any DistillationSource)?, _ configuration: TrainingConfiguration,
    _ student: any CausalLanguageModel
  ) throws {
    guard let settings = configuration.distillation else {
      if source == nil { return nil }
      throw TrainingError.invalidSetting(
        field: "distillation", found: "a teacher and no ratio", expected: "both")
    }
    guard let source else {
      throw TrainingError.invalidSetting(
        field: "distillation", found: "a ratio and no teacher", expected: "both")
    }
    self.settings = settings
    self.source = source
    scratch = try Arena(
      byteCount: Ops.distillationScratch(
        tokens: configuration.tokensPerMicroBatch,
        vocabulary: min(source.vocabularySize, student.configuration.vocabularySize),
        precision: student.precision))
  }

  /// Losses of a micro-batch, whose gradients are added to the student's.
  func losses(
    _ batch: PackedBatch, _ chunks: [Int], _ student: any CausalLanguageModel,
    _ workspace: Workspace, measuresGradients: Bool
  ) throws -> DistillationLosses {
    try source.withTarget(of: batch, chunks: chunks) { target in
      try student.distill(
        batch,
        DistillationRequest(
          target, loss: settings.loss, measuresGradients: measuresGradients, scratch: scratch),
        workspace: workspace)
    }
  }
}
