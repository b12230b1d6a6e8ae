/// What can be done about a step whose numbers are not as they should be, or a full disk.
public enum FaultChoice: String, Codable, Sendable, CaseIterable {
  /// The update is applied; of a full disk: training goes on without what could not be written.
  case goOn
  /// The update of the batch is left out.
  case skip
  /// Back to the newest checkpoint, and over the batch.
  case back
  /// The run waits until there is room.
  case wait
  /// The run ends; with a checkpoint where there is room for one.
  case stop
  /// A person is asked.
  case ask
}

/// What a choice is about.
public enum FaultKind: String, Codable, Sendable, CaseIterable {
  /// A loss or gradient that is not finite.
  case notFinite
  /// A loss or gradient norm far above its like.
  case spike
  case diskFull

  /// What a project may say of it, the usual first.
  public var policies: [FaultChoice] {
    switch self {
    case .notFinite: [.skip, .back, .stop, .ask]
    case .spike: [.goOn, .skip, .back, .stop, .ask]
    case .diskFull: [.goOn, .wait, .stop, .ask]
    }
  }

  /// What a person may answer, the usual first.
  public var answers: [FaultChoice] { policies.filter { $0 != .ask } }
}

/// What a project's trainings do about what goes wrong in their middle.
public struct FaultSettings: Codable, Sendable, Equatable {
  public var onNotFinite: FaultChoice
  public var onSpike: FaultChoice
  public var onDiskFull: FaultChoice
  /// Deviations above which a step is a spike.
  public var spikeThreshold: Double

  public init(
    onNotFinite: FaultChoice = .skip, onSpike: FaultChoice = .goOn,
    onDiskFull: FaultChoice = .goOn, spikeThreshold: Double = 6
  ) {
    self.onNotFinite = onNotFinite
    self.onSpike = onSpike
    self.onDiskFull = onDiskFull
    self.spikeThreshold = spikeThreshold
  }

  public subscript(kind: FaultKind) -> FaultChoice {
    switch kind {
    case .notFinite: onNotFinite
    case .spike: onSpike
    case .diskFull: onDiskFull
    }
  }
}

/// What a training asks a person while it waits.
public struct FaultQuestion: Codable, Sendable, Equatable {
  public var kind: FaultKind
  /// Name of the run.
  public var run: String
  /// The step whose update is not applied yet, from 1.
  public var step: Int
  /// What was found.
  public var text: String

  public init(kind: FaultKind, run: String, step: Int, text: String) {
    self.kind = kind
    self.run = run
    self.step = step
    self.text = text
  }
}
