/// Why a chunk is kept or dropped.
public enum SelectionState: String, Sendable, Codable, CaseIterable {
  case keptByScore, keptByFloor, keptByHand
  case droppedByScore, droppedByCap, droppedByHand
  /// No finite score; never kept.
  case nonFinite
  /// Not scored yet; never kept.
  case unscored

  /// Whether the chunk goes into the refined corpus.
  public var isKept: Bool {
    switch self {
    case .keptByScore, .keptByFloor, .keptByHand: true
    case .droppedByScore, .droppedByCap, .droppedByHand, .nonFinite, .unscored: false
    }
  }
}

/// A chunk near the threshold.
public struct BorderChunk: Sendable, Equatable {
  /// 0 is the highest difference.
  public let rank: Int
  public let score: ChunkScore
  public let state: SelectionState
}

/// What one setting keeps of a scored corpus.
///
/// Chunks are ranked by descending difference, equal differences by ascending chunk number. The
/// rule keeps the first `ruleCount`; a floor keeps further chunks of its source in the order of
/// their ranks; the cap removes; choices by hand have the last word.
public struct Selection: Sendable {
  /// The scores it is taken from.
  public let index: SelectionIndex
  /// The settings.
  public let settings: SelectionSettings
  /// Chunks that the rule alone keeps: ranks `0..<ruleCount`.
  public let ruleCount: Int
  /// Totals and shares, by source and over all.
  public let summary: SelectionSummary

  /// Selectable chunks kept of each source before choices by hand.
  private let prefixes: [Int]
  /// Choices by hand for chunks that have a rank; the last choice for a chunk counts.
  private let choices: [Int: Bool]

  init(index: SelectionIndex, settings: SelectionSettings) {
    self.index = index
    self.settings = settings
    let ruleCount =
      switch settings.rule {
      case .ratio(let ratio): Int(ratio * Double(index.rankedCount))
      case .threshold(let threshold): index.ranked.count(atLeast: threshold)
      }
    var prefixes: [Int] = []
    for (source, ranks) in index.sources.enumerated() {
      let floor = settings.floors[index.sourceNames[source]] ?? 0
      let atLeast = Int(floor * Double(index.totals[source].chunks))
      prefixes.append(max(ranks.count(belowRank: ruleCount), min(atLeast, ranks.count)))
    }
    var choices: [Int: Bool] = [:]
    for choice in settings.manual where index.rank(ofChunk: choice.chunk) != nil {
      choices[choice.chunk] = choice.keep
    }
    self.ruleCount = ruleCount
    self.prefixes = prefixes
    self.choices = choices
    summary = SelectionSummary(
      index: index, settings: settings, ruleCount: ruleCount, prefixes: prefixes, choices: choices)
  }

  /// The state of `chunk`.
  public func state(ofChunk chunk: Int) -> SelectionState {
    guard let row = index.scores.row(ofChunk: chunk) else { return .unscored }
    guard let rank = index.ranked.rank(ofRow: row) else { return .nonFinite }
    if let keep = choices[chunk] { return keep ? .keptByHand : .droppedByHand }
    return Self.state(
      rank: rank, score: index.scores[row], index: index, ruleCount: ruleCount, prefixes: prefixes)
  }

  /// Whether `chunk` is kept.
  public func keeps(chunk: Int) -> Bool { state(ofChunk: chunk).isKept }

  /// The kept chunks in the order of the corpus: O(n).
  public func keptChunks() -> [Int] { chunks { $0.isKept } }

  /// The dropped chunks in the order of the corpus, those without a finite score included.
  public func droppedChunks() -> [Int] { chunks { !$0.isKept } }

  /// Up to `count` chunks on each side of the rule's threshold, stepping outwards: `inside` starts
  /// with the last chunk within the rule, `outside` with the first one beyond it.
  public func border(count: Int) -> (inside: [BorderChunk], outside: [BorderChunk]) {
    let inside = (max(0, ruleCount - count)..<ruleCount).reversed().map(borderChunk)
    let end = min(index.rankedCount, ruleCount + count)
    return (inside, (ruleCount..<max(ruleCount, end)).map(borderChunk))
  }

  /// The chunks with these ranks, best first.
  public func chunks(ranks: Range<Int>) -> [BorderChunk] {
    ranks.clamped(to: 0..<index.rankedCount).map(borderChunk)
  }

  private func borderChunk(rank: Int) -> BorderChunk {
    let score = index.score(atRank: rank)
    return BorderChunk(rank: rank, score: score, state: state(ofChunk: score.chunk))
  }

  private func chunks(where isWanted: (SelectionState) -> Bool) -> [Int] {
    var result: [Int] = []
    // Where a source's prefix ends, as a rank: one comparison a chunk instead of a search.
    let ends = zip(index.sources, prefixes).map { ranks, prefix in
      prefix == 0 ? 0 : Int(ranks.ranks[prefix - 1]) + 1
    }
    for row in 0..<index.scores.count {
      let score = index.scores[row]
      let state: SelectionState
      if let rank = index.ranked.rank(ofRow: row) {
        if let keep = choices[score.chunk] {
          state = keep ? .keptByHand : .droppedByHand
        } else if index.caps(score) {
          state = .droppedByCap
        } else {
          state = rank < ends[score.source] ? .keptByScore : .droppedByScore
        }
      } else {
        state = .nonFinite
      }
      if isWanted(state) { result.append(score.chunk) }
    }
    return result
  }

  /// The state before choices by hand.
  static func state(
    rank: Int, score: ChunkScore, index: SelectionIndex, ruleCount: Int, prefixes: [Int]
  ) -> SelectionState {
    if index.caps(score) { return .droppedByCap }
    if rank < ruleCount { return .keptByScore }
    let position = index.sources[score.source].count(belowRank: rank)
    return position < prefixes[score.source] ? .keptByFloor : .droppedByScore
  }
}

extension SelectionIndex {
  func caps(_ score: ChunkScore) -> Bool {
    teacherNLLCap.map { score.teacherNLL > $0 } ?? false
  }
}
