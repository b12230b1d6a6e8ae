import Corpus
import LanguageModels
import Store

extension Trainer {
  static let momentsName = "optimizer.safetensors"
  static let weightsName = "model.safetensors"

  /// Steps after which a checkpoint that the disk had no room for is tried again at the latest.
  private static let patience = 50

  /// Whether the present weights have the lowest held-out loss of those that were saved.
  var isBest: Bool {
    guard state.lastEvaluatedStep == state.step, let loss = state.lastHeldOutLoss else {
      return false
    }
    return state.best.map { loss < $0.heldOutLoss } ?? true
  }

  /// Writes a checkpoint in the middle of a run, which goes on where the disk has no room: the
  /// checkpoints before stand, and it is tried again.
  func saveOrGoOn() throws {
    do {
      try saveIfChanged()
    } catch let error as StoreError where error.isFailedWrite {
      let next = state.step + min(configuration.checkpointInterval, Self.patience)
      nextAttempt = next
      emit(
        .setback(
          step: state.step, what: "the checkpoint of step \(state.step)",
          reason: "\(error.message) Earlier checkpoints stand. "
            + whatFollowsFullDisk(nextAttempt: min(next, configuration.steps))))
      try answerFullDisk(error, what: "the checkpoint of step \(state.step)", again: saveIfChanged)
    }
  }

  /// Writes a checkpoint of the last completed step unless the newest one is of this very state.
  func saveIfChanged() throws {
    guard savedState != state else { return }
    // What was read since the last checkpoint is of the data that the run began with, or is given up.
    try requireUnchangedData()
    // The log first: a checkpoint must not know steps that the log could lose.
    try log?.sync()
    var newest = state
    if isBest, let loss = state.lastHeldOutLoss {
      newest.best = .init(step: state.step, heldOutLoss: loss)
    }
    let saved = try SavedRun(
      state: newest, plan: plan, configuration: configuration, dataFingerprint: dataFingerprint,
      data: dataDigest)
    var written = (path: "", bytes: 0)
    let duration = try ContinuousClock().measure {
      written = try checkpoints.write(
        step: state.step, keeping: configuration.retention, best: newest.best?.step
      ) { folder in
        try model.save(to: folder, tokenizerFolder: tokenizerFolder)
        try ParameterFile.writeMoments(
          of: model.parameters, to: folder + "/" + Self.momentsName)
        try saveRollout(to: folder)
        try JSONFile.write(saved, to: folder + "/" + SavedRun.fileName)
      }
    }
    state = newest
    savedState = newest
    nextAttempt = nil
    let record = CheckpointRecord(
      step: state.step, path: written.path, seconds: duration / .seconds(1), bytes: written.bytes)
    try note(.checkpoint(record))
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
    try restoreRollout(from: path, step: saved.state.step)
    var state = saved.state
    // Where it was damaged and set aside, the next one that is evaluated is the best.
    if let best = state.best, !Folder.exists(checkpoints.path(ofStep: best.step)) {
      state.best = nil
    }
    return state
  }

  /// Looks at every chunk that the run reads; false where a stop came first.
  func readData() throws -> Bool {
    dataDigest = try DataDigest(
      of: chunks, plan: plan,
      steps: policy?.plan.stepsRead(by: configuration.steps) ?? configuration.steps
    ) { done, count in
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
