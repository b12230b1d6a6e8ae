import CProcess
import Foundation
import Synchronization

/// The signals of the process, from its first line to its last.
///
/// The first INT, TERM, HUP, USR1, USR2 or XCPU asks the work to save and to stop at its next safe
/// point. Until it has, and the program has ended, further ones change nothing: `timeout`, `srun` and
/// `mpirun` send two as a matter of course. Only a second Ctrl-C, at least two seconds behind the
/// first, leaves at once, and QUIT. A command that only looks has nothing to save and ends as any
/// program does.
///
/// A project's work goes on at HUP, the end of a terminal: any other terminal can attach to it.
///
/// Where the work can save and go on, USR1 asks for just that, as often as it comes: batch systems send
/// it some minutes before the end that TERM then announces (`sbatch --signal=USR1@300`), and between the
/// two there is still work to be done. Everything else stops by it, for there whoever sends it can only
/// mean that.
final class Interruption: Sendable {
  /// There is one set of signals.
  static let shared = Interruption()

  /// What the program is about, as far as a signal is concerned.
  private enum Phase {
    /// Nothing can be lost: the signal does what it does to any program.
    case looking
    /// Arguments and inputs of a command that works: nothing is written yet.
    case preparing
    /// How the work is asked to stop.
    case working(
      stop: @Sendable () -> Void, save: (@Sendable () -> Void)?, outlivesTerminal: Bool)
    /// The work is done or stopped; the result is being said.
    case ending
    /// A signal ends the program at this moment.
    case leaving
  }

  private enum Screen {
    case none
    /// Being opened: signals wait until it stands.
    case opening
    /// It stands and takes the signals itself; one that was on its way here is sent on.
    case shown
  }

  private struct State {
    var phase = Phase.looking
    var screen = Screen.none
    var isRequested = false
    var firstInterrupt: ContinuousClock.Instant?
    /// The first signal that came while a screen was being opened.
    var held: Int32?
  }

  /// What a signal comes to.
  private enum Answer {
    case nothing
    case note(String)
    case stop(@Sendable () -> Void)
    case save(@Sendable () -> Void)
    case leave(Int32, String?)
    case sendOn
    case die
  }

  private let state = Mutex(State())
  private let isListening = Atomic(false)
  /// Two Ctrl-C that mean "at once" lie so far apart at least.
  private static let pause = Duration.seconds(2)

  /// Listens from now on, once; what has come before is answered then.
  func listen() {
    guard !isListening.exchange(true, ordering: .acquiring) else { return }
    // A reader that goes away and a file that grows too large are errors of a write.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    let thread = Thread { [self, end = ends[0]] in
      cp_take_signals_here()
      var number: UInt8 = 0
      while true {
        let count = read(end, &number, 1)
        if count == 1 { take(Int32(number)) } else if count == 0 || errno != EINTR { return }
      }
    }
    for number in [SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, SIGQUIT] {
      _ = cp_watch_signal(number, ends[1], false)
    }
    // Under nohup it is to go on when the terminal goes.
    _ = cp_watch_signal(SIGHUP, ends[1], true)
    thread.name = "signals"
    thread.start()
  }

  /// A command begins that works, and has not written anything yet.
  func prepare() {
    state.withLock { state in
      if case .looking = state.phase { state.phase = .preparing }
    }
  }

  /// From now on a signal calls `stop`, once, on a thread of its own; at once where one has come.
  /// A command that only looks goes on ending as any program does.
  ///
  /// - Parameters:
  ///   - save: called by USR1 instead, where the work can save and go on.
  ///   - outlivesTerminal: whether the work goes on at HUP, for others can come to it.
  func begin(
    saving save: (@Sendable () -> Void)? = nil, outlivesTerminal: Bool = false,
    _ stop: @escaping @Sendable () -> Void
  ) {
    let isRequested = state.withLock { state in
      if case .looking = state.phase { return false }
      state.phase = .working(stop: stop, save: save, outlivesTerminal: outlivesTerminal)
      return state.isRequested
    }
    if isRequested { stop() }
  }

  /// The work has ended, saved what there is to save, and only has to say so.
  func end() {
    state.withLock { state in
      if case .working = state.phase { state.phase = .ending }
    }
  }

  /// A screen is about to take the terminal: a signal from now on waits for `screenStands`, or the
  /// program would leave in the middle of switching the terminal's modes on.
  func holdForScreen() {
    let isLeaving = state.withLock { state in
      if case .leaving = state.phase { return true }
      state.screen = .opening
      return false
    }
    // The thread of the signals is about to end the program.
    while isLeaving { sleep(1) }
  }

  /// The screen has taken the signals over; one that has waited comes again.
  func screenStands() {
    let held = state.withLock { state in
      state.screen = .shown
      return state.held
    }
    if let held { kill(getpid(), held) }
  }

  /// The screen has gone; what worked behind it alone goes on.
  func screenHasGone() {
    state.withLock { state in
      state.screen = .none
      switch state.phase {
      case .looking, .preparing: state.phase = .ending
      default: break
      }
    }
  }

  /// Whether a stop was asked for.
  var isRequested: Bool { state.withLock(\.isRequested) }

  private func take(_ number: Int32) {
    switch answer(to: number) {
    case .nothing: break
    case .note(let text): Output.error(text)
    case .stop(let stop):
      stop()
      Output.error(
        "Stopping at the next safe point; Ctrl-C again after two seconds leaves at once.")
    case .save(let save):
      save()
      Output.error("Saving at the next safe point, and going on.")
    case .leave(let code, let text):
      if let text { Output.error(text) }
      ExitStatus.leave(code)
    case .sendOn:
      kill(getpid(), number)
    case .die:
      cp_die_by_signal(number)
    }
  }

  private func answer(to number: Int32) -> Answer {
    let now = ContinuousClock.now
    return state.withLock { state in
      let answer = answer(to: number, at: now, &state)
      switch answer {
      case .die, .leave: state.phase = .leaving
      default: break
      }
      return answer
    }
  }

  private func answer(
    to number: Int32, at now: ContinuousClock.Instant, _ state: inout State
  ) -> Answer {
    switch state.screen {
    case .none: break
    case .opening:
      state.held = state.held ?? number
      return .nothing
    // QUIT is none of the screen's: the program leaves, and the terminal is restored on the way.
    case .shown where number == SIGQUIT: break
    case .shown: return .sendOn
    }
    if case .looking = state.phase { return .die }
    if number == SIGQUIT { return .leave(128 + number, nil) }
    if number == SIGUSR1, !state.isRequested, case .working(_, let save?, _) = state.phase {
      return .save(save)
    }
    if number == SIGHUP, case .working(_, _, true) = state.phase {
      return .note("The terminal has gone; the work goes on.")
    }
    if number == SIGINT, let first = state.firstInterrupt {
      return now - first >= Self.pause ? .leave(128 + number, nil) : .nothing
    }
    if number == SIGINT { state.firstInterrupt = now }
    let isFirst = !state.isRequested
    state.isRequested = true
    switch state.phase {
    case .preparing: return .leave(4, "Stopped before the work began; nothing was written.")
    case .working(let stop, _, _) where isFirst: return .stop(stop)
    case .working where number == SIGINT:
      return .note("Already stopping; Ctrl-C again after two seconds leaves at once.")
    default: return .nothing
    }
  }
}

/// A command that only reads and prints: a signal ends it as it ends any program.
protocol LooksOnly {}
