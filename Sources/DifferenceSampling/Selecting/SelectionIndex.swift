/// Scores prepared so that any selection is answered in microseconds, while they come in, too.
///
/// A table is sorted once, on creation: O(n) time and about 40 bytes a chunk together with the
/// scores. Chunks scored later join as sorted runs, of which equally large ones are merged, so that
/// adding n chunks in pieces costs O(n log n) in all and there are at most log n runs. Every answer
/// is that of one sorted table.
public struct SelectionIndex: Sendable {
  /// Labels of the sources, by source number.
  public let sourceNames: [String]
  /// Chunks in the corpus, scored or not.
  public let chunkCount: Int
  /// The cap that the index was built for.
  public let teacherNLLCap: Float?
  /// By what its chunks are ranked.
  public let ranking: SelectionRanking

  /// Runs of falling size; one for a table that was sorted as a whole.
  let runs: [ScoreRun]
  /// Ranked chunks and their tokens by source number, capped ones included.
  let totals: [ScoreRun.SourceTotal]

  /// Sorts `scores`.
  ///
  /// - Parameters:
  ///   - sourceNames: labels by source number; a number without a label gets one.
  ///   - chunkCount: chunks in the corpus; more than `scores.count` while scoring goes on.
  public init(scores: ChunkScores, sourceNames: [String], chunkCount: Int? = nil) {
    let sourceCount = max(sourceNames.count, scores.sources.reduce(0) { max($0, Int($1) + 1) })
    var names = sourceNames
    for source in names.count..<sourceCount { names.append("source \(source)") }
    self.init(
      runs: [ScoreRun(RankedScores(scores), sourceCount: names.count, teacherNLLCap: nil)],
      sourceNames: names, chunkCount: chunkCount ?? scores.count, teacherNLLCap: nil,
      ranking: .difference)
  }

  private init(
    runs: [ScoreRun], sourceNames: [String], chunkCount: Int, teacherNLLCap: Float?,
    ranking: SelectionRanking
  ) {
    self.runs = runs
    self.sourceNames = sourceNames
    self.chunkCount = chunkCount
    self.teacherNLLCap = teacherNLLCap
    self.ranking = ranking
    totals = sourceNames.indices.map { source in
      runs.reduce(into: ScoreRun.SourceTotal()) { sum, run in
        sum.chunks += run.totals[source].chunks
        sum.tokens += run.totals[source].tokens
      }
    }
  }

  /// The index with further scores, of chunks that it does not hold yet.
  ///
  /// - Parameter rows: their sources must have names.
  public func adding(_ rows: ChunkScores) -> SelectionIndex {
    guard rows.count > 0 else { return self }
    var runs = runs.filter { $0.scores.count > 0 }
    var added = RankedScores(rows, by: ranking)
    while let last = runs.last, last.scores.count <= 2 * added.scores.count {
      runs.removeLast()
      added = RankedScores(last.scores.merged(with: added.scores), by: ranking)
    }
    runs.append(run(added))
    return SelectionIndex(
      runs: runs, sourceNames: sourceNames, chunkCount: chunkCount, teacherNLLCap: teacherNLLCap,
      ranking: ranking)
  }

  private func run(_ ranked: RankedScores) -> ScoreRun {
    ScoreRun(ranked, sourceCount: sourceNames.count, teacherNLLCap: teacherNLLCap)
  }

  /// The same scores under another cap, without sorting again: O(n).
  public func capped(at teacherNLLCap: Float?) -> SelectionIndex {
    teacherNLLCap == self.teacherNLLCap
      ? self
      : SelectionIndex(
        runs: runs.map {
          ScoreRun($0.ranked, sourceCount: sourceNames.count, teacherNLLCap: teacherNLLCap)
        },
        sourceNames: sourceNames, chunkCount: chunkCount, teacherNLLCap: teacherNLLCap,
        ranking: ranking)
  }

  /// The same scores in another order: sorts them again.
  public func ranked(by ranking: SelectionRanking) -> SelectionIndex {
    ranking == self.ranking
      ? self
      : SelectionIndex(
        runs: runs.map { run(RankedScores($0.scores, by: ranking)) }, sourceNames: sourceNames,
        chunkCount: chunkCount, teacherNLLCap: teacherNLLCap, ranking: ranking)
  }

  // MARK: - Scores

  /// Scored chunks, those without a finite difference included.
  public var scoredCount: Int { runs.reduce(0) { $0 + $1.scores.count } }

  /// All scores, one row a scored chunk: at hand for a table that was sorted as a whole, merged in
  /// O(n) while there are several runs.
  public var scores: ChunkScores {
    // Small ones first, so that no row is moved more often than there are runs of its size.
    runs.reversed().reduce(ChunkScores()) {
      $0.count == 0 ? $1.scores : $1.scores.merged(with: $0)
    }
  }

  /// The score of `chunk`, or nil if it is not scored.
  public func score(ofChunk chunk: Int) -> ChunkScore? {
    place(ofChunk: chunk).map { runs[$0.run].scores[$0.row] }
  }

  /// Run and row of a chunk.
  func place(ofChunk chunk: Int) -> (run: Int, row: Int)? {
    for (number, run) in runs.enumerated() {
      if let row = run.scores.row(ofChunk: chunk) { return (number, row) }
    }
    return nil
  }

  // MARK: - Ranks

  /// Chunks that can be ranked: scored, with a finite difference.
  public var rankedCount: Int { runs.reduce(0) { $0 + $1.ranked.count } }

  /// The rank of `chunk` (0 is the highest difference), or nil if it has none.
  public func rank(ofChunk chunk: Int) -> Int? {
    guard let place = place(ofChunk: chunk),
      let own = runs[place.run].ranked.rank(ofRow: place.row)
    else { return nil }
    if runs.count == 1 { return own }
    let key = runs[place.run].ranked.key(atRank: own)
    return runs.reduce(0) { sum, run in
      sum + partition(run.ranked.count) { run.ranked.key(atRank: $0) < key }
    }
  }

  /// The score at `rank`, which must be one of the ranks.
  public func score(atRank rank: Int) -> ChunkScore { scores(atRanks: rank..<rank + 1)[0] }

  /// The scores at these ranks, best first; ranks that there are not are left out.
  public func scores(atRanks ranks: Range<Int>) -> [ChunkScore] {
    let ranks = ranks.clamped(to: 0..<rankedCount)
    if ranks.isEmpty { return [] }
    let lists = rankedLists
    var places = lists.split(first: ranks.lowerBound)
    return ranks.compactMap { _ in
      guard let run = lists.next(after: places) else { return nil }
      places[run] += 1
      return runs[run].ranked.score(atRank: places[run] - 1)
    }
  }

  /// The chunks of a source at these places of its ranking, best first; those beyond the cap have
  /// none. Places that there are not are left out.
  public func chunks(ofSource source: Int, at places: Range<Int>) -> [Int] {
    let lists = lists(ofSource: source)
    let wanted = places.clamped(to: 0..<lists.counts.reduce(0, +))
    if wanted.isEmpty { return [] }
    var places = lists.split(first: wanted.lowerBound)
    return wanted.compactMap { _ in
      guard let run = lists.next(after: places) else { return nil }
      places[run] += 1
      let rank = Int(runs[run].sources[source].ranks[places[run] - 1])
      return runs[run].ranked.score(atRank: rank).chunk
    }
  }

  /// Chunks of a source that `chunks(ofSource:at:)` has places for.
  public func selectableCount(ofSource source: Int) -> Int {
    runs.reduce(0) { $0 + $1.sources[source].count }
  }

  /// The ranked chunks of all runs.
  var rankedLists: SortedLists {
    SortedLists(counts: runs.map(\.ranked.count)) { runs[$0].ranked.key(atRank: $1) }
  }

  /// The selectable chunks of a source.
  func lists(ofSource source: Int) -> SortedLists {
    SortedLists(counts: runs.map { $0.sources[source].count }) {
      runs[$0].key(ofSource: source, at: $1)
    }
  }

  // MARK: - Selecting

  /// The selection by `settings`: O(sources x log n) unless cap or ranking changed, which costs O(n)
  /// once.
  ///
  /// - Throws: `DifferenceSamplingError.invalidSetting`.
  public func select(_ settings: SelectionSettings) throws(DifferenceSamplingError) -> Selection {
    try settings.validate()
    for source in settings.floors.keys where !sourceNames.contains(source) {
      throw .invalidSetting(
        name: "floor", found: "source \(source)", expected: "one of \(sourceNames.sorted())")
    }
    for choice in settings.manual
    where !(0..<chunkCount).contains(choice.chunk) && scores.row(ofChunk: choice.chunk) == nil {
      throw .invalidSetting(
        name: "choice by hand", found: "chunk \(choice.chunk)",
        expected: "a chunk below \(chunkCount)")
    }
    return Selection(
      index: ranked(by: settings.ranking).capped(at: settings.teacherNLLCap), settings: settings)
  }

  /// Whether only a choice by hand can keep this chunk.
  public func caps(_ score: ChunkScore) -> Bool {
    teacherNLLCap.map { score.teacherNLL > $0 } ?? false
  }
}
