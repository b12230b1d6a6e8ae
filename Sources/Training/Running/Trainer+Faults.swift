import Glibc
import Store

// What a run does about what goes wrong in its middle.
extension Trainer {
  /// What is done about a faulty step: what was decided when the run came to it before, or else what
  /// the policy says. Nil where a stop came while a person was asked.
  func action(for fault: StepFault) throws -> StepAction? {
    if let earlier = batches.decisions.decision(ofStep: fault.step), earlier.action != .back,
      fault.choices.contains(earlier.action)
    {
      return earlier.action
    }
    let policy = configuration.faults
    var action = fault.kind == .spike ? policy.onSpike : policy.onNotFinite
    if action == .ask {
      guard control.isAttended else { return .stop }
      guard let answer = try ask(.step(fault)) else { return nil }
      guard case .step(let chosen) = answer, fault.choices.contains(chosen) else { return .stop }
      action = chosen
    }
    // A level that lasts is none that is passing: the windows must learn it, or all that follows would
    // be left out.
    if fault.kind == .spike, action == .skip,
      state.refusedInARow >= configuration.refusedUpdatesAllowed
    {
      action = .note
    }
    if action == .note || action == .skip {
      // The same would be decided again, so the run can do without the file.
      try goingOn(without: Decisions.fileName) { () throws(StoreError) in
        try remember(Decision(fault: fault, action: action))
      }
    }
    return action
  }

  /// Writes a decision before it takes effect.
  private func remember(_ decision: Decision) throws(StoreError) {
    var decisions = batches.decisions
    decisions.add(decision)
    batches.decisions = decisions
    try decisions.write(runFolder: runFolder)
  }

  /// Goes back to the newest checkpoint, from which the run passes over the batch of the step.
  ///
  /// - Throws: `TrainingError.halted` where it has gone back too often, or has nowhere to go.
  func goBack(because fault: StepFault) throws {
    let returns = batches.decisions.returns
    let allowed = configuration.faults.returnsAllowed
    guard returns < allowed,
      let newest = try checkpoints.latestValid(damaged: { path, error in
        emit(.checkpointDamaged(path: path, reason: error.description))
      })
    else { try halt(at: fault, returns: returns >= allowed ? returns : nil) }
    try remember(Decision(fault: fault, action: .back, returnedTo: newest.step))
    try log?.sync()
    log = nil
    state = try restore(from: newest.path)
    savedState = state
    nextAttempt = nil
    try SampleFile.keep(upTo: state, runFolder: runFolder)
    log = try MetricsLog(runFolder: runFolder, continuing: state)
    emit(.wentBack(step: state.step, fault: fault))
  }

  /// Ends the run with a checkpoint of the state before a step.
  func halt(at fault: StepFault, returns: Int? = nil) throws -> Never {
    try saveIfChanged()
    throw TrainingError.halted(fault: fault, returns: returns)
  }

  /// Waits for a person's answer; nil where a stop came instead.
  private func ask(_ question: TrainingQuestion) throws -> TrainingAnswer? {
    _ = control.takeAnswer()
    let before = phase
    phase = .paused
    emit(.asking(question))
    defer { phase = before }
    while true {
      if let answer = control.takeAnswer() {
        emit(.resumed(step: state.step))
        return answer
      }
      if control.isStopped { return nil }
      if control.checkpointRequests != checkpointRequestsSeen {
        checkpointRequestsSeen = control.checkpointRequests
        if case .step = question { try saveOrGoOn() }
      }
      usleep(20_000)
    }
  }

  /// What follows where something could not be written for want of room.
  ///
  /// - Parameter again: tries to write it once more.
  /// - Throws: `error` where the run is to stop.
  func answerFullDisk(
    _ error: StoreError, what: String, again: () throws -> Void
  ) throws {
    var action = configuration.faults.onDiskFull
    if action == .ask {
      guard control.isAttended else { return }
      guard case .diskFull(let chosen)? = try ask(.diskFull(what: what, reason: error.message))
      else { return }
      action = chosen
    }
    switch action {
    case .goOn, .ask: return
    case .stop: throw error
    case .pause: try waitForRoom(again)
    }
  }

  /// The same in a sentence.
  func whatFollowsFullDisk(nextAttempt step: Int) -> String {
    switch configuration.faults.onDiskFull {
    case .ask where control.isAttended: "What follows is asked."
    case .goOn, .ask: "Training goes on, and it is tried again at step \(step)."
    case .pause: "The run waits until there is room."
    case .stop: "The run stops."
    }
  }

  /// Seconds between two attempts of a run that waits for room.
  private static let roomInterval = 5.0

  /// Waits until the write can be done, or somebody says to go on or to stop.
  private func waitForRoom(_ again: () throws -> Void) throws {
    phase = .paused
    emit(.paused(step: state.step))
    defer { phase = .running }
    var waited = 0.0
    _ = control.takeAnswer()
    while !control.isStopped, control.takeAnswer() == nil {
      usleep(20_000)
      waited += 0.02
      guard waited >= Self.roomInterval else { continue }
      waited = 0
      do {
        try again()
        break
      } catch let error as StoreError where error.isFailedWrite {
        continue
      }
    }
    if !control.isStopped { emit(.resumed(step: state.step)) }
  }
}
