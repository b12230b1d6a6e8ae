import CLocalSocket
public import EngineInterface
import Foundation
import Glibc
import Synchronization

/// An engine that other processes can attach to: screens that steer and screens that only look.
///
/// Its own process goes on as the engine's one consumer through `events`. A thread of the link's own
/// codes pictures and waits for sockets; neither a slow screen nor one that does not read keeps the
/// engine waiting.
public final class LinkServer: EngineClient {
  public struct Settings: Sendable {
    /// "miniplm 0.1.0".
    public var program: String
    /// Who does the work, for people: "process 4711 (miniplm run demo)".
    public var engine: String
    /// Seconds without a screen and without a job after which the engine is asked to end; nil = never.
    public var idleSeconds: Double?

    public init(program: String, engine: String, idleSeconds: Double? = nil) {
      self.program = program
      self.engine = engine
      self.idleSeconds = idleSeconds
    }
  }

  public let events: AsyncStream<EngineEvent>
  private let continuation: AsyncStream<EngineEvent>.Continuation
  private let engine: any EngineClient
  private let inbox: LinkInbox
  private let loop: LinkLoop.Parts
  private let ended = DispatchSemaphore(value: 0)

  /// Serves `engine`, whose process holds the lock of `folder`.
  ///
  /// - Throws: `LinkError.noSocket` where no socket can be had.
  public init(engine: any EngineClient, folder: String, settings: Settings) throws(LinkError) {
    self.engine = engine
    let place = LinkPlace(folder: folder)
    let (listener, file) = try place.listen()
    inbox = LinkInbox()
    loop = LinkLoop.Parts(place: place, listener: listener, file: file, settings: settings)
    (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
  }

  public func send(_ command: EngineCommand) { engine.send(command) }

  /// Begins to serve; call once, before the engine starts.
  public func start() {
    let (inbox, continuation, engine, parts, ended) = (inbox, continuation, engine, loop, ended)
    // Only waits, so it may live on the cooperative pool.
    Task.detached { [events = engine.events] in
      for await event in events {
        inbox.put(event)
        continuation.yield(event)
      }
      inbox.end()
      continuation.finish()
    }
    let thread = Thread {
      LinkLoop(parts, inbox: inbox, engine: engine).run()
      ended.signal()
    }
    thread.name = "link"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Waits, two seconds at most, until all screens have been told of the end, and takes the socket away.
  public func close() {
    inbox.end()
    if ended.wait(timeout: .now() + LinkLoop.farewell + 1) == .success { ended.signal() }
  }

  /// Whether a screen has asked the engine to end.
  public var wasAskedToEnd: Bool { inbox.wasAskedToEnd }
}

/// What the engine has said, until the link's thread takes it.
final class LinkInbox: Sendable {
  private struct State {
    var events: [EngineEvent] = []
    var hasEnded = false
    var wasAskedToEnd = false
  }

  /// What poll() waits for beside sockets.
  let bell = cs_bell()
  private let state = Mutex(State())

  deinit { Glibc.close(bell) }

  func put(_ event: EngineEvent) {
    state.withLock { $0.events.append(event) }
    cs_ring(bell)
  }

  func end() {
    state.withLock { $0.hasEnded = true }
    cs_ring(bell)
  }

  func noteRequestToEnd() { state.withLock { $0.wasAskedToEnd = true } }

  var wasAskedToEnd: Bool { state.withLock(\.wasAskedToEnd) }

  func take() -> (events: [EngineEvent], hasEnded: Bool) {
    cs_heard(bell)
    return state.withLock { state in
      defer { state.events = [] }
      return (state.events, state.hasEnded)
    }
  }
}
