import Store
public import TensorKit

/// What `state.json` of a checkpoint holds.
struct SavedRun: Codable {
  /// Name of the file.
  static let fileName = "state.json"

  var formatVersion = 1
  var state: TrainingState
  var plan: BatchPlan
  var configuration: TrainingConfiguration
  var configurationDigest: String
  /// `ChunkSource.fingerprint()` of the training data.
  var dataFingerprint: String
  /// Of every chunk that the run reads; nil in what earlier versions wrote.
  var data: DataDigest?

  init(
    state: TrainingState, plan: BatchPlan, configuration: TrainingConfiguration,
    dataFingerprint: String, data: DataDigest?
  ) throws(StoreError) {
    self.state = state
    self.plan = plan
    self.configuration = configuration
    configurationDigest = try configuration.digest()
    self.dataFingerprint = dataFingerprint
    self.data = data
  }

  /// Checks that a run with these settings and data continues the saved one.
  func requireContinued(
    by configuration: TrainingConfiguration, plan: BatchPlan, dataFingerprint: String,
    data: DataDigest?
  ) throws(TrainingError) {
    try configuration.requireContinues(self.configuration)
    guard plan.chunkCount == self.plan.chunkCount else {
      throw .dataChanged(
        found: "\(plan.chunkCount) chunks", expected: "\(self.plan.chunkCount) chunks")
    }
    if let data, let begun = self.data { try data.require(begun, of: plan) }
    guard dataFingerprint == self.dataFingerprint else {
      throw .dataChanged(
        found: "fingerprint \(dataFingerprint.prefix(12))",
        expected: "\(self.dataFingerprint.prefix(12))")
    }
  }
}

/// What the newest checkpoint of a run says of it.
public struct RecordedRun: Sendable, Equatable {
  public var configuration: TrainingConfiguration
  public var plan: BatchPlan
  /// `ChunkSource.fingerprint()` of the training data.
  public var dataFingerprint: String
  /// Steps of the checkpoint.
  public var step: Int

  /// - Throws: `TrainingError.noRun`, `StoreError`.
  public init(runFolder: String) throws {
    guard let path = try CheckpointStore.newest(runFolder: runFolder) else {
      throw TrainingError.noRun(path: runFolder)
    }
    let saved = try JSONFile.read(SavedRun.self, from: "\(path)/\(SavedRun.fileName)")
    configuration = saved.configuration
    plan = saved.plan
    dataFingerprint = saved.dataFingerprint
    step = saved.state.step
  }
}

extension CheckpointStore {
  /// The configuration of the run in a folder; nil where it has no checkpoint that can be read.
  public static func recordedConfiguration(runFolder: String) -> TrainingConfiguration? {
    guard let path = try? newest(runFolder: runFolder) else { return nil }
    return try? JSONFile.read(SavedRun.self, from: "\(path)/\(SavedRun.fileName)").configuration
  }

  /// The precision of the run in a folder; nil where it has no checkpoint that can be read.
  public static func recordedPrecision(runFolder: String) -> Precision? {
    recordedConfiguration(runFolder: runFolder)?.precision
  }
}
