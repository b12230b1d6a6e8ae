public import DifferenceSampling
import Glibc
import Synchronization
public import Training

/// The controls of one piece of work, whichever verb does it; any thread may use them.
///
/// A verb looks between batches, documents or blocks, so a request is answered within one of them.
public final class WorkControl: Sendable {
  /// What scoring jobs and training runs read themselves.
  public let scoring = ScoringControl()
  public let training = TrainingControl()

  private let stopping = Atomic<Bool>(false)
  private let paused = Atomic<Bool>(false)

  public init() {}

  /// Whether the work is to end at its next safe point.
  public var isStopping: Bool { stopping.load(ordering: .acquiring) }

  /// Whether the work is to wait.
  public var isPaused: Bool { !isStopping && paused.load(ordering: .acquiring) }

  /// Returns when the work may go on; any thread of the work may call it between two tasks.
  @Sendable public func waitWhilePaused() {
    while isPaused { usleep(20_000) }
  }

  public func pause() {
    paused.store(true, ordering: .releasing)
    training.pause()
    scoring.request = .pause
  }

  public func resume() {
    guard !isStopping else { return }
    paused.store(false, ordering: .releasing)
    training.resume()
    scoring.request = .run
  }

  /// Ends the work at its next safe point with everything saved, or at once.
  public func stop(saving: Bool = true) {
    stopping.store(true, ordering: .releasing)
    training.stop()
    scoring.request = saving ? .stopAfterBlock : .stopNow
  }

  /// Lets a training run write a checkpoint and go on.
  public func checkpoint() { training.requestCheckpoint() }
}
