/// Why a chunk is kept or dropped.
public enum ChunkState: String, Sendable, Codable, CaseIterable {
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
  public let state: ChunkState
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

  /// Of each run, the chunks that the rule alone keeps.
  private let ends: [Int]
  /// Selectable chunks kept before choices by hand, by source and run.
  let prefixes: [[Int]]
  /// Choices by hand for chunks that have a rank; the last choice for a chunk counts.
  private let choices: [Int: Bool]

  init(index: SelectionIndex, settings: SelectionSettings) {
    self.index = index
    self.settings = settings
    switch settings.rule {
    case .ratio(let ratio):
      ends = index.rankedLists.split(first: Int(ratio * Double(index.rankedCount)))
    case .threshold(let threshold):
      ends = index.runs.map { $0.ranked.count(atLeast: threshold) }
    }
    ruleCount = ends.reduce(0, +)
    var prefixes: [[Int]] = []
    for (source, name) in index.sourceNames.enumerated() {
      let lists = index.lists(ofSource: source)
      let byRule = zip(index.runs, ends).map { $0.sources[source].count(belowRank: $1) }
      let floor = Self.floor(settings.floors[name] ?? 0, of: index.totals[source].chunks)
      let atLeast = min(floor, lists.counts.reduce(0, +))
      prefixes.append(byRule.reduce(0, +) >= atLeast ? byRule : lists.split(first: atLeast))
    }
    self.prefixes = prefixes
    var choices: [Int: Bool] = [:]
    for choice in settings.manual {
      guard let place = index.place(ofChunk: choice.chunk),
        index.runs[place.run].scores[place.row].isFinite
      else { continue }
      choices[choice.chunk] = choice.keep
    }
    self.choices = choices
    let rules = Rules(index: index, ends: ends, prefixes: prefixes)
    summary = SelectionSummary(rules: rules, choices: choices)
  }

  /// The fewest chunks that are at least this share of `count`: what a floor keeps is never less than
  /// it says.
  static func floor(_ share: Double, of count: Int) -> Int {
    let wanted = share * Double(count)
    // A product that is a whole number but for rounding is that number.
    return Int((wanted - max(1e-9, wanted * 1e-15)).rounded(.up))
  }

  /// What decides before choices by hand.
  struct Rules {
    let index: SelectionIndex
    let ends: [Int]
    let prefixes: [[Int]]

    /// The state of the chunk in a row of a run.
    func state(run number: Int, row: Int) -> ChunkState {
      let run = index.runs[number]
      guard let rank = run.ranked.rank(ofRow: row) else { return .nonFinite }
      let score = run.scores[row]
      if index.caps(score) { return .droppedByCap }
      if rank < ends[number] { return .keptByScore }
      let position = run.sources[score.source].count(belowRank: rank)
      return position < prefixes[score.source][number] ? .keptByFloor : .droppedByScore
    }
  }

  /// The state of `chunk`.
  public func state(ofChunk chunk: Int) -> ChunkState {
    guard let place = index.place(ofChunk: chunk) else { return .unscored }
    if let keep = choices[chunk] { return keep ? .keptByHand : .droppedByHand }
    return Rules(index: index, ends: ends, prefixes: prefixes)
      .state(run: place.run, row: place.row)
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
    let lists = index.rankedLists
    var places = ends
    var inside: [BorderChunk] = []
    while inside.count < count, let run = lists.last(before: places) {
      places[run] -= 1
      inside.append(borderChunk(rank: ruleCount - inside.count - 1, run: run, at: places[run]))
    }
    return (inside, walk(from: ends, rank: ruleCount, count: count))
  }

  /// The chunks with these ranks, best first.
  public func chunks(ranks: Range<Int>) -> [BorderChunk] {
    let ranks = ranks.clamped(to: 0..<index.rankedCount)
    return walk(
      from: index.rankedLists.split(first: ranks.lowerBound), rank: ranks.lowerBound,
      count: ranks.count)
  }

  /// Up to `count` chunks after `places` of the runs.
  private func walk(from places: [Int], rank: Int, count: Int) -> [BorderChunk] {
    let lists = index.rankedLists
    var places = places
    var result: [BorderChunk] = []
    while result.count < count, let run = lists.next(after: places) {
      result.append(borderChunk(rank: rank + result.count, run: run, at: places[run]))
      places[run] += 1
    }
    return result
  }

  private func borderChunk(rank: Int, run: Int, at place: Int) -> BorderChunk {
    let score = index.runs[run].ranked.score(atRank: place)
    return BorderChunk(rank: rank, score: score, state: state(ofChunk: score.chunk))
  }

  private func chunks(where isWanted: (ChunkState) -> Bool) -> [Int] {
    var result: [Int] = []
    for (number, run) in index.runs.enumerated() {
      // Where a source's prefix ends, as a rank: one comparison a chunk instead of a search.
      let ends = run.sources.enumerated().map { source, ranks in
        let prefix = prefixes[source][number]
        return prefix == 0 ? 0 : Int(ranks.ranks[prefix - 1]) + 1
      }
      for row in 0..<run.scores.count {
        let score = run.scores[row]
        let state: ChunkState
        if let rank = run.ranked.rank(ofRow: row) {
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
    }
    return index.runs.count == 1 ? result : result.sorted()
  }
}
