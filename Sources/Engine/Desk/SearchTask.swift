import CorpusStudy
import Foundation
import Pipeline

/// What a search looks for.
struct SearchKey: Sendable, Equatable {
  var text: String
  var source: String?

  /// "/.../" is a regular expression, anything else plain text.
  func pattern() throws(CorpusStudyError) -> SearchPattern {
    if text.count > 2, text.hasPrefix("/"), text.hasSuffix("/") {
      return try SearchPattern(String(text.dropFirst().dropLast()), isRegex: true)
    }
    return try SearchPattern(text)
  }
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
  /// Seconds between two deliveries.
  private static let interval = 0.1

  func cancel() { control.stop() }

  /// Starts; `deliver` is called on the search's thread, the last time with `isDone`.
  func start(_ search: Search, deliver: @escaping @Sendable (Found) -> Void) {
    let thread = Thread { [self] in
      var found = Found(task: ObjectIdentifier(self), chunks: [], searched: 0, isDone: false)
      var last = Clock.seconds()
      do {
        let progress = try search.run(Work(control: control)) { hits, progress in
          found.chunks += hits.map(\.chunk)
          found.searched = progress.searched
          let now = Clock.seconds()
          if now - last >= Self.interval {
            deliver(found)
            found.chunks = []
            last = now
          }
        }
        found.searched = progress.searched
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
