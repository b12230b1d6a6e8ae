import Corpus
import DifferenceSampling
import LanguageModels
import Numerics
import Testing

@Suite("Histogram, tokens, labels")
struct ScoreViewsTests {
  @Test("Moments, extremes, quantiles and the negative share of random scores")
  func moments() throws {
    var random = RandomSource(seed: 3)
    var scores = (0..<5000).map { _ in Float(random.normal() * 0.5 + 0.6) }
    scores[10] = -30
    scores[11] = 40
    var histogram = ScoreHistogram()
    for score in scores { histogram.add(score) }
    histogram.add(.nan)
    histogram.add(.infinity)
    let values = scores.map(Double.init).sorted()
    let mean = values.reduce(0, +) / 5000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5000
    #expect(histogram.count == 5000)
    #expect(histogram.nonFinite == 2)
    #expect(abs(histogram.mean - mean) < 1e-9)
    #expect(abs(histogram.standardDeviation - variance.squareRoot()) < 1e-9)
    #expect(histogram.minimum == -30)
    #expect(histogram.maximum == 40)
    #expect(histogram.negativeShare == Double(values.count { $0 < 0 }) / 5000)
    for share in [0.01, 0.25, 0.5, 0.9, 0.99] {
      let quantile = try #require(histogram.quantile(share))
      #expect(abs(quantile - values[Int(share * 5000) - 1]) <= 2 * ScoreHistogram.fineWidth)
    }
    #expect(histogram.quantile(0) == -30)
    #expect(histogram.quantile(1) == 40)
    #expect(ScoreHistogram().quantile(0.5) == nil)
  }

  @Test("Every display holds every score, in the right bin", arguments: [1, 2, 7, 40, 64, 200])
  func display(binCount: Int) {
    var random = RandomSource(seed: 4)
    let scores = (0..<3000).map { _ in Float(random.normal()) }
    var histogram = ScoreHistogram()
    for score in scores { histogram.add(score) }
    let display = histogram.display(bins: binCount)
    #expect(display.counts.count == binCount)
    #expect(display.counts.reduce(0, +) == 3000)
    var expected = [Int](repeating: 0, count: binCount)
    for score in scores {
      let bin = ((Double(score) - display.lower) / display.binWidth).rounded(.down)
      expected[Int(min(max(bin, 0), Double(binCount - 1)))] += 1
    }
    // A score on an edge may fall to either side by rounding.
    for (got, wanted) in zip(display.counts, expected) { #expect(abs(got - wanted) <= 1) }
    #expect(display.below == scores.count { Double($0) < display.lower })
    #expect(display.above == scores.count { Double($0) >= display.upper })
    #expect(display.below <= 6 && display.above <= 6)
  }

  @Test("Outliers are counted in the edge bins")
  func outliers() {
    var histogram = ScoreHistogram()
    for index in 0..<1000 { histogram.add(Float(index) / 1000) }
    histogram.add(-100)
    histogram.add(100)
    let display = histogram.display(bins: 10, clipped: 0.01)
    #expect(display.lower > -1 && display.upper < 2)
    #expect(display.below >= 1 && display.above >= 1)
    #expect(display.counts.reduce(0, +) == 1002)
    #expect(histogram.display(like: display) == display)
  }

  @Test("Ticks are round numbers inside the range")
  func ticks() {
    let display = ScoreHistogram.Display(lower: -0.4, upper: 2.0, counts: [0])
    #expect(display.ticks(count: 6).map { ($0 * 100).rounded() } == [0, 50, 100, 150, 200])
    #expect(ScoreHistogram.Display(lower: 0, upper: 1, counts: [0]).ticks(count: 5).count == 6)
  }

  @Test("One histogram of all and one of each source")
  func sources() {
    var histograms = SourceHistograms()
    histograms.add(rows([0.5, 1, -1, 2], sources: [0, 2, 2, 0]))
    #expect(histograms.all.count == 4)
    #expect(histograms.sources.map(\.count) == [2, 0, 2])
    #expect(histograms.sources[2].mean == 0)
  }

  @Test("Scores of tokens: mask, differences, mean")
  func tokens() throws {
    final class Table: ChunkScorer {
      let values: [Float]
      init(_ values: [Float]) { self.values = values }
      var vocabularySize: Int { 10 }
      func logProbabilities(of chunks: [ChunkWindow]) throws -> [[Float]] {
        chunks.map { _ in values }
      }
    }
    // Differences 1, (masked: input is 0), -3, 0.5.
    let scores = try TokenScores(
      tokens: [4, 0, 5, 6, 7], chunk: 0, mask: LossMask(endOfText: 0),
      teacher: Table([-1, -9, -5, -1]), reference: Table([-2, -1, -2, -1.5]))
    #expect(scores.teacherLogProbabilities == [nil, -1, nil, -5, -1])
    #expect((0..<5).map { scores.difference(at: $0) } == [nil, 1, nil, -3, 0.5])
    #expect(scores.meanDifference == -0.5)
    let empty = try TokenScores(
      tokens: [4], chunk: 0, mask: LossMask(endOfText: 0), teacher: Table([]), reference: Table([]))
    #expect(empty.meanDifference == nil)
  }

  @Test("Dropped shares by label, counted by hand")
  func labels() throws {
    var corpus = MemoryCorpus(count: 4)
    corpus.chunks = [14, 12, 10, 8].map { Array(repeating: 1, count: $0) }
    corpus.pieces = [
      [.init(document: 0, tokenStart: 0), .init(document: 1, tokenStart: 10)],
      [.init(document: 1, tokenStart: 0)],
      [.init(document: 2, tokenStart: 0), .init(document: 3, tokenStart: 5)],
      [.init(document: 3, tokenStart: 0)],
    ]
    let index = LabelIndex(source: corpus, labels: [1: "noise", 3: "noise"])
    let report = index.report(kept: [0, 3])
    let noise = try #require(report.rows.first { $0.label == "noise" })
    // Document 1: 12 of 16 tokens dropped; document 3: 5 of 13.
    #expect(noise.documents == 2 && noise.documentsDropped == 1)
    #expect(noise.tokens == 29 && noise.tokensDropped == 17)
    // Chunk 2 is half noise: no majority.
    #expect(noise.chunks == 2 && noise.chunksDropped == 1)
    let clean = try #require(report.rows.first { $0.label == "undamaged" })
    #expect(clean.documents == 2 && clean.documentsDropped == 1)
    #expect(clean.tokens == 15 && clean.tokensDropped == 5)
    #expect(clean.chunkShareDropped == 0)
  }
}
