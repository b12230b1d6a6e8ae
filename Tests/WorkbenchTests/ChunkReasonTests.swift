import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Why a chunk is kept: sentence, marks in text and table, runs of tokens.
@Suite struct ChunkReasonTests {
  private func reading(_ size: Size = Size(width: 120, height: 36)) -> Player {
    var player = Player(FixtureSnapshots().choosing(), size: size)
    player.type("45")
    return player
  }

  /// A chunk of which one run carries the difference.
  private func chunk(kept: Bool) -> ChunkDetail {
    let row = ChunkRow(
      index: 7, source: "code", tokens: 60, difference: 0.2, kept: kept, preview: "x")
    let tokens = (0..<60).map { place -> ChunkDetail.Token in
      let difference = (20..<26).contains(place) ? 3.0 : (40..<44).contains(place) ? -2.0 : 0.05
      return ChunkDetail.Token(
        text: " w\(place)", teacherLogProbability: place == 0 ? nil : -1,
        referenceLogProbability: place == 0 ? nil : -1 - difference)
    }
    return ChunkDetail(row: row, tokens: tokens, pieces: [], scored: 10, threshold: 0.1)
  }

  private func opened(kept: Bool) -> Player {
    var player = reading(Size(width: 200, height: 50))
    player.state.chunk.index = 7
    player.send(.engine(.chunk(chunk(kept: kept))))
    return player
  }

  @Test func theSentenceNamesTheStrongestRun() {
    let player = opened(kept: true)
    #expect(player.text.contains("of the tokens carry"))
    #expect(player.text.contains("tokens 20-25"))
    #expect(!player.text.contains("most is lost"))
    let dropped = opened(kept: false).text
    #expect(dropped.contains("most is lost"))
    #expect(dropped.contains("tokens 40-43"))
  }

  @Test func runsAreGoneToInTheOrderOfTheirStrength() {
    var player = opened(kept: false)
    player.type("s")
    #expect(player.state.chunk.span == 20..<26)
    #expect(player.state.message?.text.hasPrefix("Run 1 of 2: tokens 20-25") == true)
    player.type("s")
    #expect(player.state.chunk.span == 40..<44)
    player.type("S")
    #expect(player.state.chunk.span == 20..<26)
    #expect((20..<26).contains(player.state.chunk.token ?? -1))
  }

  @Test func tableAndTextShareOneMark() {
    var player = opened(kept: true)
    player.type("t")
    player.press(.tab)
    player.press(.home, .down, .down)
    // In the order of the text the first token does not count.
    #expect(player.state.chunk.token == 3)
    player.type(")")
    #expect(player.state.chunk.token == 4)
    #expect(player.state.list(.tokens).selected == 3)
    player.type("((")
    #expect(player.state.chunk.token == 2)
    // The other order keeps the mark.
    player.type("t")
    #expect(player.state.chunk.token == 2)
    player.click(TokenText.hitKind, index: 30)
    #expect(player.state.chunk.token == 30)
    player.type("t")
    #expect(player.state.list(.tokens).selected == 29)
  }

  @Test func scrollingTakesTheMarkAlong() {
    var player = reading(Size(width: 80, height: 24))
    let tokens = player.state.engine.chunk?.tokens.count ?? 0
    #expect(tokens > 0)
    player.press(.end)
    let marked = player.state.chunk.token
    player.press(.home)
    #expect(player.state.chunk.token != nil && marked != nil)
  }

  @Test func theTextAfterAnotherChunkHasNoOldMark() {
    var player = opened(kept: true)
    player.type("s")
    #expect(player.state.chunk.span != nil)
    player.press(.escape)
    player.press(.down, .enter)
    #expect(player.state.chunk.span == nil)
  }
}
