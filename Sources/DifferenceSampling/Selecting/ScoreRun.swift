/// Scores sorted together, with sums by source: a whole table, or what was scored between two merges.
struct ScoreRun: Sendable {
  let ranked: RankedScores
  /// The selectable chunks, by source number.
  let sources: [SourceRanks]
  /// Ranked chunks and their tokens by source number, capped ones included.
  let totals: [SourceTotal]

  struct SourceTotal: Sendable, Equatable {
    var chunks = 0
    var tokens = 0
  }

  /// - Parameters:
  ///   - sourceCount: more than every source number of the scores.
  ///   - teacherNLLCap: chunks beyond it can be selected by hand alone.
  init(_ ranked: RankedScores, sourceCount: Int, teacherNLLCap: Float?) {
    var sources = [SourceRanks](repeating: SourceRanks(), count: sourceCount)
    var totals = [SourceTotal](repeating: SourceTotal(), count: sourceCount)
    var counts = [Int](repeating: 0, count: sourceCount)
    for source in ranked.scores.sources { counts[Int(source)] += 1 }
    for (source, count) in counts.enumerated() { sources[source].reserveCapacity(count) }
    let scores = ranked.scores
    // In the order of the ranks every column is read all over the place: only those that are needed.
    for (rank, row) in ranked.order.enumerated() {
      let row = Int(row)
      let source = Int(scores.sources[row])
      let tokens = Int(scores.lengths[row])
      totals[source].chunks += 1
      totals[source].tokens += tokens
      if let teacherNLLCap, scores.teacherNLL[row] > teacherNLLCap { continue }
      sources[source].append(
        rank: UInt32(rank), tokens: tokens,
        difference: scores.referenceNLL[row] - scores.teacherNLL[row])
    }
    self.ranked = ranked
    self.sources = sources
    self.totals = totals
  }

  var scores: ChunkScores { ranked.scores }

  /// The key of the chunk at a place of the list of a source.
  func key(ofSource source: Int, at place: Int) -> UInt64 {
    ranked.key(atRank: Int(sources[source].ranks[place]))
  }
}

/// Several sorted lists looked at as one; no key is in two of them.
struct SortedLists {
  /// Elements of each list.
  let counts: [Int]
  /// The key at a place of a list, ascending.
  let key: (_ list: Int, _ place: Int) -> UInt64

  /// How many of the first `count` elements of all lists come from each list.
  ///
  /// Halves the range of keys: at most 64 steps, each a binary search in what is left of every list.
  func split(first count: Int) -> [Int] {
    if counts.count == 1 { return [count] }
    if count == counts.reduce(0, +) { return counts }
    var low = counts.map { _ in 0 }
    var high = counts
    var (least, most) = (UInt64.min, UInt64.max)
    while true {
      let middle = least + (most - least) / 2
      let places = low.indices.map { list in
        low[list] + partition(high[list] - low[list]) { key(list, low[list] + $0) <= middle }
      }
      let sum = places.reduce(0, +)
      if sum == count || least == most { return places }
      if sum < count {
        (low, least) = (places, middle + 1)
      } else {
        (high, most) = (places, middle)
      }
    }
  }

  /// The list that holds the next element after `places`; nil at the end.
  func next(after places: [Int]) -> Int? {
    counts.indices.filter { places[$0] < counts[$0] }.min {
      key($0, places[$0]) < key($1, places[$1])
    }
  }

  /// The list that holds the last element before `places`; nil at the start.
  func last(before places: [Int]) -> Int? {
    counts.indices.filter { places[$0] > 0 }.max {
      key($0, places[$0] - 1) < key($1, places[$1] - 1)
    }
  }
}
