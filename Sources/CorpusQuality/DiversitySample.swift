public import DifferenceSampling
import Numerics

/// Which chunks are looked at.
public enum ChunkGroup: String, Codable, Sendable, CaseIterable {
  /// Every scored chunk.
  case all
  case kept
  case dropped
}

/// Equally many chunks of all, kept and dropped, drawn by a seed: measures that grow or fall with the
/// amount of text can be compared then.
public struct DiversitySample: Sendable {
  /// Chunk numbers by group, ascending, equally many of each.
  public let chunks: [ChunkGroup: [Int]]
  /// Chunks of each group.
  public let size: Int

  /// Below this share of the chunks a group is listed; above it chunks are drawn until enough belong to
  /// it, so that no list as long as the corpus is made.
  private static let listedShare = 0.02

  /// - Parameters:
  ///   - size: chunks of each group; fewer where a group has fewer.
  /// - Throws: `CorpusQualityError.emptyGroup` where nothing is kept or dropped.
  public init(
    of selection: Selection, size wanted: Int, seed: UInt64
  ) throws(CorpusQualityError) {
    let index = selection.index
    let scored = index.scoredCount
    let kept = selection.summary.all.keptChunks
    for (group, count) in [(ChunkGroup.kept, kept), (.dropped, scored - kept)] where count == 0 {
      throw .emptyGroup(group, scored: scored)
    }
    let size = max(1, min(wanted, kept, scored - kept))
    let scores = index.scores
    var chunks: [ChunkGroup: [Int]] = [:]
    for group in ChunkGroup.allCases {
      var random = RandomSource(seed: seed).split(group.rawValue)
      let count =
        switch group {
        case .all: scored
        case .kept: kept
        case .dropped: scored - kept
        }
      chunks[group] =
        Double(count) < Self.listedShare * Double(scored)
        ? Self.some(
          size, of: group == .kept ? selection.keptChunks() : selection.droppedChunks(), &random)
        : Self.drawn(size, of: scores, &random) { chunk in
          group == .all || selection.keeps(chunk: chunk) == (group == .kept)
        }
    }
    self.chunks = chunks
    self.size = size
  }

  /// Floyd's sample of a list.
  private static func some(
    _ count: Int, of list: [Int], _ random: inout RandomSource
  ) -> [Int] {
    var places: Set<Int> = []
    for place in list.count - count..<list.count {
      let drawn = random.index(below: place + 1)
      places.insert(places.contains(drawn) ? place : drawn)
    }
    return places.sorted().map { list[$0] }
  }

  /// Rows of a table, drawn until enough of them belong.
  private static func drawn(
    _ count: Int, of scores: ChunkScores, _ random: inout RandomSource,
    belongs: (Int) -> Bool
  ) -> [Int] {
    var found: Set<Int> = []
    while found.count < count {
      let chunk = Int(scores.chunks[random.index(below: scores.count)])
      if !found.contains(chunk), belongs(chunk) { found.insert(chunk) }
    }
    return found.sorted()
  }
}
