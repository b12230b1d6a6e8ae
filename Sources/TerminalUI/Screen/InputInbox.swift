import Glibc
import Synchronization

/// Where the input thread leaves what it has read; the main actor empties it.
final class InputInbox: Sendable {
  struct Content: Sendable {
    var bytes: [UInt8] = []
    var signals: [Int32] = []
    var isDisconnected = false
  }

  /// A main actor that does not drain may not make the process grow: more than this is dropped.
  static let maximumBytes = 1 << 24

  let terminal: Int32
  /// Reading end of the pipe that signal handlers write to; a zero byte ends the thread.
  let signalPipe: Int32
  private let content = Mutex(Content())
  private let wakeUp: AsyncStream<Void>.Continuation

  init(terminal: Int32, signalPipe: Int32, wakeUp: AsyncStream<Void>.Continuation) {
    self.terminal = terminal
    self.signalPipe = signalPipe
    self.wakeUp = wakeUp
  }

  func take() -> Content {
    content.withLock { content in
      defer { content = Content() }
      return content
    }
  }

  func signal() { wakeUp.yield() }

  /// Waits for the terminal and the pipe until told to end. Runs on a thread of its own, so that
  /// keys are taken while the main actor draws and the engine computes.
  fileprivate func run() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var terminalEvents = Int16(POLLIN)
    while true {
      var waits = [
        pollfd(fd: signalPipe, events: Int16(POLLIN), revents: 0),
        pollfd(fd: terminalEvents == 0 ? -1 : terminal, events: terminalEvents, revents: 0),
      ]
      if poll(&waits, 2, -1) < 0 {
        if errno == EINTR { continue }
        return
      }
      if waits[0].revents != 0 {
        let count = read(signalPipe, &buffer, buffer.count)
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { return }
        let numbers = buffer.prefix(max(0, count)).map(Int32.init)
        if numbers.contains(0) { return }
        content.withLock { $0.signals += numbers }
        wakeUp.yield()
      }
      if waits[1].revents != 0 {
        let count = read(terminal, &buffer, buffer.count)
        if count > 0 {
          let bytes = buffer.prefix(count)
          content.withLock { content in
            if content.bytes.count < Self.maximumBytes { content.bytes += bytes }
          }
        } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
          terminalEvents = 0
          content.withLock { $0.isDisconnected = true }
        }
        wakeUp.yield()
      }
    }
  }
}

/// The thread that runs an inbox. Its entry is a top-level function: a closure made on the main actor
/// would carry the actor's isolation check into the thread and trap.
struct InputThread {
  private let thread: pthread_t

  /// Starts the thread; nil if the system has none to give.
  init?(_ inbox: InputInbox) {
    // A signal that lands on this thread would be handled all the same, but its stack has no
    // alternate one; leave them to the others.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    for fatal in [SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP] { sigdelset(&all, fatal) }
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(inbox)
    guard pthread_create(&thread, nil, inputThreadMain, context.toOpaque()) == 0 else {
      context.release()
      return nil
    }
    self.thread = thread
  }

  func join() { pthread_join(thread, nil) }
}

private func inputThreadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<InputInbox>.fromOpaque(context).takeRetainedValue().run() }
  return nil
}
