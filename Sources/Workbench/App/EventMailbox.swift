import EngineInterface
import Synchronization

/// Events of the engine until the main actor takes them; every delivery rings the bell.
final class EventMailbox: Sendable {
  private let waiting = Mutex<[EngineEvent]>([])
  private let bell: AsyncStream<Void>.Continuation

  init(bell: AsyncStream<Void>.Continuation) {
    self.bell = bell
  }

  func put(_ event: EngineEvent) {
    waiting.withLock { $0.append(event) }
    bell.yield()
  }

  func takeAll() -> [EngineEvent] {
    waiting.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
