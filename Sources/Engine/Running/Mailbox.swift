import Foundation

/// A queue between threads: `send` never blocks, `receive` waits.
final class Mailbox<Message: Sendable>: @unchecked Sendable {
  // Sendable: every access holds `condition`.
  private let condition = NSCondition()
  private var messages: [Message] = []
  private var isClosed = false

  /// Adds a message; ignored after `close()`.
  func send(_ message: Message) {
    condition.lock()
    defer { condition.unlock() }
    guard !isClosed else { return }
    messages.append(message)
    condition.signal()
  }

  /// Everything queued, after waiting at most `timeout` seconds for the first; empty on time-out;
  /// nil once closed and empty.
  func receive(timeout: Double) -> [Message]? {
    condition.lock()
    defer { condition.unlock() }
    if messages.isEmpty, !isClosed {
      _ = condition.wait(until: Date(timeIntervalSinceNow: timeout))
    }
    if messages.isEmpty, isClosed { return nil }
    defer { messages.removeAll(keepingCapacity: true) }
    return messages
  }

  /// Lets `receive` end.
  func close() {
    condition.lock()
    defer { condition.unlock() }
    isClosed = true
    condition.broadcast()
  }
}
