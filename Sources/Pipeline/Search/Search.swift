public import Corpus
public import CorpusStudy
import Numerics

/// Looks for text, or a regular expression, in every chunk of token shards.
public struct Search: Sendable {
  public struct Settings: Sendable {
    /// Only chunks of this source; nil: all.
    public var source: String?
    /// Ends after so many chunks that match; nil: after the last chunk.
    public var limit: Int?
    public var threads: Int

    public init(source: String? = nil, limit: Int? = nil, threads: Int) {
      self.source = source
      self.limit = limit
      self.threads = threads
    }
  }

  private let search: CorpusSearch
  private let settings: Settings

  /// - Throws: `CorpusStudyError.noSuchSource`.
  public init(
    _ shards: TokenShards, texts: TokenTexts, for pattern: SearchPattern, _ settings: Settings
  ) throws(CorpusStudyError) {
    search = try CorpusSearch(shards, texts: texts, pattern: pattern, source: settings.source)
    self.settings = settings
  }

  /// Searches in the order of the chunks.
  ///
  /// - Parameter onHits: gets what was found since the last time, and how far the search is; called
  ///   also when nothing was found.
  /// - Returns: how far it came; what it counts may pass the limit by some chunks.
  /// - Throws: `CorpusError`, what `onHits` throws; `WorkStopped` with all hits so far handed over.
  public func run(
    _ work: Work, onHits: ([SearchHit], SearchProgress) throws -> Void
  ) throws -> SearchProgress {
    var pace = Pace()
    var left = max(0, settings.limit ?? .max)
    let end = try search.run(threads: settings.threads) { state, hits in
      let wanted = hits.prefix(left)
      left -= wanted.count
      try onHits(Array(wanted), state)
      let fraction = Double(state.searched) / Double(max(1, state.total))
      return work.goesOn(
        WorkProgress(
          fraction, secondsLeft: pace.secondsLeft(at: fraction),
          detail: "\(Number.grouped(state.searched)) of \(Number.grouped(state.total)) searched, "
            + "\(Number.grouped(state.hits)) match")) && left > 0
    }
    work.note(
      "\(Number.grouped(end.hits)) chunks match of \(Number.grouped(end.searched)) searched, "
        + "\(Number.grouped(end.total)) in all, \(Number.fixed(pace.seconds, 2)) s")
    if work.control.isStopping, left > 0, end.searched < end.total { throw WorkStopped() }
    return end
  }
}
