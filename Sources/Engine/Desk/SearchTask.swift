import CorpusStudy
import DifferenceSampling
import EngineInterface
import Foundation
import Pipeline

/// What a search looks for.
struct SearchKey: Sendable, Equatable {
  var text: String
  var source: String?
  var filter: Filter?
  /// Of the scores that the filter looks at, and how they are selected from.
  var version = 0
  var settings: SelectionSettings?

  /// With the source and the text as terms; nil without a filter.
  var wholeFilter: Filter? {
    guard let filter else { return nil }
    var terms = [filter]
    if let source { terms.append(.name(field: "source", anyOf: [source], isExact: true)) }
    if text.count > 2, text.hasPrefix("/"), text.hasSuffix("/") {
      terms.append(.pattern(String(text.dropFirst().dropLast())))
    } else if !text.isEmpty {
      terms.append(.text(text))
    }
    return .all(terms)
  }

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

  /// Starts a search for text.
  func start(_ search: Search, deliver: @escaping @Sendable (Found) -> Void) {
    start(deliver: deliver) { control, report in
      try search.run(Work(control: control)) { hits, progress in
        report(hits.map(\.chunk), progress.searched)
      }.searched
    }
  }

  /// Starts a pass of a filter over the corpus.
  func start(
    _ filter: ChunkFilter, threads: Int, deliver: @escaping @Sendable (Found) -> Void
  ) {
    start(deliver: deliver) { control, report in
      try filter.run(threads: threads) { chunks, searched in
        report(chunks, searched)
        return !control.isStopping
      }
    }
  }

  /// `deliver` is called on the search's thread, the last time with `isDone`.
  ///
  /// - Parameter run: reports chunks and how many were looked at, and returns the latter.
  private func start(
    deliver: @escaping @Sendable (Found) -> Void,
    run: @escaping @Sendable (WorkControl, @escaping ([Int], Int) -> Void) throws -> Int
  ) {
    let thread = Thread { [self] in
      var found = Found(task: ObjectIdentifier(self), chunks: [], searched: 0, isDone: false)
      var last = Clock.seconds()
      do {
        found.searched = try run(control) { chunks, searched in
          found.chunks += chunks
          found.searched = searched
          let now = Clock.seconds()
          if now - last >= Self.interval {
            deliver(found)
            found.chunks = []
            last = now
          }
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
