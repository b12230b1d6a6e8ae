import DifferenceSampling
import Numerics
import Testing

/// An index that grows answers as one that was sorted as a whole.
@Suite struct GrowingIndexTests {
  /// Random scores with many ties, some without a finite difference, in random order.
  private func table(_ random: inout RandomSource, count: Int, sources: Int) -> [ChunkScore] {
    var order = (0..<count).map { 3 * $0 }
    random.shuffle(&order)
    return order.map { chunk in
      var score = ChunkScore(
        chunk: chunk, source: random.index(below: sources), length: 1 + random.index(below: 50),
        counted: 1, teacherNLL: Float(random.index(below: 6)), referenceNLL: 0)
      score.referenceNLL = score.teacherNLL + Float(random.index(below: 40)) / 8 - 2
      switch random.index(below: 25) {
      case 0: score.teacherNLL = .nan
      case 1: score.referenceNLL = -.infinity
      case 2: score.counted = 0
      default: break
      }
      return score
    }
  }

  private func settings(_ random: inout RandomSource, count: Int) -> SelectionSettings {
    var settings = SelectionSettings(rule: .ratio(Double(random.index(below: 21)) / 20))
    if random.index(below: 3) == 0 { settings.rule = .threshold(Float(random.index(below: 9)) / 4) }
    if random.index(below: 2) == 0 { settings.floors["s0"] = random.uniform() }
    if random.index(below: 2) == 0 { settings.teacherNLLCap = Float(1 + random.index(below: 5)) }
    for _ in 0..<random.index(below: 6) {
      settings.manual.append(
        ManualChoice(chunk: random.index(below: 3 * count), keep: random.index(below: 2) == 0))
    }
    return settings
  }

  @Test(arguments: 0..<30)
  func growingGivesTheAnswersOfTheWhole(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let count = 1 + random.index(below: 300)
    let names = (0..<1 + random.index(below: 4)).map { "s\($0)" }
    let table = table(&random, count: count, sources: names.count)
    var growing = SelectionIndex(scores: ChunkScores(), sourceNames: names, chunkCount: 3 * count)
    var start = 0
    while start < count {
      let end = min(count, start + 1 + random.index(below: 1 + count / 4))
      growing = growing.adding(ChunkScores(table[start..<end]))
      start = end
      let whole = SelectionIndex(
        scores: ChunkScores(table[..<end]), sourceNames: names, chunkCount: 3 * count)
      try expectEqual(growing, whole, settings(&random, count: count))
    }
    #expect(growing.scores.chunks == ChunkScores(table).chunks)
    #expect(growing.scores.lengths == ChunkScores(table).lengths)
    #expect(growing.scoredCount == count)
  }

  private func expectEqual(
    _ growing: SelectionIndex, _ whole: SelectionIndex, _ settings: SelectionSettings
  ) throws {
    let (some, all) = (try growing.select(settings), try whole.select(settings))
    #expect(some.ruleCount == all.ruleCount)
    #expect(some.keptChunks() == all.keptChunks())
    #expect(some.droppedChunks() == all.droppedChunks())
    #expect(some.border(count: 7).inside == all.border(count: 7).inside)
    #expect(some.border(count: 7).outside == all.border(count: 7).outside)
    let ranks = whole.rankedCount / 3..<whole.rankedCount / 3 + 9
    #expect(some.chunks(ranks: ranks) == all.chunks(ranks: ranks))
    #expect(growing.scores(atRanks: ranks) == whole.scores(atRanks: ranks))
    for chunk in 0..<whole.chunkCount {
      #expect(some.state(ofChunk: chunk) == all.state(ofChunk: chunk))
      #expect(growing.rank(ofChunk: chunk) == whole.rank(ofChunk: chunk))
    }
    for source in whole.sourceNames.indices {
      #expect(
        some.index.chunks(ofSource: source, at: 2..<9)
          == all.index.chunks(ofSource: source, at: 2..<9))
    }
    // Sums of tokens are exact; the mean is a sum of other parts.
    var (left, right) = (some.summary, all.summary)
    let means = (left.meanDifference, right.meanDifference)
    #expect((means.0 == nil) == (means.1 == nil))
    #expect(abs((means.0 ?? 0) - (means.1 ?? 0)) < 1e-9)
    (left.meanDifference, right.meanDifference) = (nil, nil)
    #expect(left == right)
  }
}
