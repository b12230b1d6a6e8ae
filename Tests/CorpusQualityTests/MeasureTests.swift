import Corpus
import CorpusQuality
import DifferenceSampling
import Foundation
import Numerics
import Testing

/// The measures against numpy and scipy (scripts/make_quality_fixtures.py).
@Suite struct MeasureTests {
  private struct Fixture: Decodable {
    struct Distinct: Decodable {
      var n: Int
      var distinct: Int
      var total: Int
    }
    struct Vendi: Decodable {
      var dimensions: Int
      var vectors: [Float]
      var score: Double
    }
    struct Wilson: Decodable {
      var part: Int
      var count: Int
      var low: Double
      var high: Double
    }
    struct Agreement: Decodable {
      var ratio: Double
      var kept: Int
      var keptByBoth: Int
      var samplingAccuracy: Double
    }
    var chunks: [[Int32]]
    var distinct: [Distinct]
    var vendi: [Vendi]
    var wilson: [Wilson]
    var first: [Float]
    var second: [Float]
    var pearson: Double
    var spearman: Double
    var agreement: [Agreement]
  }

  private let fixture: Fixture

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/quality", withExtension: "json"))
    fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  @Test func distinctGramsAreCounted() {
    for expected in fixture.distinct {
      let found = NGramDistinctness(n: expected.n, in: fixture.chunks)
      #expect(found.distinct == expected.distinct)
      #expect(found.total == expected.total)
    }
    let none = NGramDistinctness(n: 4, in: [[1, 2, 3], []])
    #expect(none.total == 0 && none.ratio == 0)
    // Grams do not go over the end of a chunk.
    #expect(NGramDistinctness(n: 2, in: [[1], [2]]).total == 0)
    #expect(NGramDistinctness(n: 3, in: [[1, 2, 3], [3, 2, 1]]).distinct == 2)
  }

  @Test func vendiScoresAreNumPys() throws {
    for expected in fixture.vendi {
      let found = try VendiScore(expected.vectors, dimensions: expected.dimensions)
      #expect(abs(found.score - expected.score) < 1e-6 * expected.score)
      #expect(found.items == expected.vectors.count / expected.dimensions)
    }
    // n equal items count as one, n orthogonal ones as n, whatever their lengths.
    #expect(abs(try VendiScore([1, 2, 2, 4, 3, 6], dimensions: 2).score - 1) < 1e-9)
    #expect(abs(try VendiScore([1, 0, 0, 0, 5, 0, 0, 0, 9], dimensions: 3).score - 3) < 1e-9)
    #expect(throws: CorpusQualityError.self) { try VendiScore([1, 0, 0, 0], dimensions: 2) }
    #expect(throws: CorpusQualityError.self) { try VendiScore([1, .nan], dimensions: 2) }
    #expect(throws: CorpusQualityError.self) { try VendiScore([1, 2, 3], dimensions: 2) }
  }

  @Test func intervalsAreWilsons() throws {
    for expected in fixture.wilson {
      let found = try #require(KeepRates.wilson(expected.part, of: expected.count))
      #expect(abs(found.low - expected.low) < 1e-9)
      #expect(abs(found.high - expected.high) < 1e-9)
    }
    #expect(KeepRates.wilson(0, of: 0) == nil)
  }

  private func scores(_ differences: [Float], from first: Int = 0) -> ChunkScores {
    ChunkScores(
      differences.enumerated().map {
        ChunkScore(
          chunk: first + $0, source: $0 % 2, length: 10, counted: 9, teacherNLL: 2,
          referenceNLL: 2 + $1)
      })
  }

  @Test func agreementIsSciPys() throws {
    let found = try ReferenceAgreement(
      scores(fixture.first), scores(fixture.second), ratios: fixture.agreement.map(\.ratio))
    #expect(found.chunks == 200)
    #expect(abs(try #require(found.pearson) - fixture.pearson) < 1e-9)
    #expect(abs(try #require(found.spearman) - fixture.spearman) < 1e-9)
    for (selection, expected) in zip(found.selections, fixture.agreement) {
      #expect(selection.kept == expected.kept)
      #expect(selection.keptByBoth == expected.keptByBoth)
      #expect(abs(selection.samplingAccuracy - expected.samplingAccuracy) < 1e-12)
    }
  }

  @Test func onlyCommonChunksAreCompared() throws {
    // Chunks 0..<6 and 3..<9: three in common, one of which has no finite score.
    let first = scores([0, 1, 2, 3, 4, .nan])
    let second = scores([3, 4, 5, 6, 7, 8], from: 3)
    let found = try ReferenceAgreement(first, second, ratios: [0.5])
    #expect(found.chunks == 2)
    #expect(found.selections[0].samplingAccuracy == 1)
    #expect(throws: CorpusQualityError.fewInCommon(found: 0, expected: 2)) {
      try ReferenceAgreement(first, scores([1, 2], from: 50), ratios: [0.5])
    }
  }

  @Test func samplesAreOfOneSizeAndOfTheirGroup() throws {
    var random = RandomSource(seed: 2)
    let index = SelectionIndex(
      scores: scores((0..<3000).map { _ in Float(random.normal()) }), sourceNames: ["a", "b"])
    for ratio in [0.005, 0.4, 0.995] {
      let selection = try index.select(SelectionSettings(rule: .ratio(ratio)))
      let drawn = try DiversitySample(of: selection, size: 100, seed: 7)
      let fewest = min(
        100, selection.summary.all.keptChunks, 3000 - selection.summary.all.keptChunks)
      #expect(drawn.size == fewest)
      for group in ChunkGroup.allCases {
        let chunks = try #require(drawn.chunks[group])
        #expect(chunks.count == fewest && Set(chunks).count == fewest && chunks == chunks.sorted())
        if group != .all {
          #expect(chunks.allSatisfy { selection.keeps(chunk: $0) == (group == .kept) })
        }
      }
      #expect(try DiversitySample(of: selection, size: 100, seed: 7).chunks == drawn.chunks)
      #expect(try DiversitySample(of: selection, size: 100, seed: 8).chunks != drawn.chunks)
    }
    #expect(throws: CorpusQualityError.emptyGroup(.dropped, scored: 3000)) {
      try DiversitySample(
        of: try index.select(SelectionSettings(rule: .ratio(1))), size: 10, seed: 1)
    }
  }

  @Test func groupsAreCutToEqualTokens() throws {
    let list = ChunkList(chunks: [[1, 2, 3, 4], [5, 6], [7], [8, 9, 10]])
    var groups: [ChunkGroup: SampledTokens] = [
      .kept: try SampledTokens(list, chunks: [0, 1, 3], seed: 1),
      .dropped: try SampledTokens(list, chunks: [2, 1], seed: 1),
    ]
    SampledTokens.equalise(&groups)
    #expect(groups.values.map(\.tokenCount) == [3, 3])
    #expect(groups[.kept]?.chunks.allSatisfy { !$0.isEmpty } == true)
  }

  @Test func compressionFindsRepetition() throws {
    var random = RandomSource(seed: 9)
    let noise = (0..<20_000).map { _ in Int32(random.index(below: 60_000)) }
    func ratio(_ chunks: [[Int32]]) throws -> CompressionRatio {
      let list = ChunkList(chunks: chunks)
      return try CompressionRatio(
        SampledTokens(list, chunks: Array(chunks.indices), seed: 1), texts: nil, level: 9)
    }
    let random1 = try ratio([noise])
    let twice = try ratio([noise, noise])
    #expect(random1.unit == .tokens && random1.bytes == 80_000)
    // 60,000 ids are 15.9 of 32 bits.
    #expect((1.5...2.1).contains(random1.ratio))
    #expect(abs(twice.ratio / random1.ratio - 2) < 0.1)
    #expect(try ratio([Array(repeating: 3, count: 50_000)]).ratio > 1000)
    #expect(throws: CorpusError.self) {
      try CompressionRatio(
        SampledTokens(ChunkList(chunks: [[1]]), chunks: [0], seed: 1), texts: nil, level: 40)
    }
  }

  @Test func mixturesHaveTheirEntropy() throws {
    let index = SelectionIndex(
      scores: scores([5, 4, 3, 2, 1, 0, -1, -2]), sourceNames: ["a", "b"])
    let rates = KeepRates(
      try index.select(SelectionSettings(rule: .ratio(0.25), floors: ["a": 0.5])).summary)
    // Kept: chunk 0 of a, 1 of b by the rule, one more of a by its floor.
    #expect(rates.sources.map(\.kept) == [2, 1])
    #expect(rates.mixtureEntropy["all"] == 1)
    let kept = -(2.0 / 3 * log2(2.0 / 3) + 1.0 / 3 * log2(1.0 / 3))
    #expect(abs(try #require(rates.mixtureEntropy["kept"]) - kept) < 1e-12)
    let dropped = -(2.0 / 5 * log2(2.0 / 5) + 3.0 / 5 * log2(3.0 / 5))
    #expect(abs(try #require(rates.mixtureEntropy["dropped"]) - dropped) < 1e-12)
    #expect(rates.all.interval == KeepRates.wilson(3, of: 8))
  }
}
