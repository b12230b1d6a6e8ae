import DifferenceSampling
import EngineInterface
import Testing

/// Screens know the rankings by a type of their own.
@Suite struct RankingNamesTests {
  @Test func bothListsAreOne() {
    #expect(ChunkRanking.allCases.map(\.rawValue) == SelectionRanking.allCases.map(\.rawValue))
    #expect(ChunkRanking.allCases.map(\.words) == SelectionRanking.allCases.map(\.words))
    #expect(ChunkRanking.allCases.map(\.isMethod) == SelectionRanking.allCases.map(\.isMethod))
  }
}
