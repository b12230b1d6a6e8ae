import Glibc
import Synchronization

/// The controls of a running scoring job; any thread may use them.
///
/// The job looks between batches, so a request is answered within one forward pass of each model.
public final class ScoringControl: Sendable {
  /// What the job should do.
  public enum Request: UInt8, Sendable {
    /// Go on.
    case run
    /// Wait between batches.
    case pause
    /// Save the block in hand, then stop.
    case stopAfterBlock
    /// Stop at once; the block in hand is scored again by the next run.
    case stopNow
  }

  private let value = Atomic<UInt8>(Request.run.rawValue)

  public init() {}

  /// The present request.
  public var request: Request {
    get { Request(rawValue: value.load(ordering: .acquiring)) ?? .run }
    set { value.store(newValue.rawValue, ordering: .releasing) }
  }

  /// Blocks while the request is to pause.
  func waitWhilePaused() {
    while request == .pause { usleep(20_000) }
  }
}
