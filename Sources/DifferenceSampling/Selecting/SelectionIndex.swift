/// Scores prepared so that any selection is answered in microseconds.
///
/// Sorting happens once, on creation: O(n) time and about 40 bytes a chunk together with the
/// scores, good for 10^7 chunks. For 10^8 chunks a `ScoreHistogram` per source answers the same
/// questions, exact to the width of a fine bin.
public struct SelectionIndex: Sendable {
  /// The scores, one row a scored chunk.
  public var scores: ChunkScores { ranked.scores }
  /// Labels of the sources, by source number.
  public let sourceNames: [String]
  /// Chunks in the corpus, scored or not.
  public let chunkCount: Int
  /// The cap that the index was built for.
  public let teacherNLLCap: Float?

  let ranked: RankedScores
  let sources: [SourceRanks]
  /// Ranked chunks and their tokens per source, capped ones included.
  let totals: [SourceTotal]

  struct SourceTotal: Sendable, Equatable {
    var chunks = 0
    var tokens = 0
  }

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
      ranked: RankedScores(scores), sourceNames: names, chunkCount: chunkCount ?? scores.count,
      teacherNLLCap: nil)
  }

  /// The same scores under another cap, without sorting again.
  public func capped(at teacherNLLCap: Float?) -> SelectionIndex {
    teacherNLLCap == self.teacherNLLCap
      ? self
      : SelectionIndex(
        ranked: ranked, sourceNames: sourceNames, chunkCount: chunkCount,
        teacherNLLCap: teacherNLLCap)
  }

  private init(
    ranked: RankedScores, sourceNames: [String], chunkCount: Int, teacherNLLCap: Float?
  ) {
    self.ranked = ranked
    self.sourceNames = sourceNames
    self.chunkCount = chunkCount
    self.teacherNLLCap = teacherNLLCap
    var sources = [SourceRanks](repeating: SourceRanks(), count: sourceNames.count)
    var totals = [SourceTotal](repeating: SourceTotal(), count: sourceNames.count)
    var counts = [Int](repeating: 0, count: sourceNames.count)
    for source in ranked.scores.sources { counts[Int(source)] += 1 }
    for (source, count) in counts.enumerated() { sources[source].reserveCapacity(count) }
    for (rank, row) in ranked.order.enumerated() {
      let score = ranked.scores[Int(row)]
      totals[score.source].chunks += 1
      totals[score.source].tokens += score.length
      if let teacherNLLCap, score.teacherNLL > teacherNLLCap { continue }
      sources[score.source].append(rank: UInt32(rank), score: score)
    }
    self.sources = sources
    self.totals = totals
  }

  /// Chunks that can be ranked: scored, with a finite difference.
  public var rankedCount: Int { ranked.count }

  /// The rank of `chunk` (0 is the highest difference), or nil if it has none.
  public func rank(ofChunk chunk: Int) -> Int? {
    ranked.scores.row(ofChunk: chunk).flatMap { ranked.rank(ofRow: $0) }
  }

  /// The score at `rank`.
  public func score(atRank rank: Int) -> ChunkScore { ranked.scores[Int(ranked.order[rank])] }

  /// The selection by `settings`: O(sources x log n) unless the cap changed, which costs O(n) once.
  ///
  /// - Throws: `DifferenceSamplingError.invalidSetting`.
  public func select(_ settings: SelectionSettings) throws(DifferenceSamplingError) -> Selection {
    try settings.validate()
    for source in settings.floors.keys where !sourceNames.contains(source) {
      throw .invalidSetting(
        name: "floor", found: "source \(source)", expected: "one of \(sourceNames.sorted())")
    }
    return Selection(index: capped(at: settings.teacherNLLCap), settings: settings)
  }

  /// The threshold of `ratio` with its 95 % band while only some of the corpus is scored.
  ///
  /// Dvoretzky-Kiefer-Wolfowitz with Massart's constant: the empirical distribution of n chunks is
  /// nowhere further than sqrt(ln(2 / 0.05) / 2n) from the true one. Valid for chunks scored in
  /// random order; nil when all chunks are scored.
  public func thresholdBand(ratio: Double) -> ThresholdBand? {
    guard rankedCount > 0, scores.count < chunkCount else { return nil }
    let count = Double(rankedCount)
    let epsilon = (3.688_879_454_113_936 / (2 * count)).squareRoot()
    func value(_ share: Double) -> Float? {
      let rank = Int((share * count).rounded(.up)) - 1
      return share > 0 && rank < rankedCount ? ranked.difference(atRank: rank) : nil
    }
    return ThresholdBand(lower: value(ratio + epsilon), upper: value(ratio - epsilon))
  }
}

/// Where the final threshold lies with 95 % confidence; nil is no bound yet.
public struct ThresholdBand: Sendable, Equatable {
  public let lower: Float?
  public let upper: Float?

  public init(lower: Float?, upper: Float?) {
    self.lower = lower
    self.upper = upper
  }
}
