import Dispatch
import Foundation
import Synchronization

/// SIGINT, SIGTERM and SIGHUP in a job without a screen: the first asks it to stop at a safe point
/// and save, the second ends the program.
final class Interruption: @unchecked Sendable {
  // Sendable: `sources` is only touched by the thread that made it.
  private let count = Atomic<Int>(0)
  private var sources: [any DispatchSourceSignal] = []
  private static let numbers = [SIGINT, SIGTERM, SIGHUP]

  /// Listens from now on; `stop` is called once, on a thread of its own.
  init(_ stop: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "signals")
    for number in Self.numbers {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [self] in
        if count.add(1, ordering: .relaxed).newValue == 1 {
          Output.error("Stopping at the next safe point; once more to leave at once.")
          stop()
        } else {
          ExitStatus.leave(128 + number)
        }
      }
      source.activate()
      sources.append(source)
    }
  }

  /// Listens no longer: signals end the program again.
  func end() {
    for source in sources { source.cancel() }
    sources = []
    for number in Self.numbers { signal(number, SIG_DFL) }
  }

  /// Whether a stop was asked for.
  var isRequested: Bool { count.load(ordering: .relaxed) > 0 }
}
