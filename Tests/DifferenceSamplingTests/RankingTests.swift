import DifferenceSampling
import Foundation
import Testing

/// Controls: the same scores, ranked otherwise.
@Suite struct RankingTests {
  // Teacher NLL and reference NLL; differences 1, 3, 2, 1, -1.
  let index = SelectionIndex(
    scores: ChunkScores(
      [(2, 3), (1, 4), (4, 6), (1, 2), (6, 5)].enumerated().map { number, losses in
        ChunkScore(
          chunk: number, source: 0, length: 10, counted: 9, teacherNLL: losses.0,
          referenceNLL: losses.1)
      }), sourceNames: ["text"])

  private func kept(_ ranking: SelectionRanking, _ ratio: Double) throws -> [Int] {
    let selection = try index.select(
      SelectionSettings(rule: .ratio(ratio), ranking: ranking))
    #expect(selection.keptChunks().count == selection.summary.all.keptChunks)
    return selection.keptChunks()
  }

  @Test func everyRankingTakesItsOwnEnd() throws {
    #expect(try kept(.difference, 0.4) == [1, 2])
    // Of equal differences the lower number goes first at either end.
    #expect(try kept(.lowestDifference, 0.4) == [0, 4])
    #expect(try kept(.highestReferenceLoss, 0.4) == [2, 4])
    #expect(try kept(.lowestReferenceLoss, 0.4) == [0, 3])
  }

  @Test func theBorderIsOfWhatWasRankedBy() throws {
    func border(_ ranking: SelectionRanking) throws -> Float? {
      try index.select(SelectionSettings(rule: .ratio(0.4), ranking: ranking)).summary.threshold
    }
    #expect(try border(.difference) == 2)
    #expect(try border(.lowestDifference) == 1)
    #expect(try border(.highestReferenceLoss) == 5)
    #expect(try border(.lowestReferenceLoss) == 3)
  }

  @Test func scoresThatComeLaterJoinTheSameRanking() throws {
    let scores = index.scores
    let rows = (0..<scores.count).map { scores[$0] }
    let grown = SelectionIndex(
      scores: ChunkScores(rows[..<2]), sourceNames: ["text"], chunkCount: 5
    )
    .ranked(by: .lowestReferenceLoss).adding(ChunkScores(rows[2...]))
    let whole = index.ranked(by: .lowestReferenceLoss)
    #expect((0..<5).map { grown.rank(ofChunk: $0) } == (0..<5).map { whole.rank(ofChunk: $0) })
    #expect(try grown.select(SelectionSettings(rule: .ratio(0.4))).keptChunks() == [1, 2])
  }

  @Test func aControlIsNamedAsOne() throws {
    for ranking in SelectionRanking.allCases {
      let settings = SelectionSettings(ranking: ranking)
      #expect(settings.isPureMethod == (ranking == .difference))
      #expect(ranking.isMethod || settings.departures[0].contains("control"))
    }
  }

  @Test func theMethodIsWrittenAsBefore() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let plain = try encoder.encode(SelectionSettings())
    #expect(
      String(decoding: plain, as: UTF8.self) == #"{"floors":{},"manual":[],"rule":{"ratio":0.5}}"#)
    for ranking in SelectionRanking.allCases {
      let settings = SelectionSettings(rule: .ratio(0.3), ranking: ranking)
      #expect(
        try JSONDecoder().decode(SelectionSettings.self, from: encoder.encode(settings)) == settings
      )
    }
  }

  @Test func aThresholdIsOfDifferences() {
    #expect(throws: DifferenceSamplingError.self) {
      try index.select(SelectionSettings(rule: .threshold(1), ranking: .highestReferenceLoss))
    }
  }
}
