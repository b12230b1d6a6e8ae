import EngineInterface
public import Training

extension ProjectSettings {
  /// What the project's trainings do about what goes wrong in their middle.
  public var faultPolicy: FaultPolicy { faults ?? FaultPolicy() }

  /// The settings with another choice; nil where it is none for that.
  func with(_ choice: FaultChoice, for kind: FaultKind) -> ProjectSettings? {
    guard kind.policies.contains(choice) else { return nil }
    var policy = faultPolicy
    switch kind {
    case .notFinite: policy.onNotFinite = choice.stepAction ?? policy.onNotFinite
    case .spike: policy.onSpike = choice.stepAction ?? policy.onSpike
    case .diskFull: policy.onDiskFull = choice.diskFullAction ?? policy.onDiskFull
    }
    var changed = self
    changed.faults = policy
    return changed
  }
}

extension FaultSettings {
  init(_ policy: FaultPolicy) {
    self.init(
      onNotFinite: FaultChoice(policy.onNotFinite), onSpike: FaultChoice(policy.onSpike),
      onDiskFull: FaultChoice(policy.onDiskFull), spikeThreshold: policy.spikeThreshold)
  }
}

extension FaultChoice {
  init(_ action: StepAction) {
    self =
      switch action {
      case .note: .goOn
      case .skip: .skip
      case .back: .back
      case .stop: .stop
      case .ask: .ask
      }
  }

  init(_ action: DiskFullAction) {
    self =
      switch action {
      case .goOn: .goOn
      case .pause: .wait
      case .stop: .stop
      case .ask: .ask
      }
  }

  var stepAction: StepAction? {
    switch self {
    case .goOn: .note
    case .skip: .skip
    case .back: .back
    case .stop: .stop
    case .ask: .ask
    case .wait: nil
    }
  }

  var diskFullAction: DiskFullAction? {
    switch self {
    case .goOn: .goOn
    case .wait: .pause
    case .stop: .stop
    case .ask: .ask
    case .skip, .back: nil
    }
  }

  /// What a waiting run is told; nil where it is no answer to the question.
  func answer(to question: FaultQuestion) -> TrainingAnswer? {
    guard question.kind.answers.contains(self) else { return nil }
    return question.kind == .diskFull
      ? diskFullAction.map { .diskFull($0) } : stepAction.map { .step($0) }
  }

  /// In the words of a log.
  var title: String {
    switch self {
    case .goOn: "go on"
    case .skip: "leave the update out"
    case .back: "go back and pass over the batch"
    case .wait: "wait until there is room"
    case .stop: "stop"
    case .ask: "ask"
    }
  }
}

extension FaultKind {
  var title: String {
    switch self {
    case .notFinite: "At numbers that are not finite"
    case .spike: "At a spike"
    case .diskFull: "Where the disk is full"
    }
  }
}
