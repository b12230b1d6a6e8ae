public import Corpus
import Foundation
public import LanguageModels
import Store
import TensorKit

/// Trains one model from chunks: owns the optimiser's state, the place in the data, the metrics log
/// and the checkpoints of one run folder.
///
/// Not Sendable: one thread creates it and drives it, by `run()` or, interleaved with others, by
/// `advance()`. Other threads reach it only through its `TrainingControl`. A run that was stopped or
/// killed continues from its newest valid checkpoint and computes the same bits as an undisturbed
/// one.
public final class Trainer {
  /// Where the run stands.
  public enum Phase: String, Sendable {
    /// Nothing has been done or read yet.
    case ready
    case running
    case paused
    /// Ended before its last step, with a checkpoint; another trainer on the folder continues it.
    case stopped
    case finished
    case failed
  }

  /// What one call of `advance()` came to.
  public enum Progress: Sendable {
    /// A step is done, with the evaluation and checkpoint that belong to it.
    case stepped
    /// The control asked for a stop before the next step could be completed; `stop()` comes next.
    case stopRequested
    /// All steps are done and saved.
    case finished
  }

  /// Settings of the run.
  public let configuration: TrainingConfiguration
  /// The folder that holds metrics and checkpoints.
  public let runFolder: String
  /// The model in training.
  public let model: any CausalLanguageModel
  /// Where the run stands.
  public internal(set) var phase = Phase.ready
  /// Counters and statistics after the last completed step.
  public internal(set) var state = TrainingState()

  let workspace: Workspace
  let distillation: Distilling?
  let policy: PolicyTraining?
  let chunks: any ChunkSource
  let heldOut: HeldOutEvaluation?
  let tokenizerFolder: String?
  let control: TrainingControl
  let emit: (TrainingEvent) -> Void
  let plan: BatchPlan
  /// What each step reads.
  var batches: RunBatches
  let schedule: LearningRateSchedule
  let optimizer: AdamWOptimizer
  let checkpoints: CheckpointStore
  let dataFingerprint: String
  /// Known once the run has begun.
  var dataDigest: DataDigest?
  var log: MetricsLog?
  /// The state of the newest checkpoint on disk.
  var savedState: TrainingState?
  /// How the run samples text; set before its first step.
  public var sampling: TextSampling?
  /// The step before which a checkpoint that failed is not tried again.
  var nextAttempt: Int?
  /// Whether lines of the log are kept back for want of room.
  var isLogHeldBack = false
  var checkpointRequestsSeen: Int

  /// Prepares a run; nothing is read from the run folder before the first step.
  ///
  /// - Parameters:
  ///   - model: with its initial weights; a checkpoint in the folder replaces them.
  ///   - workspace: made for training, for `configuration.chunksPerMicroBatch` chunks; two trainers
  ///     that take turns on one thread may share it.
  ///   - teacher: of a run with `configuration.distillation`.
  ///   - heldOut: what is evaluated at `configuration.evaluationInterval`.
  ///   - tokenizerFolder: its tokenizer files are copied into every checkpoint.
  ///   - onEvent: called on the thread that drives the trainer; must return soon.
  /// - Throws: `TrainingError` for settings or data that cannot be trained with.
  public init(
    model: any CausalLanguageModel, workspace: Workspace, configuration: TrainingConfiguration,
    chunks: any ChunkSource, teacher: (any DistillationSource)? = nil,
    heldOut: HeldOutEvaluation? = nil, runFolder: String,
    tokenizerFolder: String? = nil,
    control: TrainingControl = TrainingControl(),
    onEvent: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws {
    try configuration.validate()
    guard model.precision == configuration.precision else {
      throw TrainingError.invalidSetting(
        field: "precision", found: configuration.precision.rawValue,
        expected: "\(model.precision.rawValue), in which the model was made")
    }
    try Self.requireRoom(in: workspace, for: configuration, heldOut)
    plan = try BatchPlan(
      chunkCount: chunks.count, chunksPerStep: configuration.chunksPerStep,
      order: configuration.order, seed: configuration.seed)
    batches = try RunBatches(plan: plan, runFolder: runFolder)
    distillation = try Distilling(teacher, configuration, model)
    policy = try PolicyTraining(configuration, distillation)
    self.model = model
    self.workspace = workspace
    self.configuration = configuration
    self.chunks = chunks
    self.heldOut = heldOut
    self.runFolder = runFolder
    self.tokenizerFolder = tokenizerFolder
    self.control = control
    emit = onEvent
    schedule = configuration.learningRateSchedule
    checkpointRequestsSeen = control.checkpointRequests
    dataFingerprint = try chunks.fingerprint()
    optimizer = try AdamWOptimizer(
      store: model.parameters, ops: model.compute, configuration: configuration)
    checkpoints = try CheckpointStore(runFolder: runFolder)
  }

  /// Trains until the last step, the token budget or a stop; returns `.finished` or `.stopped`.
  @discardableResult
  public func run() throws -> Phase {
    while true {
      switch try advance() {
      case .stepped: continue
      case .finished: return phase
      case .stopRequested:
        try stop()
        return phase
      }
    }
  }

  /// Does the next step with the evaluation and the checkpoint that are due around it; the first
  /// call resumes the newest checkpoint.
  public func advance() throws -> Progress {
    do {
      try begin()
      if phase == .finished { return .finished }
      if phase == .ready { return .stopRequested }
      phase = .running
      guard try settle() else { return .stopRequested }
      if !isComplete {
        if control.isStopped { return .stopRequested }
        guard try takeStep(), try settle() else { return .stopRequested }
      }
      guard isComplete else { return .stepped }
      phase = .finished
      emit(.finished(step: state.step))
      return .finished
    } catch {
      phase = .failed
      // Tokens that cannot be read or be, and losses that make no sense, come of it, too.
      if case TrainingError.dataChangedMeanwhile = error { throw error }
      try requireUnchangedData()
      throw error
    }
  }

  /// Ends the run for now: writes a checkpoint unless the newest one is of this very state, or nothing
  /// has begun.
  public func stop() throws {
    try begin()
    if phase == .finished { return }
    if phase != .ready { try saveIfChanged() }
    phase = .stopped
    emit(.stopped(step: state.step))
  }

  /// Whether all steps are done or the token budget is used.
  public var isComplete: Bool {
    state.step >= configuration.steps
      || configuration.tokenBudget.map { state.tokensSeen >= $0 } ?? false
  }

  /// Refuses a workspace that a later batch would not fit into.
  private static func requireRoom(
    in workspace: Workspace, for configuration: TrainingConfiguration,
    _ heldOut: HeldOutEvaluation?
  ) throws(TrainingError) {
    guard workspace.purpose.trains else {
      throw .invalidSetting(
        field: "workspace", found: "one for scoring", expected: "one for training")
    }
    let room = workspace.maximumTokens
    let training = configuration.tokensPerMicroBatch
    guard training <= room else {
      throw .invalidSetting(
        field: "chunksPerMicroBatch", found: "micro-batches of up to \(training) tokens",
        expected: "at most the \(room) of the workspace")
    }
    let evaluation = heldOut.map { $0.chunksPerBatch * ($0.chunkTokens - 1) } ?? 0
    guard evaluation <= room else {
      throw .invalidSetting(
        field: "chunksPerBatch of the held-out evaluation",
        found: "batches of up to \(evaluation) tokens",
        expected: "at most the \(room) of the workspace")
    }
  }

  /// Resumes the newest valid checkpoint, or starts from the model's own weights; done by the first
  /// `advance()` unless it is called before. The trainer stays `ready` where a stop comes first.
  func begin() throws {
    guard phase == .ready, try readData() else { return }
    let newest = try checkpoints.latestValid { path, error in
      emit(.checkpointDamaged(path: path, reason: error.description))
    }
    if let newest {
      let saved = try restore(from: newest.path)
      state = saved
      savedState = saved
    }
    try EvaluationFiles.removeRemains(runFolder: runFolder)
    try SampleFile.keep(upTo: savedState, runFolder: runFolder)
    log = try MetricsLog(runFolder: runFolder, continuing: savedState)
    phase = .running
    emit(.started(step: state.step))
    // A run that may go back needs somewhere to go from its first step on.
    if savedState == nil, configuration.faults.mayGoBack { try saveOrGoOn() }
  }

  /// Does what is due at the present step: evaluation, samples, then checkpoint. False if a stop came.
  private func settle() throws -> Bool {
    if evaluationIsDue, let heldOut {
      guard let result = try evaluate(heldOut) else { return false }
      try record(result)
    }
    guard try sampleIfDue() else { return false }
    if isComplete {
      try saveIfChanged()
    } else if checkpointIsDue {
      try saveOrGoOn()
    }
    return true
  }

  private var checkpointIsDue: Bool {
    // One that failed is not tried again at the same step.
    if let nextAttempt { return state.step >= nextAttempt }
    if state.step > 0, state.step % configuration.checkpointInterval == 0 { return true }
    return configuration.keepsBestCheckpoint && state.step > 0 && isBest
  }

  private var evaluationIsDue: Bool {
    guard let interval = configuration.evaluationInterval, state.lastEvaluatedStep != state.step
    else { return false }
    // The border of an epoch is a point of the curve, where that is no more often than the interval.
    let isBorder =
      plan.stepsPerEpoch >= interval && plan.isEpochBorder(afterSteps: state.step)
    return state.step % interval == 0 || isBorder || isComplete
  }

  private func evaluate(_ heldOut: HeldOutEvaluation) throws -> EvaluationResult? {
    try heldOut.run(model, workspace: workspace) { done, count in
      emit(.evaluating(chunksDone: done, chunkCount: count))
      try requireUnchangedData()
      return try mayGoOn()
    }
  }

  private func record(_ result: EvaluationResult) throws {
    let record = EvaluationRecord(
      step: state.step, tokensSeen: state.tokensSeen, losses: try result.summary())
    try goingOn(without: "the file of the evaluation at step \(state.step)") {
      () throws(StoreError) in
      try EvaluationFiles.write(result, step: state.step, runFolder: runFolder)
    }
    try note(.evaluation(record))
    state.lastEvaluatedStep = state.step
    state.lastHeldOutLoss = record.losses.all.chunkMean
    emit(.evaluated(record, result))
  }

  /// Answers the control: waits while paused, writes a checkpoint that was asked for. False when
  /// the run is to stop now. Weights are those of the last completed step whenever this is called.
  func mayGoOn() throws -> Bool {
    var waited = false
    while true {
      if control.checkpointRequests != checkpointRequestsSeen {
        checkpointRequestsSeen = control.checkpointRequests
        try saveOrGoOn()
      }
      if control.isStopped { return false }
      guard control.isPaused else { break }
      if !waited {
        waited = true
        phase = .paused
        emit(.paused(step: state.step))
      }
      usleep(20_000)
    }
    if waited {
      phase = .running
      emit(.resumed(step: state.step))
    }
    return true
  }
}
