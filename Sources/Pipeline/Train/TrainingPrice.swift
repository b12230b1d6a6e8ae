import LanguageModels
public import Training

/// What a training computes for each input token of its corpus, by the one account: floating-point
/// operations of student and teacher together.
public enum TrainingPrice {
  /// Of a training that is planned.
  ///
  /// - Throws: what reading a teacher's folder throws.
  public static func operationsPerToken(
    of start: TrainingStart, _ training: TrainingConfiguration, teacher: TrainingTeacher? = nil
  ) throws -> Double {
    let length = max(1, training.chunkTokens - 1)
    let priced = try teacher?.priced(training, length: length) ?? training
    return ofSteps(try start.configuration(), priced, length: length)
  }

  /// Of a run that has a checkpoint; nil without one.
  ///
  /// - Throws: `StoreError`, `ModelError`.
  public static func operationsPerToken(runFolder: String) throws -> Double? {
    guard let checkpoint = try CheckpointStore.newest(runFolder: runFolder),
      let training = CheckpointStore.recordedConfiguration(runFolder: runFolder)
    else { return nil }
    return ofSteps(
      try ModelFolder(checkpoint).statedConfiguration(), training,
      length: max(1, training.chunkTokens - 1))
  }

  /// Of as many steps as one rollout serves, where there are rollouts.
  private static func ofSteps(
    _ model: ModelConfiguration, _ training: TrainingConfiguration, length: Int
  ) -> Double {
    let steps = training.minillm?.steps(ofRollout: training) ?? 1
    let tokens = Double(steps * training.chunksPerStep * length)
    var account = ComputeAccount()
    account.add(
      training, of: ModelOperations(model), steps: steps, textTokens: tokens, length: length)
    return account.total / max(1, tokens)
  }
}
