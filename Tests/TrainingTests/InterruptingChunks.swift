import Synchronization
import Training

/// Chunks that call back when a number of them has been read: a way to act inside a step.
final class InterruptingChunks: TokenChunks {
  private struct Alarm {
    var reads: Int
    var action: @Sendable () -> Void
  }

  private let base: ChunkList
  private let alarm = Mutex<Alarm?>(nil)

  init(_ base: ChunkList) { self.base = base }

  var count: Int { base.count }
  var sources: [String] { base.sources }
  func source(of chunk: Int) -> Int { base.source(of: chunk) }

  /// Calls `action` at the read that follows `reads` others from now on.
  func arm(afterReads reads: Int, _ action: @escaping @Sendable () -> Void) {
    alarm.withLock { $0 = Alarm(reads: reads, action: action) }
  }

  func tokens(of chunk: Int) throws -> [Int32] {
    let action = alarm.withLock { alarm -> (@Sendable () -> Void)? in
      guard var armed = alarm else { return nil }
      armed.reads -= 1
      alarm = armed.reads < 0 ? nil : armed
      return armed.reads < 0 ? armed.action : nil
    }
    action?()
    return try base.tokens(of: chunk)
  }
}
