import Corpus
import LanguageModels
import Store

extension Trainer {
  static let momentsName = "optimizer.safetensors"
  static let weightsName = "model.safetensors"

  /// Writes a checkpoint of the last completed step unless the newest one is of this very state.
  func saveIfChanged() throws {
    guard savedState != state else { return }
    // What was read since the last checkpoint is of the data that the run began with, or is given up.
    try requireUnchangedData()
    // The log first: a checkpoint must not know steps that the log could lose.
    try log?.sync()
    let saved = try SavedRun(
      state: state, plan: plan, configuration: configuration, dataFingerprint: dataFingerprint,
      data: dataDigest)
    var written = (path: "", bytes: 0)
    let duration = try ContinuousClock().measure {
      written = try checkpoints.write(step: state.step, keeping: configuration.checkpointsKept) {
        folder in
        try model.save(to: folder, tokenizerFolder: tokenizerFolder)
        try ParameterFile.writeMoments(
          of: model.parameters, to: folder + "/" + Self.momentsName)
        try JSONFile.write(saved, to: folder + "/" + SavedRun.fileName)
      }
    }
    savedState = state
    let record = CheckpointRecord(
      step: state.step, path: written.path, seconds: duration / .seconds(1), bytes: written.bytes)
    try log?.append(.checkpoint(record))
    emit(.checkpoint(record))
  }

  /// Loads weights, moments and state of a checkpoint.
  ///
  /// - Throws: `TrainingError.configurationChanged` or `.dataChanged` when it is of another run.
  func restore(from path: String) throws -> TrainingState {
    let saved = try JSONFile.read(SavedRun.self, from: path + "/" + SavedRun.fileName)
    try saved.requireContinued(
      by: configuration, plan: plan, dataFingerprint: dataFingerprint, data: dataDigest)
    try ParameterFile.readWeights(from: path + "/" + Self.weightsName, into: model.parameters)
    try ParameterFile.readMoments(from: path + "/" + Self.momentsName, into: model.parameters)
    return saved.state
  }

  /// Looks at every chunk that the run reads; false where a stop came first.
  func readData() throws -> Bool {
    dataDigest = try DataDigest(of: chunks, plan: plan, steps: configuration.steps) { done, count in
      emit(.readingData(chunksDone: done, chunkCount: count))
      return !control.isStopped
    }
    return dataDigest != nil
  }

  /// Ends a run whose training or held-out data have changed since they were opened: there is no
  /// corpus that its next weights or losses would be of.
  ///
  /// - Throws: `TrainingError.dataChangedMeanwhile`.
  func requireUnchangedData() throws {
    do {
      try chunks.requireUnchanged()
      try heldOut?.chunks.requireUnchanged()
    } catch let error as any ActionableError {
      throw TrainingError.dataChangedMeanwhile(
        reason: error.message, step: state.step, savedStep: savedState?.step)
    }
  }
}
