import Foundation
public import Store
import TensorKit

extension TrainingConfiguration {
  /// Checks every number, so that a run cannot start on settings without meaning.
  ///
  /// - Throws: `TrainingError.invalidSetting` for the first setting that is out of range.
  public func validate() throws(TrainingError) {
    func require(
      _ holds: Bool, _ field: String, _ found: some CustomStringConvertible, _ expected: String
    ) throws(TrainingError) {
      if !holds {
        throw .invalidSetting(field: field, found: "\(found)", expected: expected)
      }
    }
    try require(steps > 0, "steps", steps, "at least 1")
    try require(chunksPerMicroBatch > 0, "chunksPerMicroBatch", chunksPerMicroBatch, "at least 1")
    try require(
      chunksPerStep >= chunksPerMicroBatch, "chunksPerStep", chunksPerStep,
      "at least chunksPerMicroBatch (\(chunksPerMicroBatch))")
    // What is larger cannot even be planned with.
    let most = 1 << 24
    try require(chunksPerStep <= most, "chunksPerStep", chunksPerStep, "at most \(most)")
    try require(
      (2...most).contains(chunkTokens), "chunkTokens", chunkTokens, "2 to \(most)")
    try require(
      learningRate.isFinite && learningRate >= 0, "learningRate", learningRate, "0 or more")
    try require(
      minimumLearningRate >= 0 && minimumLearningRate <= learningRate, "minimumLearningRate",
      minimumLearningRate, "between 0 and learningRate (\(learningRate))")
    try require(
      warmupSteps >= 0 && warmupSteps <= steps, "warmupSteps", warmupSteps,
      "between 0 and steps (\(steps))")
    // The optimiser counts in `Float`, where 0.99999999 is 1 and 1e-50 is 0.
    let decay = "0 or more and below 1 (in single precision)"
    try require(beta1 >= 0 && Float(beta1) < 1, "beta1", beta1, decay)
    try require(beta2 >= 0 && Float(beta2) < 1, "beta2", beta2, decay)
    try require(
      Float(epsilon).isFinite && Float(epsilon) > 0, "epsilon", epsilon,
      "above 0 (in single precision)")
    try require(
      weightDecay.isFinite && weightDecay >= 0, "weightDecay", weightDecay, "0 or more")
    if let gradientClip {
      try require(gradientClip > 0, "gradientClip", gradientClip, "above 0, or none")
    }
    if let tokenBudget {
      try require(tokenBudget > 0, "tokenBudget", tokenBudget, "above 0, or none")
    }
    if let evaluationInterval {
      try require(
        evaluationInterval > 0, "evaluationInterval", evaluationInterval, "above 0, or none")
    }
    try require(precision != .int8, "precision", precision.rawValue, "f32 or bf16")
    try require(checkpointInterval > 0, "checkpointInterval", checkpointInterval, "at least 1")
    try require(checkpointsKept > 0, "checkpointsKept", checkpointsKept, "at least 1")
    if let checkpointsKeptEvery {
      try require(
        checkpointsKeptEvery > 0, "checkpointsKeptEvery", checkpointsKeptEvery, "above 0, or none")
    }
    try require(
      !keepsBestCheckpoint || evaluationInterval != nil, "keepsBestCheckpoint", keepsBestCheckpoint,
      "false where nothing is evaluated")
    try require(logInterval > 0, "logInterval", logInterval, "at least 1")
    try require(
      refusedUpdatesAllowed >= 0, "refusedUpdatesAllowed", refusedUpdatesAllowed, "0 or more")
    try faults.validate()
    try distillation?.validate()
    try require(
      minillm == nil || distillation != nil, "minillm", "samples and no teacher", "both")
    try minillm?.validate(self)
  }

  /// Settings that do not decide what is computed, only when it is written and what is kept in
  /// memory, or what is decided of later steps (see `Decisions`): they may change between a run and its
  /// resumption.
  static let settingsWithoutEffect: Set<String> = [
    "checkpointBlocks", "evaluationInterval", "checkpointInterval", "checkpointsKept",
    "checkpointsKeptEvery", "keepsBestCheckpoint", "keepsRollouts", "logInterval",
    "refusedUpdatesAllowed", "faults",
  ]

  /// Checks that a run begun with `earlier` can be continued with this configuration.
  ///
  /// Another precision would bend the loss curve in the middle, so it is another run.
  ///
  /// - Throws: `TrainingError.configurationChanged` naming the first setting that differs.
  public func requireContinues(_ earlier: TrainingConfiguration) throws(TrainingError) {
    let ours = settings, theirs = earlier.settings
    for name in Set(ours.keys).union(theirs.keys).sorted()
    where !Self.settingsWithoutEffect.contains(name) && ours[name] != theirs[name] {
      throw .configurationChanged(
        field: name, found: ours[name] ?? "none", expected: theirs[name] ?? "none")
    }
  }

  /// SHA-256 of the settings that decide what is computed.
  public func digest() throws(StoreError) -> String {
    let lines = settings.filter { !Self.settingsWithoutEffect.contains($0.key) }
      .map { "\($0.key)=\($0.value)" }.sorted()
    return try Digest.sha256(lines.joined(separator: "\n").utf8)
  }

  /// Every stored setting as text, by name.
  private var settings: [String: String] {
    var values: [String: String] = [:]
    for child in Mirror(reflecting: self).children {
      guard let label = child.label else { continue }
      values[label] = Self.text(of: child.value)
    }
    return values
  }

  private static func text(of value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else { return "\(value)" }
    return mirror.children.first.map { "\($0.value)" } ?? "none"
  }
}
