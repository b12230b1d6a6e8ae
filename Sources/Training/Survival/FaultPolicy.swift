/// What is done about a step whose numbers are not as they should be.
public enum StepAction: String, Codable, Sendable, CaseIterable {
  /// The update is applied, and the step is only told of.
  case note
  /// The update of the batch is left out: weights, moments and schedule stay as they are.
  case skip
  /// The run goes back to its newest checkpoint and passes over the batch.
  case back
  /// The run ends with a checkpoint of the step before.
  case stop
  /// A person is asked; where nobody can be, the run stops.
  case ask
}

/// What is done where the disk has no room in the middle of a run.
public enum DiskFullAction: String, Codable, Sendable, CaseIterable {
  /// Training goes on without what could not be written; checkpoints are tried again.
  case goOn = "go-on"
  /// The run waits until there is room, or somebody says to go on.
  case pause
  /// The run ends with the error; earlier checkpoints stand.
  case stop
  /// A person is asked; where nobody can be, training goes on.
  case ask
}

/// What a run does about what goes wrong in its middle. It never ends without a word.
///
/// What was once decided about a step is kept in the run's folder, so a policy may change between a
/// run and its resumption: it holds from then on.
public struct FaultPolicy: Codable, Sendable, Equatable {
  /// For a loss or gradient that is not finite: all but `note`, for such an update cannot be applied.
  public var onNotFinite: StepAction
  /// For a loss or gradient norm that is `spikeThreshold` above its like.
  public var onSpike: StepAction
  /// Deviations from the mean of the last 128 values above which a step is a spike.
  public var spikeThreshold: Double
  public var onDiskFull: DiskFullAction
  /// How often a run may go back; after that it stops.
  public var returnsAllowed: Int

  public init(
    onNotFinite: StepAction = .skip, onSpike: StepAction = .note, spikeThreshold: Double = 6,
    onDiskFull: DiskFullAction = .goOn, returnsAllowed: Int = 3
  ) {
    self.onNotFinite = onNotFinite
    self.onSpike = onSpike
    self.spikeThreshold = spikeThreshold
    self.onDiskFull = onDiskFull
    self.returnsAllowed = returnsAllowed
  }

  /// Whether a run may have to go back, which takes a checkpoint to go back to.
  var mayGoBack: Bool {
    [onNotFinite, onSpike].contains { $0 == .back || $0 == .ask }
  }

  /// - Throws: `TrainingError.invalidSetting`.
  public func validate() throws(TrainingError) {
    guard onNotFinite != .note else {
      throw .invalidSetting(
        field: "onNotFinite", found: onNotFinite.rawValue, expected: "skip, back, stop or ask")
    }
    guard spikeThreshold.isFinite, spikeThreshold > 0 else {
      throw .invalidSetting(
        field: "spikeThreshold", found: "\(spikeThreshold)", expected: "above 0")
    }
    guard returnsAllowed >= 0 else {
      throw .invalidSetting(
        field: "returnsAllowed", found: "\(returnsAllowed)", expected: "0 or more")
    }
  }
}
