import EngineInterface
import TerminalUI

/// Keys that come before the project has been read wait for it, as those of a shell do.
struct LoadingOptions: ScreenSettings {
  /// Whether the engine is still reading what the project holds.
  var isLoading = false
  /// Keys that wait, in their order.
  var waiting: [Key] = []

  static let limit = 64
  /// The number of the question whether all has been read; other questions begin at 1.
  static let question = 0

  init() {}

  /// "Loading the project; then: ] ] 3."
  var words: String? {
    if waiting.isEmpty { return nil }
    let names = waiting.suffix(8).map(\.name).joined(separator: " ")
    return "Loading the project; then: \(waiting.count > 8 ? "... " : "")\(names)"
  }
}

extension ViewState {
  var loading: LoadingOptions {
    get { settings[LoadingOptions.self] }
    set { settings[LoadingOptions.self] = newValue }
  }

  /// Whether a key asks for what has not been read yet.
  fileprivate func mustWait(_ key: Key) -> Bool {
    guard loading.isLoading, overlay == nil, prompt == nil, !select.isPinning,
      let action = table.action(for: key, on: screen)
    else { return false }
    return action.whyNot(self) != nil
  }
}

extension Reducer {
  /// Lets a key wait while the project is read; false = it means what it always does. What can be done
  /// without the project is done at once, until another key waits: keys never overtake each other, but
  /// for those that leave.
  mutating func keepsWaiting(_ key: Key) -> Bool {
    guard state.loading.isLoading, !isReplaying else { return false }
    let action = state.table.action(for: key, on: state.screen)
    if action == .back, !state.loading.waiting.isEmpty {
      state.loading.waiting = []
      say("The keys that waited are forgotten.")
      return true
    }
    if [.quit, .cancel, .suspend, .redraw].contains(action) { return false }
    if state.loading.waiting.isEmpty, !state.mustWait(key) { return false }
    if state.loading.waiting.count < LoadingOptions.limit {
      state.loading.waiting.append(key)
      // Why the key before could not be done is no longer of interest.
      state.message = nil
    } else {
      say("Loading the project: no more keys can wait.", isWarning: true)
    }
    return true
  }

  /// Does what waits for no longer: each key as soon as what it needs has been read, and all of them once
  /// everything has.
  mutating func replayWaitingKeys(_ event: EngineEvent) {
    guard state.loading.isLoading else { return }
    switch event {
    case .settled(LoadingOptions.question): state.loading.isLoading = false
    case .link(let link) where link.loss != nil: state.loading = LoadingOptions()
    case .ended: state.loading = LoadingOptions()
    default: break
    }
    while let key = state.loading.waiting.first, !state.mustWait(key) {
      state.loading.waiting.removeFirst()
      // What a list was moved to stands by its rows, which are known by now.
      keepListsInRange()
      isReplaying = true
      handle(.key(key))
      isReplaying = false
    }
  }
}
