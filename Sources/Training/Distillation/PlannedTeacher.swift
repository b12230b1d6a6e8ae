public import LanguageModels
public import TensorKit

/// A teacher of which only the size is known.
public enum PlannedTeacher: Sendable {
  /// One that computes beside the student.
  case model(ModelConfiguration, Precision)
  /// Kept distributions over so many tokens.
  case cache(vocabularySize: Int)

  private var vocabularySize: Int {
    switch self {
    case .model(let configuration, _): configuration.vocabularySize
    case .cache(let vocabularySize): vocabularySize
    }
  }

  /// What it adds to the memory of a run.
  func bytes(
    _ training: TrainingConfiguration, student: ModelConfiguration, _ compute: Compute
  ) -> Int {
    let logits = Ops.distillationScratch(
      tokens: training.tokensPerMicroBatch,
      vocabulary: min(vocabularySize, student.vocabularySize), precision: training.precision)
    guard case .model(let configuration, let precision) = self else { return logits }
    return logits
      + MemoryPlan(
        configuration: configuration, maximumTokens: training.tokensPerMicroBatch,
        maximumSequences: training.chunksPerMicroBatch, precision: precision, purpose: .scoring,
        compute: compute
      ).totalBytes
      + rolloutBytes(
        training, [(student, training.precision), (configuration, precision)], compute)
  }

  /// What both models keep of the sequences that are sampled together.
  private func rolloutBytes(
    _ training: TrainingConfiguration, _ models: [(ModelConfiguration, Precision)],
    _ compute: Compute
  ) -> Int {
    guard let settings = training.minillm else { return 0 }
    return models.reduce(0) { sum, model in
      let plan = settings.decodingPlan(model.0, precision: model.1, compute: compute)
      return sum + plan.cacheBytes + plan.activationBytes
    }
  }
}
