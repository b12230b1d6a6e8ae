import EngineInterface
import Synchronization

/// Hands events to the one consumer, thinning pictures: of each area at most one in `interval`
/// seconds goes out, the newest in the end; notices and changes of a job's state never wait. Four
/// pictures a second are as many as can be read, and drawing more would take time from the job.
final class Publisher: Sendable {
  /// The areas whose pictures replace one another.
  enum Area: Int, Sendable, CaseIterable {
    case project, corpus, models, scoring, selection, price, drivers, reading, commit, training
    case comparison, evaluation, job
  }

  let events: AsyncStream<EngineEvent>
  private let continuation: AsyncStream<EngineEvent>.Continuation
  private let interval: Double
  private let state = Mutex(State())

  private struct State {
    var pending: [Area: EngineEvent] = [:]
    var sent: [Area: Double] = [:]
  }

  init(interval: Double = 0.25) {
    self.interval = interval
    (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
  }

  /// Sends at once.
  func send(_ event: EngineEvent) { continuation.yield(event) }

  /// Sends the picture of an area, now or when its interval has passed.
  ///
  /// - Parameters:
  ///   - always: whether a picture that is not due waits for its time; else it is not even made.
  ///   - build: makes the picture, or nothing.
  func show(_ area: Area, always: Bool = true, _ build: () -> EngineEvent?) {
    let now = Clock.seconds()
    state.withLock { state in
      let due = now - (state.sent[area] ?? -.infinity) >= interval
      guard due || always, let event = build() else { return }
      if due {
        state.pending[area] = nil
        state.sent[area] = now
        continuation.yield(event)
      } else {
        state.pending[area] = event
      }
    }
  }

  /// Sends the picture of an area at once, and drops the one that waits.
  func showNow(_ area: Area, _ event: EngineEvent) {
    state.withLock { state in
      state.pending[area] = nil
      state.sent[area] = Clock.seconds()
      continuation.yield(event)
    }
  }

  /// Sends pictures that have waited long enough; called from a timer.
  func flush(all: Bool = false) {
    let now = Clock.seconds()
    state.withLock { state in
      for area in Area.allCases {
        guard let event = state.pending[area], all || now - (state.sent[area] ?? 0) >= interval
        else { continue }
        state.pending[area] = nil
        state.sent[area] = now
        continuation.yield(event)
      }
    }
  }

  /// The last event, then the end of the stream.
  func end() {
    flush(all: true)
    continuation.yield(.ended)
    continuation.finish()
  }
}
