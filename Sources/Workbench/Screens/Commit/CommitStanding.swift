import EngineInterface

/// Where the selection in force stands against the newest commit: what the buttons of the Commit
/// screen lead to, and what its sentences may claim.
enum CommitStanding: Equatable {
  /// Nothing is written yet.
  case nothing
  /// Something is written; how it differs from this selection is being counted.
  case counting(newest: String?)
  /// The newest commit has another selection: chunks that only this one, and only that one, has.
  case other(newest: String, added: Int, removed: Int)
  /// The newest commit is this selection.
  case same(name: String)

  init(_ state: ViewState) {
    let engine = state.engine
    guard let commit = engine.commit else {
      self = engine.isDone(.commit) ? .counting(newest: nil) : .nothing
      return
    }
    let newest = commit.earlier.last?.name
    let isWritten = if case .written = commit.state { true } else { false }
    guard isWritten || newest != nil || engine.isDone(.commit) else {
      self = .nothing
      return
    }
    // What was counted may be of a selection that has moved on.
    guard commit.isOf(engine.selection), let newest else {
      self = isWritten && newest == nil ? .same(name: commit.name) : .counting(newest: newest)
      return
    }
    switch (commit.added, commit.removed) {
    case (0?, 0?): self = .same(name: newest)
    case (let added?, let removed?): self = .other(newest: newest, added: added, removed: removed)
    default: self = isWritten ? .same(name: newest) : .counting(newest: newest)
    }
  }

  /// Whether the newest commit is what students of this selection are trained on.
  var isWritten: Bool { if case .same = self { true } else { false } }
}

extension CommitSnapshot {
  /// Whether it was made of the selection in force.
  func isOf(_ selection: SelectionSnapshot?) -> Bool {
    guard let selection else { return true }
    return chunks == selection.keptChunks && tokens == selection.keptTokens
      && manualKept == selection.manualKept && manualDropped == selection.manualDropped
  }
}

extension Reducer {
  /// Asks for the plan anew where the selection has moved on while its plan is looked at.
  mutating func keepPlan() {
    guard state.screen == .commit, let commit = state.engine.commit,
      !commit.isOf(state.engine.selection)
    else { return }
    if case .writing = commit.state { return }
    send(.planCommit)
  }
}
