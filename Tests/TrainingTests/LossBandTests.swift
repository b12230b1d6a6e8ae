import Foundation
import Numerics
import Testing
import Training

@Suite struct LossBandTests {
  private typealias Chunk = EvaluationResult.Chunk
  private typealias Part = EvaluationResult.Part

  /// Documents of one target a chunk, as many chunks each, so that everything can be drawn by hand.
  private func result(_ documents: [(source: Int, losses: [Double])]) -> EvaluationResult {
    EvaluationResult(
      sourceNames: ["prose", "code"],
      chunks: documents.enumerated().flatMap { number, document in
        document.losses.map { loss in
          Chunk(
            source: document.source, tokens: 2, nllSum: 2 * loss, bytes: 4,
            parts: [Part(document: Int64(number), tokens: 2, nllSum: 2 * loss, bytes: 4)])
        }
      })
  }

  /// Sixty documents of four chunks with equal losses: a band over documents is that of sixty values,
  /// not of 240.
  @Test func chunksOfOneDocumentAreDrawnTogether() throws {
    var random = RandomSource(seed: 3)
    let losses = (0..<60).map { _ in 3 + random.normal() }
    let clustered = result(losses.map { (0, Array(repeating: $0, count: 4)) })
    let band = try #require(
      try clustered.summary(bands: Bootstrap(replicates: 2000)).all.chunkMeanBand)
    let mean = losses.reduce(0, +) / 60
    let deviation =
      (losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60).squareRoot() / 60.0.squareRoot()
    #expect(abs((band.high - band.low) / (2 * 1.96 * deviation) - 1) < 0.08)
    #expect(band.contains(mean))
    // The same losses without documents: half as wide.
    var alone = clustered
    for index in alone.chunks.indices { alone.chunks[index].parts = nil }
    let summary = try alone.summary(bands: Bootstrap(replicates: 2000))
    let narrow = try #require(summary.all.chunkMeanBand)
    #expect(abs((narrow.high - narrow.low) / (band.high - band.low) - 0.5) < 0.05)
    #expect(summary.bands?.unit == .chunks)
    #expect(summary.all.documents == nil)
  }

  /// A chunk of two documents gives each the share of its tokens: all weights one, the sums are those
  /// of the summary.
  @Test func sharedChunksAreDividedAmongTheirDocuments() throws {
    let shared = EvaluationResult(
      sourceNames: ["prose"],
      chunks: [
        Chunk(
          source: 0, tokens: 4, nllSum: 10, bytes: 8,
          parts: [
            Part(document: 7, tokens: 3, nllSum: 9, bytes: 6),
            Part(document: 9, tokens: 1, nllSum: 1, bytes: 2),
          ]),
        Chunk(
          source: 0, tokens: 2, nllSum: 8, bytes: 4,
          parts: [Part(document: 9, tokens: 2, nllSum: 8, bytes: 4)]),
      ])
    let summary = try shared.summary(bands: Bootstrap(replicates: 400))
    #expect(summary.all.documents == 2)
    #expect(summary.bands?.units == 2)
    // Two documents: 7 with mean sum 9/4 in 3/4 of a chunk, 9 with 1/4 + 4 in 5/4. A replicate has
    // one of them twice or both.
    let chunk = try #require(summary.all.chunkMeanBand)
    #expect(abs(chunk.low - 3) < 1e-12)
    #expect(abs(chunk.high - 17.0 / 5) < 1e-12)
    let token = try #require(summary.all.tokenMeanBand)
    #expect(abs(token.low - 3) < 1e-12)
    #expect(abs(token.high - 3) < 1e-12)
    let bits = try #require(summary.all.bitsPerByteBand)
    #expect(abs(bits.low - 9 / log(2) / 6) < 1e-12)
  }

  @Test func everySourceAndTheMeanOfThemHaveABand() throws {
    let two = result([(0, [1]), (0, [2]), (0, [4]), (1, [5]), (1, [5]), (1, [5])])
    let summary = try two.summary(bands: Bootstrap())
    #expect(summary.sources.map(\.documents) == [3, 3])
    let code = try #require(summary.sources[1].chunkMeanBand)
    #expect(code == Interval(low: 5, high: 5))
    let prose = try #require(summary.sources[0].chunkMeanBand)
    let macro = try #require(summary.macroBand)
    #expect(abs(macro.low - (prose.low + 5) / 2) < 1e-12)
    #expect(abs(macro.high - (prose.high + 5) / 2) < 1e-12)
    #expect(
      summary.bands
        == BandOrigin(
          unit: .documents, units: 6, replicates: 1000, seed: 1, confidence: 0.95))
    // A single document moves nowhere: no band, and none of the mean over sources.
    let single = try result([(0, [1, 3]), (1, [5]), (1, [6])]).summary(bands: Bootstrap())
    #expect(single.sources[0].chunkMeanBand == nil)
    #expect(single.sources[1].chunkMeanBand != nil)
    #expect(single.macroBand == nil)
    #expect(try two.summary().all.chunkMeanBand == nil)
  }

  @Test func theSeedDecides() throws {
    var random = RandomSource(seed: 5)
    let some = result((0..<30).map { _ in (0, [random.uniform()]) })
    func band(_ seed: UInt64) throws -> Interval? {
      try some.summary(bands: Bootstrap(replicates: 200, seed: seed)).all.tokenMeanBand
    }
    #expect(try band(1) == band(1))
    #expect(try band(1) != band(2))
  }

  /// The difference of two models varies less than their losses: the pairs stay together.
  @Test func comparisonsArePaired() throws {
    var random = RandomSource(seed: 11)
    let losses = (0..<50).map { _ in 3 + random.normal() }
    let first = result(losses.map { (0, [$0, $0 + 0.1]) })
    let second = result(losses.map { (0, [$0 - 0.5, $0 - 0.4]) })
    let comparison = try EvaluationComparison(first, second)
    for row in comparison.rows {
      let band = try #require(row.band)
      #expect(abs(band.low + 0.5) < 1e-9 && abs(band.high + 0.5) < 1e-9, "\(row.name)")
      #expect(row.isSignificant)
    }
    #expect(comparison.bands?.unit == .documents)
    let bits = try #require(comparison.bitsPerByte)
    #expect(abs(bits.delta + 0.5 * 2 / log(2) / 4) < 1e-9)
    #expect(abs(try #require(bits.band).high - bits.delta) < 1e-9)
  }

  /// Other tokens of the same texts: bits a byte, where whole texts were measured.
  @Test func otherTokenizersAreComparedByBytes() throws {
    func texts(_ losses: [(tokens: Int, nll: Double, bytes: Int)]) throws -> EvaluationResult {
      EvaluationResult(
        sourceNames: ["prose"],
        chunks: losses.enumerated().map { number, loss in
          Chunk(
            source: 0, tokens: loss.tokens, nllSum: loss.nll * log(2), bytes: loss.bytes,
            parts: [
              Part(
                document: Int64(number), tokens: loss.tokens, nllSum: loss.nll * log(2),
                bytes: loss.bytes)
            ])
        }, windows: try StridedWindows(window: 8, stride: 4))
    }
    let first = try texts([(4, 20, 10), (7, 60, 20)])
    let second = try texts([(5, 10, 10), (3, 50, 20)])
    let comparison = try EvaluationComparison(first, second)
    #expect(comparison.unit == .bitsPerByte)
    // Bits a byte by text: 2, 3 and 1, 2.5; of all 80/30 and 60/30.
    #expect(abs(comparison.chunkMean.delta + 0.75) < 1e-12)
    #expect(abs(comparison.tokenMean.lossA - 80.0 / 30) < 1e-12)
    #expect(abs(comparison.tokenMean.delta + 20.0 / 30) < 1e-12)
    let band = try #require(comparison.chunkMean.band)
    #expect(abs(band.low + 1) < 1e-12 && abs(band.high + 0.5) < 1e-12)
    #expect(try EvaluationComparison(first, first).unit == .natsPerToken)
    // Other bytes: another text, or another start.
    #expect(throws: TrainingError.self) {
      try EvaluationComparison(first, texts([(5, 10, 9), (3, 50, 20)]))
    }
    var chunks = second
    chunks.windows = nil
    var others = first
    others.windows = nil
    #expect(throws: TrainingError.self) { try EvaluationComparison(others, chunks) }
  }

  /// What a wide band leaves open is not significant, however narrow the interval over chunks.
  @Test func documentsDecideSignificance() throws {
    // Four documents of a hundred chunks: differences -2, -2, -2 and 5.
    let first = result((0..<4).map { _ in (0, Array(repeating: 3, count: 100)) })
    let second = result([1.0, 1, 1, 8].map { (0, Array(repeating: $0, count: 100)) })
    let row = try EvaluationComparison(first, second).chunkMean
    #expect(try #require(row.band).contains(0))
    #expect(!row.isSignificant)
  }

  /// numpy.percentile of 1, 2, 4, 8, 16 at 2.5 and 97.5.
  @Test func percentilesAreNumPys() throws {
    let interval = try #require(Bootstrap.interval(of: [16, 1, 8, 2, 4]))
    #expect(abs(interval.low - 1.1) < 1e-12)
    #expect(abs(interval.high - 15.2) < 1e-12)
    #expect(Bootstrap.interval(of: []) == nil)
    #expect(Bootstrap.interval(of: [1, .nan]) == nil)
  }
}
