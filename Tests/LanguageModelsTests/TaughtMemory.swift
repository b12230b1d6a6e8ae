import LanguageModels
import TensorKit

/// Memory of one batch for a student, its teacher, and what both heads share.
struct TaughtMemory {
  let student: Workspace
  let teacher: Workspace
  let scratch: Arena

  init(
    _ student: any CausalLanguageModel, _ teacher: any CausalLanguageModel, tokens: Int,
    checkpoints: Bool
  ) throws {
    self.student = try Workspace(
      for: student, maximumTokens: tokens,
      purpose: checkpoints ? .checkpointedTraining : .training)
    self.teacher = try Workspace(for: teacher, maximumTokens: tokens, purpose: .scoring)
    scratch = try Arena(
      byteCount: Ops.distillationScratch(
        tokens: tokens, vocabulary: student.configuration.vocabularySize,
        precision: student.precision))
  }
}
