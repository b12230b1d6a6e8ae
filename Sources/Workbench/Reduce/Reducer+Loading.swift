import EngineInterface
import TerminalUI

/// Keys that come before the project has been read wait for it, as those of a shell do.
struct LoadingOptions: ScreenSettings {
  /// Whether the engine is still reading what the project holds.
  var isLoading = false
  /// Keys that wait, in their order.
  var waiting: [Key] = []

  static let limit = 64
  /// The number of the question whether all has been read; answers to questions begin at 1.
  static let question = 0

  init() {}
}

extension ViewState {
  var loading: LoadingOptions {
    get { settings[LoadingOptions.self] }
    set { settings[LoadingOptions.self] = newValue }
  }
}

extension Reducer {
  /// Lets a key wait while the project is read; false = it means what it always does. What can be done
  /// without the project is done at once, until another key waits: keys never overtake each other, but
  /// for those that leave.
  mutating func keepsWaiting(_ key: Key) -> Bool {
    guard state.loading.isLoading, state.overlay == nil, state.prompt == nil else { return false }
    let action = state.table.action(for: key, on: state.screen)
    if action == .back, !state.loading.waiting.isEmpty {
      state.loading.waiting = []
      say("The keys that waited are forgotten.")
      return true
    }
    if [.quit, .cancel, .suspend, .redraw].contains(action) { return false }
    if state.loading.waiting.isEmpty {
      guard let action, action.whyNot(state) != nil else { return false }
    }
    guard state.loading.waiting.count < LoadingOptions.limit else {
      say("Loading the project: no more keys can wait.", isWarning: true)
      return true
    }
    state.loading.waiting.append(key)
    let names = state.loading.waiting.suffix(8).map(\.name).joined(separator: " ")
    announce("Loading the project; then: \(names).")
    return true
  }

  /// What has been read, or will never be, lets the keys go on.
  mutating func endLoading(_ event: EngineEvent) {
    guard state.loading.isLoading else { return }
    switch event {
    case .settled(LoadingOptions.question): break
    case .link(let link) where link.loss != nil: break
    case .ended: break
    default:
      // Nothing that loads takes their place on the status line.
      return
    }
    let keys = state.loading.waiting
    state.loading = LoadingOptions()
    if state.message?.isAnnouncement == true, !keys.isEmpty { state.message = nil }
    guard !state.engine.hasEnded, state.engine.link?.loss == nil else { return }
    for key in keys {
      // What a list was moved to stands by its rows, which are known by now.
      keepListsInRange()
      handle(.key(key))
    }
  }
}
