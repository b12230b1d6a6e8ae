import DifferenceSampling
import Numerics
import Testing

/// What leaves the method is priced against choices of as many chunks.
@Suite struct SelectionCostTests {
  let names = ["web", "code", "law"]

  private func index(_ count: Int, seed: UInt64) -> SelectionIndex {
    var random = RandomSource(seed: seed)
    let scores = (0..<count).map { chunk in
      let teacher = Float(random.index(below: 4000)) / 1000
      return ChunkScore(
        chunk: chunk, source: random.index(below: 3), length: 10 + random.index(below: 90),
        counted: 9, teacherNLL: teacher,
        referenceNLL: teacher + Float(random.index(below: 3000)) / 1000 - 1)
    }
    return SelectionIndex(scores: ChunkScores(scores), sourceNames: names)
  }

  private func mean(_ index: SelectionIndex, _ chunks: [Int]) -> Double {
    chunks.reduce(0.0) { $0 + Double(index.score(ofChunk: $1)?.difference ?? 0) }
      / Double(chunks.count)
  }

  @Test func thePureChoiceCostsNothing() throws {
    let cost = try SelectionCost(index(300, seed: 1).select(SelectionSettings()))
    #expect(cost.parts.isEmpty)
    #expect(cost.mean == cost.pureMean)
  }

  @Test(arguments: [2, 3, 4] as [UInt64]) func aFloorIsPricedAtEqualNumber(seed: UInt64) throws {
    let index = index(400, seed: seed)
    let selection = try index.select(
      SelectionSettings(rule: .ratio(0.3), floors: ["law": 0.6]))
    let cost = try SelectionCost(selection)
    // By hand: the pure choice of as many.
    let kept = selection.keptChunks()
    let best = index.scores(atRanks: 0..<kept.count).map(\.chunk).sorted()
    #expect(abs(try #require(cost.pureMean) - mean(index, best)) < 1e-6)
    #expect(abs(try #require(cost.mean) - mean(index, kept)) < 1e-6)
    let floor = try #require(cost.parts.first)
    #expect(floor.name == "floor of law 60 %")
    let overlap = SelectionOverlap(kept: kept, best)
    #expect(floor.chunksIn == overlap.onlyFirst && floor.chunksOut == overlap.onlySecond)
    let change = try #require(floor.meanChange)
    #expect(change < 0 && abs(change - (mean(index, kept) - mean(index, best))) < 1e-6)
  }

  @Test func capsAndRankingsAndHandsHaveAPrice() throws {
    let index = index(400, seed: 9)
    let selection = try index.select(
      SelectionSettings(
        rule: .ratio(0.4), ranking: .lowestDifference, floors: ["code": 0.5], teacherNLLCap: 2,
        manual: [ManualChoice(chunk: index.score(atRank: 0).chunk, keep: true)]))
    let cost = try SelectionCost(selection)
    #expect(cost.parts.count == 4)
    #expect(cost.parts[0].name == "ranked by the lowest difference")
    #expect(try #require(cost.mean) < (try #require(cost.pureMean)))
    #expect(cost.parts[3].chunksIn == selection.summary.manualKeeps)
  }

  @Test func aRatioIsFoundForANumberOfChunks() throws {
    let index = index(257, seed: 5)
    let settings = SelectionSettings(floors: ["law": 0.2])
    for count in stride(from: 40, through: 257, by: 7) {
      let found = try index.selection(settings, keeping: count)
      #expect(found.summary.all.keptChunks == count)
    }
    // As many tokens as fit, and no more.
    let most = 4000
    let found = try index.selection(settings) { $0.all.keptTokens <= most }
    #expect(found.summary.all.keptTokens <= most)
    let next = try index.selection(settings, keeping: found.summary.all.keptChunks + 1)
    #expect(next.summary.all.keptTokens > most)
  }

  @Test func theBestDroppedChunksAreFound() throws {
    let index = index(300, seed: 6)
    let selection = try index.select(SelectionSettings(rule: .ratio(0.5)))
    for source in 0..<3 {
      let expected = selection.droppedChunks().compactMap { index.score(ofChunk: $0) }
        .filter { $0.source == source }
        .sorted { ($0.difference, -$0.chunk) > ($1.difference, -$1.chunk) }
        .prefix(4).map(\.chunk)
      #expect(selection.bestDropped(ofSource: source, count: 4).map(\.chunk) == expected)
    }
  }

  @Test func overlapsAreCounted() {
    let overlap = SelectionOverlap(kept: [1, 2, 5, 9], [2, 3, 9, 10, 11])
    #expect(overlap.both == 2 && overlap.onlyFirst == 2 && overlap.onlySecond == 3)
    #expect(SelectionOverlap(kept: [], [1]).onlySecond == 1)
  }
}
