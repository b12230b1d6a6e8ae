import CLocalSocket
public import EngineInterface
import Foundation
import Glibc
import Store
import Synchronization

/// An engine in another process.
///
/// A thread of its own reads and writes the socket. Where the other side goes without a farewell, a
/// notice and a link with a `loss` say so, and the stream stays open: what was shown can still be read.
public final class LinkClient: EngineClient {
  public let events: AsyncStream<EngineEvent>
  private let continuation: AsyncStream<EngineEvent>.Continuation
  private let line: LinkLine
  private let isReadOnly: Bool
  private let state = Mutex(State())
  private let finished = DispatchSemaphore(value: 0)
  /// What to do when the other side has gone.
  private let advice: String

  /// Whether all that there was at the beginning has come, or the other side has gone.
  private let caughtUp: AsyncStream<Void>
  private let caughtUpContinuation: AsyncStream<Void>.Continuation

  /// Attaches to whoever serves the project in `folder`.
  ///
  /// - Parameters:
  ///   - isPassing: whether it only asks something and goes, and is no screen that others are told of.
  ///   - program: this program, "miniplm 0.1.0".
  ///   - advice: a sentence for people, for the case that the engine's process dies.
  /// - Throws: `LinkError`; `.notThere` where nobody serves it.
  public init(
    folder: String, isReadOnly: Bool, isPassing: Bool = false, program: String, advice: String
  ) throws(LinkError) {
    guard let descriptor = try LinkPlace(folder: folder).connect() else {
      throw .notThere(folder: folder)
    }
    line = LinkLine(descriptor)
    var (user, process) = (uid_t(), pid_t())
    guard cs_peer(descriptor, &user, &process) == 0, user == geteuid() else {
      throw .foreign(user: Int(user))
    }
    self.isReadOnly = isReadOnly
    self.advice = advice
    (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    (caughtUp, caughtUpContinuation) = AsyncStream.makeStream()
    let reader = try line.greet(
      LinkGreeting(program: program, isReadOnly: isReadOnly, isPassing: isPassing), folder: folder)
    let thread = Thread { [self] in run(reader) }
    thread.name = "link"
    thread.stackSize = 8 << 20
    thread.start()
  }

  public func send(_ command: EngineCommand) {
    if case .shutDown = command { state.withLock { $0.wasAskedToEnd = true } }
    // A command that cannot be coded does not exist: the tests go through all of them.
    if let bytes = try? LinkProtocol.bytes(.command(command)) { line.put(bytes) }
  }

  /// Returns when all that there was at the beginning has come, or the other side has gone: how many
  /// events that is.
  @discardableResult
  public func waitUntilCaughtUp() async -> Int {
    for await _ in caughtUp { break }
    return state.withLock(\.early)
  }

  /// Detaches: the work goes on. What was sent before still goes out, within a second, and what has
  /// come can still be read.
  public func close() {
    line.close()
    _ = finished.wait(timeout: .now() + 1)
    continuation.finish()
  }

  /// How it ended, as far as that is known.
  public var parting: Parting {
    state.withLock { state in
      if let loss = state.loss { return .lost(loss) }
      if !state.hasEnded { return .detached }
      return state.wasAskedToEnd ? .endedAsAsked : .endedByOthers
    }
  }

  public enum Parting: Sendable, Equatable {
    case detached, endedAsAsked, endedByOthers
    /// The engine's process has gone, and what to do.
    case lost(String)
  }

  private struct State {
    var hasEnded = false
    var wasAskedToEnd = false
    /// Events that came before it was caught up.
    var early = 0
    var isCaughtUp = false
    var loss: String?
  }

  // MARK: - The thread

  private func run(_ reader: FrameReader) {
    defer { finished.signal() }
    var reader = reader
    var hasEnded = false
    var fault: String?
    do {
      reading: while true {
        while let payload = try reader.next() {
          switch try LinkProtocol.read(EngineMessage.self, payload) {
          case .welcome: break
          case .refused(let reason):
            fault = reason
            break reading
          case .caughtUp:
            state.withLock { $0.isCaughtUp = true }
            caughtUpContinuation.finish()
          case .event(let event):
            if case .ended = event {
              hasEnded = true
              state.withLock { $0.hasEnded = true }
            }
            state.withLock { if !$0.isCaughtUp { $0.early += 1 } }
            continuation.yield(event)
          }
        }
        guard let bytes = line.receive() else { break }
        reader.add(bytes)
      }
    } catch {
      fault = "\(error)"
    }
    caughtUpContinuation.finish()
    let wasClosed = line.hang()
    if hasEnded || wasClosed { return continuation.finish() }
    let loss = fault ?? "The engine's process has gone: it was killed, or it crashed."
    let text = "\(loss) \(advice)"
    state.withLock { $0.loss = text }
    continuation.yield(.notice(Notice(level: .error, text: text, time: "")))
    continuation.yield(.link(LinkSnapshot(isReadOnly: isReadOnly, controllers: 0, loss: text)))
  }
}
