import CorpusStudy
import DifferenceSampling
import EngineInterface
import Foundation
import Pipeline

/// What a pass over the corpus looks for.
struct SearchKey: Sendable, Equatable {
  var filter: Filter
  /// Of the scores that the filter looks at, and how they are selected from; nil where it does not.
  var version: Int?
  var settings: SelectionSettings?
}

/// A search through the whole corpus, on threads of its own; ends soon after it is cancelled.
final class SearchTask: Sendable {
  /// What came since the last time.
  struct Found: Sendable {
    var task: ObjectIdentifier
    var chunks: [Int]
    var searched: Int
    var isDone: Bool
    var failure: String?
  }

  private let control = WorkControl()
  /// Seconds between two deliveries at least.
  private static let interval = 0.1

  func cancel() { control.stop() }

  /// Starts a pass of a filter over the corpus; `deliver` is called on its thread, the last time with
  /// `isDone`.
  func start(
    _ filter: ChunkFilter, threads: Int, deliver: @escaping @Sendable (Found) -> Void
  ) {
    let thread = Thread { [self] in
      var found = Found(task: ObjectIdentifier(self), chunks: [], searched: 0, isDone: false)
      let begun = Clock.seconds()
      var last = begun
      do {
        found.searched = try filter.run(threads: threads) { chunks, searched in
          found.chunks += chunks
          found.searched = searched
          let now = Clock.seconds()
          // The longer it takes the rarer: every delivery is sorted anew.
          if now - last >= max(Self.interval, 0.2 * (now - begun)) {
            deliver(found)
            found.chunks = []
            last = now
          }
          return !control.isStopping
        }
      } catch {
        found.failure = "\(error)"
      }
      guard !control.isStopping else { return }
      found.isDone = true
      deliver(found)
    }
    thread.name = "search"
    thread.start()
  }
}
