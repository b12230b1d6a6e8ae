import EngineInterface
import TerminalUI

/// The chosen button, and what follows the commit.
public struct CommitOptions: ScreenSettings, Hashable {
  /// The place of the button that Enter presses.
  public var button = 0
  /// Training starts by itself as soon as the commit has been written.
  public var trainsAfter = false

  public init() {}
}

extension ViewState {
  public var commit: CommitOptions {
    get { settings[CommitOptions.self] }
    set { settings[CommitOptions.self] = newValue }
  }
}

/// The buttons of the Commit screen, in their order.
enum CommitButton: Int, CaseIterable {
  case goOn, commit, dryRun

  /// What stands on it: the first one leads on, whatever is done already.
  func title(_ state: ViewState) -> String {
    let isWritten = CommitStanding(state).isWritten
    return switch self {
    case .goOn:
      !isWritten
        ? "Commit and train"
        : state.engine.isDone(.train) ? "Go to \(Self.next(state).title)" : "Start training"
    case .commit: isWritten ? "Commit again" : "Commit"
    case .dryRun: "Dry run"
    }
  }

  func action(_ state: ViewState) -> Action {
    switch self {
    case .goOn:
      !CommitStanding(state).isWritten
        ? .commitAndTrain
        : state.engine.isDone(.train) ? .go(to: Self.next(state)) : .startTraining
    case .commit: .commit
    case .dryRun: .dryRun
    }
  }

  /// Where trained students are looked at: without held-out text there is nothing to compare them on.
  private static func next(_ state: ViewState) -> ScreenID {
    state.engine.status(of: .compare) == nil ? .train : .compare
  }
}

/// Writing the refined corpus, and what comes before and after it.
extension Action {
  static let dryRun = Action(
    "commit.plan", [.character("d")], "work out again what would be written", label: "dry run",
    notNow: withoutSelection, does: { $0.send(.planCommit) })

  static let commitAndTrain = Action(
    "commit.train", [], "write the refined corpus, then train two students",
    notNow: obstacle, does: { $0.commit(thenTrain: true) })

  static let commit = Action(
    "commit.write", [], "write the refined corpus", notNow: obstacle,
    does: { $0.commit(thenTrain: false) })

  static let startTraining = Action(
    "train.start", [], "train two students on the written corpus",
    notNow: { state in
      switch CommitStanding(state) {
      case .nothing: return "Nothing is written yet to train on."
      case .other(let newest, _, _):
        return "\(newest) is of another selection: commit this one, or undo back to it."
      case .counting, .same:
        return state.engine.isDone(.train) ? "Both students are trained." : isBusy(state)
      }
    },
    does: { $0.startTraining() })

  static let previousButton = Action("button.previous", [], "button before", label: "button") {
    $0.moveButton(-1)
  }
  static let nextButton = Action("button.next", [], "next button") { $0.moveButton(1) }

  private static let obstacle: @Sendable (ViewState) -> String? = { state in
    guard let selection = state.engine.selection else { return "Nothing to commit: no scores yet." }
    if case .counting = CommitStanding(state) {
      return "What has changed since the newest commit is being counted: a moment."
    }
    if !selection.complete {
      return "Not every chunk has a score yet: wait for Score, or \(state.key(.runNext)) goes on."
    }
    if case .writing? = state.engine.commit?.state { return "The commit is being written." }
    return isBusy(state)
  }

  private static let isBusy: @Sendable (ViewState) -> String? = { state in
    guard state.engine.isBusy else { return nil }
    return "A job runs (\(state.engine.jobTitle)): wait, or stop it with \(state.key(.stop))."
  }
}

extension Reducer {
  fileprivate mutating func commit(thenTrain: Bool) {
    state.commit.trainsAfter = thenTrain
    send(.commit)
    announce(thenTrain ? "Writing; training follows." : "Writing.")
  }

  fileprivate mutating func startTraining() {
    state.followsWork = true
    send(.start(.train))
    announce("Starting the training of two students.")
  }

  fileprivate mutating func moveButton(_ step: Int) {
    let last = CommitButton.allCases.count - 1
    state.commit.button = min(last, max(0, state.commit.button + step))
  }
}
