import EngineInterface

/// The buttons of the Commit screen, in their order.
enum CommitButton: Int, CaseIterable {
  case goOn, commit, dryRun

  /// What stands on it: the first one leads on, before and after writing.
  func title(isWritten: Bool) -> String {
    switch self {
    case .goOn: isWritten ? "Start training" : "Commit and train"
    case .commit: isWritten ? "Commit again" : "Commit"
    case .dryRun: "Dry run"
    }
  }
}

extension Reducer {
  /// Asks what a commit would write, when there is something to commit.
  mutating func planCommit() {
    if state.engine.selection != nil { send(.planCommit) }
  }

  mutating func pressCommitButton() {
    switch CommitButton(rawValue: state.commitButton) {
    case .goOn? where state.engine.isCommitted: startTraining()
    case .goOn?: commit(thenTrain: true)
    case .commit?: commit(thenTrain: false)
    case .dryRun?: planCommit()
    case nil: break
    }
  }

  private mutating func commit(thenTrain: Bool) {
    guard let selection = state.engine.selection else {
      say("Nothing to commit: no scores yet.", isWarning: true)
      return
    }
    guard selection.complete else {
      say("Not every document has a score yet: wait for Score, or R goes on.", isWarning: true)
      return
    }
    guard !state.engine.isBusy else {
      say("A job runs: wait, or stop it with x.", isWarning: true)
      return
    }
    if case .writing? = state.engine.commit?.state { return }
    state.trainsAfterCommit = thenTrain
    send(.commit)
    say(thenTrain ? "Writing; training follows." : "Writing.")
  }

  mutating func startTraining() {
    guard !state.engine.isBusy else {
      say("A job runs already.", isWarning: true)
      return
    }
    state.followsWork = true
    send(.start(.train))
    say("Training two students.")
  }
}
