/// Scores sorted once: ranks of chunks and, per source, prefix sums over the ranks.
///
/// 12 bytes a chunk beside the 26 of the scores, plus one prefix sum for every 16 chunks.
struct RankedScores: Sendable {
  let scores: ChunkScores
  let ranking: SelectionRanking
  /// Rows by rank; only rows with a finite difference have one.
  let order: [UInt32]
  /// Rank by row; `UInt32.max` without one.
  let rankOfRow: [UInt32]

  init(_ scores: ChunkScores, by ranking: SelectionRanking = .difference) {
    self.scores = scores
    self.ranking = ranking
    var rows: [UInt32] = []
    var keys: [Float] = []
    rows.reserveCapacity(scores.count)
    keys.reserveCapacity(scores.count)
    for row in 0..<scores.count where scores[row].isFinite {
      rows.append(UInt32(row))
      keys.append(ranking.key(of: scores[row]))
    }
    let order = RadixSort.descendingOrder(keys).map { rows[Int($0)] }
    var ranks = [UInt32](repeating: .max, count: scores.count)
    for (rank, row) in order.enumerated() { ranks[Int(row)] = UInt32(rank) }
    self.order = order
    rankOfRow = ranks
  }

  var count: Int { order.count }

  /// What the ranking looks at.
  func value(atRank rank: Int) -> Float { ranking.value(of: score(atRank: rank)) }

  func score(atRank rank: Int) -> ChunkScore { scores[Int(order[rank])] }

  /// Ascends with the rank, and compares chunks of several tables: the key of the ranking, falling,
  /// then the number of the chunk.
  func key(atRank rank: Int) -> UInt64 {
    let score = score(atRank: rank)
    return UInt64(RadixSort.descendingBits(ranking.key(of: score))) << 32
      | UInt64(UInt32(truncatingIfNeeded: score.chunk))
  }

  func rank(ofRow row: Int) -> Int? {
    let rank = rankOfRow[row]
    return rank == .max ? nil : Int(rank)
  }

  /// Number of ranked chunks with a difference of at least `threshold`; they must be ranked by it.
  func count(atLeast threshold: Float) -> Int {
    partition(count) { score(atRank: $0).difference >= threshold }
  }
}

/// The first index in `0..<count` for which `isBefore` is false; it must be true before that index.
func partition(_ count: Int, _ isBefore: (Int) -> Bool) -> Int {
  var low = 0
  var high = count
  while low < high {
    let middle = (low + high) / 2
    if isBefore(middle) { low = middle + 1 } else { high = middle }
  }
  return low
}

/// The selectable chunks of one source by rank, with sums over any prefix in constant time.
struct SourceRanks: Sendable {
  /// Ranks, ascending.
  private(set) var ranks: [UInt32] = []
  /// Sums over the first 16, 32, ... chunks.
  private var sums: [PrefixSum] = []
  private var running = PrefixSum()
  private static let stride = 16

  /// Tokens and differences of some chunks.
  struct PrefixSum: Sendable {
    var tokens = 0
    var difference = 0.0

    mutating func add(tokens: Int, difference: Float) {
      self.tokens += tokens
      self.difference += Double(difference)
    }
  }

  mutating func reserveCapacity(_ count: Int) {
    ranks.reserveCapacity(count)
    sums.reserveCapacity(count / Self.stride + 1)
  }

  mutating func append(rank: UInt32, tokens: Int, difference: Float) {
    if ranks.count.isMultiple(of: Self.stride) { sums.append(running) }
    ranks.append(rank)
    running.add(tokens: tokens, difference: difference)
  }

  var count: Int { ranks.count }

  /// Number of chunks with a rank below `rank`.
  func count(belowRank rank: Int) -> Int { partition(count) { Int(ranks[$0]) < rank } }

  /// Sums over the best `count` chunks.
  func sum(ofFirst count: Int, in ranked: RankedScores) -> PrefixSum {
    guard count < self.count else { return running }
    let block = count / Self.stride
    var sum = sums[block]
    for position in (block * Self.stride)..<count {
      let score = ranked.score(atRank: Int(ranks[position]))
      sum.add(tokens: score.length, difference: score.difference)
    }
    return sum
  }
}
