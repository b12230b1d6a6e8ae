import CorpusQuality
import Foundation
import Numerics
import Testing

/// n-grams that tell kept chunks from dropped ones.
@Suite struct NGramContrastTests {
  /// Chunks of noise; `marked` of them hold the n-gram 7 8 9.
  private func chunks(_ count: Int, marked: Int, seed: UInt64) -> [[Int32]] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { place in
      var tokens = (0..<40).map { _ in Int32(100 + random.index(below: 200)) }
      if place < marked {
        // Twice: it counts once.
        tokens.replaceSubrange(10..<13, with: [7, 8, 9])
        tokens.replaceSubrange(20..<23, with: [7, 8, 9])
      }
      return tokens
    }
  }

  private func contrast(
    _ kept: [[Int32]], _ dropped: [[Int32]],
    _ settings: NGramContrast.Settings = NGramContrast.Settings()
  ) -> NGramContrast {
    NGramContrast(kept: kept, dropped: dropped, settings) {}
  }

  @Test func whatStandsOnOneSideIsFound() throws {
    let kept = chunks(200, marked: 80, seed: 1)
    let dropped = chunks(200, marked: 4, seed: 2)
    let found = contrast(kept, dropped)
    let first = try #require(found.keeps.first)
    // The parts of it say the same, and the longest is left.
    #expect(first.tokens == [7, 8, 9])
    #expect(first.kept == 80 && first.dropped == 4)
    #expect(first.z > 4)
    let others = found.keeps.dropFirst().filter { !Set($0.tokens).isDisjoint(with: [7, 8, 9]) }
    #expect(others.count <= 2, "\(others)")
    let swapped = contrast(dropped, kept)
    #expect(swapped.drops.first?.z == -first.z)
    #expect(swapped.drops.first?.kept == 4)
  }

  /// By hand: the ratio of a token that is in 3 of 4 kept and 1 of 4 dropped chunks.
  @Test func theRatioIsThatOfThePaper() throws {
    let settings = NGramContrast.Settings(longest: 1, leastChunks: 1)
    let kept: [[Int32]] =
      Array(repeating: [1, 2], count: 60) + Array(repeating: [2, 3], count: 20)
    let dropped: [[Int32]] =
      Array(repeating: [1, 2], count: 20) + Array(repeating: [2, 3], count: 60)
    let found = contrast(kept, dropped, settings)
    let row = try #require(found.keeps.first { $0.tokens == [1] })
    // 160 counts on each side, 320 in all, of which 80 are token 1; the prior is worth 500.
    let prior = 500.0 * 80 / 320
    let one = (60 + prior) / (160 + 500 - 60 - prior)
    let other = (20 + prior) / (160 + 500 - 20 - prior)
    #expect(abs(row.logOdds - (log(one) - log(other))) < 1e-12)
    let error = (1 / (60 + prior) + 1 / (20 + prior)).squareRoot()
    #expect(abs(row.z - row.logOdds / error) < 1e-12)
    #expect(found.drops.first?.tokens == [3])
    // What is everywhere says nothing.
    #expect(!(found.keeps + found.drops).contains { $0.tokens == [2] })
  }

  @Test func noNGramGoesOverADocumentsEnd() {
    let kept = Array(repeating: [Int32(5), 0, 6], count: 50)
    let dropped = Array(repeating: [Int32(8), 0, 9], count: 50)
    let settings = NGramContrast.Settings(separator: 0)
    let found = contrast(kept, dropped, settings)
    #expect(
      (found.keeps + found.drops).allSatisfy { !$0.tokens.contains(0) && $0.tokens.count == 1 })
    #expect(!found.keeps.isEmpty)
  }

  @Test func oneSideAloneSaysNothing() {
    let found = contrast(chunks(20, marked: 20, seed: 3), [])
    #expect(found.keeps.isEmpty && found.drops.isEmpty)
  }
}
