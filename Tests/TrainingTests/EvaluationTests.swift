import Foundation
import Testing
import Training

@Suite struct EvaluationTests {
  private typealias Chunk = EvaluationResult.Chunk

  /// Two sources; means 2, 4 | 1, 3, 8 nats.
  private let a = EvaluationResult(
    sourceNames: ["prose", "unused", "code"],
    chunks: [
      Chunk(source: 0, tokens: 10, nllSum: 20, bytes: 40),
      Chunk(source: 2, tokens: 4, nllSum: 4, bytes: 8),
      Chunk(source: 0, tokens: 30, nllSum: 120, bytes: 120),
      Chunk(source: 2, tokens: 2, nllSum: 6, bytes: 4),
      Chunk(source: 2, tokens: 1, nllSum: 8, bytes: 2),
    ])

  /// Means 1.5, 3 | 1, 2, 8.5.
  private let b = EvaluationResult(
    sourceNames: ["prose", "unused", "code"],
    chunks: [
      Chunk(source: 0, tokens: 10, nllSum: 15), Chunk(source: 2, tokens: 4, nllSum: 4),
      Chunk(source: 0, tokens: 30, nllSum: 90), Chunk(source: 2, tokens: 2, nllSum: 4),
      Chunk(source: 2, tokens: 1, nllSum: 8.5),
    ])

  @Test func summaryComputedByHand() throws {
    let summary = try a.summary()
    #expect(summary.sources.map(\.name) == ["prose", "code"])
    let prose = summary.sources[0]
    #expect(prose.chunks == 2)
    #expect(prose.tokens == 40)
    #expect(abs(prose.chunkMean - 3) < 1e-12)
    // Sample deviation of 2 and 4 is root 2; over root 2 chunks: 1.
    #expect(abs(try #require(prose.standardError) - 1) < 1e-12)
    #expect(abs(prose.tokenMean - 3.5) < 1e-12)
    #expect(abs(prose.perplexity - exp(3.5)) < 1e-9)
    #expect(abs(try #require(prose.bitsPerByte) - 140 / log(2) / 160) < 1e-12)
    #expect(abs(summary.all.chunkMean - 18.0 / 5) < 1e-12)
    #expect(abs(summary.all.tokenMean - 158.0 / 47) < 1e-12)
    #expect(abs(summary.macroLoss - 3.5) < 1e-12)
    #expect(try b.summary().all.bitsPerByte == nil)
  }

  @Test func pairedDifferenceComputedByHand() throws {
    let comparison = try EvaluationComparison(a, b)
    // prose: differences -0.5 and -1: mean -0.75, standard error 0.25, t(1) = 12.7062.
    let prose = comparison.sources[0]
    #expect(abs(prose.delta + 0.75) < 1e-12)
    #expect(abs(try #require(prose.halfWidth) - 0.25 * 12.7062) < 1e-9)
    #expect(!prose.isSignificant)
    // code: 0, -1, +0.5: mean -1/6, variance 7/12, standard error root(7/36), t(2) = 4.30265.
    let code = comparison.sources[1]
    #expect(abs(code.delta + 1.0 / 6) < 1e-12)
    #expect(abs(try #require(code.halfWidth) - (7.0 / 36).squareRoot() * 4.30265) < 1e-9)
    // all: -0.5, 0, -1, -1, 0.5: mean -0.4, variance 1.7 / 4, standard error root(0.085).
    #expect(abs(comparison.chunkMean.delta + 0.4) < 1e-12)
    #expect(
      abs(try #require(comparison.chunkMean.halfWidth) - 0.085.squareRoot() * 2.77645) < 1e-9)
    #expect(abs(comparison.macro.delta - (-0.75 - 1.0 / 6) / 2) < 1e-12)
    let widths = 0.25 * 0.25 * 12.7062 * 12.7062 + 7.0 / 36 * 4.30265 * 4.30265
    #expect(abs(try #require(comparison.macro.halfWidth) - widths.squareRoot() / 2) < 1e-9)
  }

  @Test func tokenMeanIntervalComputedByHand() throws {
    let row = try EvaluationComparison(a, b).tokenMean
    let delta = -36.5 / 47
    #expect(abs(row.delta - delta) < 1e-12)
    let residuals = [
      -5 - 10 * delta, -4 * delta, -30 - 30 * delta, -2 - 2 * delta, 0.5 - delta,
    ]
    let squares = residuals.reduce(0) { $0 + $1 * $1 }
    let expected = (5.0 / 4 * squares).squareRoot() / 47 * 2.77645
    #expect(abs(try #require(row.halfWidth) - expected) < 1e-9)
  }

  @Test func resultsOfOtherChunksAreNotCompared() {
    var other = b
    other.chunks[1].tokens = 5
    #expect(throws: TrainingError.self) { try EvaluationComparison(a, other) }
    other = b
    other.chunks.removeLast()
    #expect(throws: TrainingError.self) { try EvaluationComparison(a, other) }
    #expect(throws: TrainingError.nothingToEvaluate) {
      try EvaluationResult(sourceNames: ["x"], chunks: []).summary()
    }
  }

  /// Tables of Student's t: two-sided 95 %.
  @Test(arguments: [
    (1, 12.706), (5, 2.571), (10, 2.228), (11, 2.201), (20, 2.086), (30, 2.042), (120, 1.980),
  ])
  func quantilesOfStudent(degrees: Int, value: Double) {
    #expect(abs(StudentT.quantile975(degreesOfFreedom: degrees) - value) < 6e-4)
  }
}
