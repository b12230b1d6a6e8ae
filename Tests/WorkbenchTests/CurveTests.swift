import EngineInterface
import TerminalUI
import Testing
import Workbench

/// From a point of the curve to the batch, its chunks, and a fork without them.
@Suite struct CurveTests {
  private func player(_ size: Size = Size(width: 80, height: 24)) -> Player {
    var player = Player(FixtureSnapshots().events(for: ScreenID.train.digit), size: size)
    player.state.display.glyphs = .ascii
    player.type("\(ScreenID.train.digit)")
    return player
  }

  @Test(arguments: GoldenTests.sizes)
  func theCursorIsDrawn(_ size: Size) throws {
    var player = player(size)
    player.type("h")
    for _ in 0..<40 { player.type("h") }
    #expect(player.state.train.cursor == 120)
    player.type(",")
    #expect(player.state.train.cursor == 119)
    try Golden.check(player.frame, "train-cursor-\(size.width)x\(size.height)")
  }

  @Test func theNextRunIsPointedAt() {
    var player = player()
    player.type("hn")
    #expect(player.state.train.cursorRun == 1)
    player.type("n")
    #expect(player.state.train.cursorRun == 0)
  }

  @Test(arguments: GoldenTests.sizes)
  func theBatchIsShownAndForkedWithout(_ size: Size) throws {
    var player = player(size)
    player.type("h")
    player.press(.enter)
    #expect(player.sent.last == .openBatch(run: "A uniform", step: 160))
    player.type("xjx")
    try Golden.check(player.frame, "train-batch-\(size.width)x\(size.height)")
    player.type("f")
    #expect(player.state.prompt?.label.contains("without 2 chunks") == true)
    player.type("y")
    player.press(.enter)
    #expect(
      player.sent.last
        == .fork(run: "A uniform", step: 160, chunks: [640, 641], wholeDocuments: false))
    #expect(player.state.train.marked.isEmpty)
  }

  @Test func anEmptyAnswerForksNothing() {
    var player = player()
    player.type("h")
    player.press(.enter)
    player.type("f")
    #expect(player.state.prompt == nil)
    player.type("xf")
    player.press(.enter)
    #expect(player.state.prompt == nil)
    #expect(player.sent.last == .openBatch(run: "A uniform", step: 160))
  }

  @Test func aChunkOfTheBatchIsRead() {
    var player = player()
    player.type("h")
    player.press(.enter)
    player.press(.enter)
    #expect(player.state.screen == .chunk)
    player.press(.escape)
    #expect(player.state.screen == .train)
  }

  @Test(arguments: GoldenTests.sizes)
  func forksAreBranches(_ size: Size) throws {
    var player = player(size)
    player.send(.engine(.training(FixtureSnapshots().forkedTraining)))
    try Golden.check(player.frame, "train-forks-\(size.width)x\(size.height)")
    player.type("T")
    try Golden.check(player.frame, "train-runs-\(size.width)x\(size.height)")
  }

  @Test func aQuestionComesUpAndIsAnswered() throws {
    var player = player()
    player.send(.engine(.project(FixtureSnapshots().askingProject)))
    try Golden.check(player.frame, "train-question-80x24")
    player.type("j")
    player.press(.enter)
    #expect(player.sent.last == .answer(.skip))
    #expect(player.state.overlay == nil)
  }

  /// The last row stops the run and shows the batch.
  @Test func aQuestionLeadsToAFork() {
    var player = player()
    player.send(.engine(.project(FixtureSnapshots().askingProject)))
    player.press(.end)
    player.press(.enter)
    #expect(player.sent.suffix(2) == [.answer(.stop), .openBatch(run: "B refined", step: 157)])
  }

  /// Who closes the question still finds it.
  @Test func aQuestionThatWasClosedIsFoundAgain() {
    var player = player()
    player.type("a")
    #expect(player.state.overlay == nil)
    player.send(.engine(.project(FixtureSnapshots().askingProject)))
    player.press(.escape)
    #expect(player.state.overlay == nil)
    #expect(player.frame.grid.text.contains("waits for an answer: a"))
    player.type("a")
    #expect(player.state.overlay != nil)
    // Where it is answered elsewhere, it goes.
    player.send(.engine(.project(FixtureSnapshots().project(done: 8))))
    #expect(player.state.overlay == nil)
  }

  @Test func settingsOfFaultsGoRound() {
    var player = player()
    player.press(.function(2))
    player.press(.end)
    player.press(.enter)
    #expect(player.sent.last == .setFaultChoice(.diskFull, .wait))
    player.press(.enter)
    #expect(player.sent.last == .setFaultChoice(.diskFull, .stop))
  }
}
