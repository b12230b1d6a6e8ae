import EngineInterface
import TerminalUI
import Testing
import Workbench

/// The ratio follows keys and mouse at once; the engine has the last word.
@Suite struct SelectionTests {
  private func selecting() -> Player {
    var player = Player(FixtureSnapshots().choosing())
    player.press(.character("4"))
    return player
  }

  @Test func aControlIsChosenAndMarkedAsNoPartOfTheMethod() throws {
    var player = selecting()
    player.type("r")
    try Golden.check(player.frame, "select-ranking-120x36")
    player.press(.down, .enter)
    #expect(player.sent.last == .setRanking(.lowestDifference))
    #expect(player.state.overlay == nil)
    #expect(player.state.message?.text.contains("a control, not the method") == true)
    #expect(player.state.message?.isWarning == true)
    #expect(player.text.contains("NOT the method: ranked by the lowest difference"))
    // Behind the message that says so.
    player.send(.tick(60))
    #expect(player.text.contains("d<="))
    // No side of the histogram is kept; the ratio still moves.
    #expect(player.state.threshold == nil)
    player.type("]")
    #expect(player.state.ratio == 0.51)
    player.type("=d0.6")
    player.press(.enter)
    #expect(player.state.prompt?.complaint == "a ratio: ranked by the lowest difference")
    player.press(.escape)
    player.type("3")
    #expect(player.text.contains("by the lowest difference: NOT the method"))
    player.type("4")
    player.press(.enter)
    #expect(player.state.screen == .chunk)
    #expect(player.text.contains("by a control"))
    player.type("4r")
    player.press(.home, .enter)
    #expect(player.sent.last == .setRanking(.difference))
    #expect(!player.text.contains("NOT the method"))
  }

  @Test func keysMoveTheRatioBySteps() {
    var player = selecting()
    player.type("]")
    #expect(player.sent.last?.ratio == 0.51)
    player.type("[[")
    #expect(player.state.ratio == 0.49)
    player.type("}")
    #expect(player.state.ratio == 0.491)
    #expect(player.text.contains("ratio 0.491"))
  }

  @Test func theScreenShowsTheAskedRatioBeforeTheEngineAnswers() throws {
    var player = selecting()
    player.answers = false
    player.type("]]]")
    #expect(player.state.engine.selection?.ratio == 0.5)
    #expect(player.state.ratio == 0.53)
    #expect(player.text.contains("ratio 0.530"))
    // The threshold is read off the histogram: within a bin of the true one.
    let expected = FixtureSnapshots().threshold(0.53)
    #expect(abs(try #require(player.state.threshold) - expected) < 0.04)
  }

  @Test func anEngineThatCutsTheRatioWins() {
    var player = selecting()
    player.answers = false
    player.type("]")
    player.send(.tick(2))
    player.send(.engine(.selection(FixtureSnapshots().selection(0.505))))
    #expect(player.state.ratio == 0.505)
  }

  @Test func ratiosStayBetweenNothingAndAll() {
    var player = selecting()
    for _ in 0..<120 { player.type("]") }
    #expect(player.state.ratio == 1)
    for _ in 0..<120 { player.type("[") }
    #expect(player.state.ratio == 0)
  }

  @Test(arguments: ["0.3", ".3", "30%"]) func ratioCanBeTyped(_ text: String) {
    var player = selecting()
    player.type("=\(text)")
    player.press(.enter)
    #expect(player.state.prompt == nil)
    #expect(player.state.ratio == 0.3)
  }

  @Test func thresholdCanBeTyped() {
    var player = selecting()
    player.type("=d0.7")
    player.press(.enter)
    #expect(player.sent.last == .setThreshold(0.7))
  }

  @Test(arguments: ["7", "abc", "-1", "120%", "nan", ""]) func badRatiosAreNamed(_ text: String) {
    var player = selecting()
    player.type("=\(text)")
    player.press(.enter)
    #expect(player.state.prompt?.complaint != nil)
    #expect(player.state.ratio == 0.5)
    player.press(.escape)
    #expect(player.state.prompt == nil)
  }

  @Test func draggingTheBarMovesTheRatio() throws {
    var player = selecting()
    let track = try #require(player.frame.region(RatioBar.hitKind))
    player.mouse(.press, x: track.x, y: track.y)
    #expect(player.state.ratio == 0)
    player.mouse(.drag, x: track.maxX - 1, y: track.y + 5)
    #expect(player.state.ratio == 1)
    player.mouse(.drag, x: track.x - 50, y: 0)
    #expect(player.state.ratio == 0)
    player.mouse(.release, x: 0, y: 0)
    player.mouse(.drag, x: track.maxX - 1, y: track.y)
    #expect(player.state.ratio == 0)
  }

  @Test func draggingTheHistogramMovesTheThreshold() throws {
    var player = selecting()
    let area = try #require(player.frame.region(Histogram.hitKind))
    player.mouse(.press, x: area.x + area.width / 2, y: area.y + 2)
    let middle = try #require(player.state.ratio)
    player.mouse(.drag, x: area.x + area.width / 2 + 6, y: area.y)
    let right = try #require(player.state.ratio)
    // Further right keeps less.
    #expect(right < middle)
    let plain = (-1.0 + 3.5 * (Double(area.width / 2) + 0.5) / Double(area.width))
    #expect(abs(FixtureSnapshots().threshold(middle) - plain) < 0.06)
  }

  @Test func binsGoRound() {
    var player = selecting()
    player.type("H")
    #expect(player.state.histogram.bins == 128)
    player.type("H")
    #expect(player.state.histogram.bins == 16)
  }

  @Test func undoReturnsToTheBeginning() {
    var player = selecting()
    for (time, key) in "]]][{{}".enumerated() {
      // Whoever pauses between keys has made a change each time.
      player.send(.tick(2 * Double(time)))
      player.type(String(key))
    }
    for _ in 0..<7 { player.type("u") }
    #expect(player.state.ratio == 0.5)
    player.press(.control("r"))
    #expect(player.state.ratio == 0.51)
  }

  @Test func emptyPinsAreSetAndFullOnesRecalled() {
    var player = selecting()
    player.press(.character("A"))
    // The fixture starts with pin A in the picture; the engine's own list is empty until set.
    player.type("PA")
    #expect(player.sent.last == .pin("A"))
    player.type("]]]")
    player.press(.character("A"))
    #expect(player.sent.last == .recallPin("A"))
  }

  @Test func borderRowsFollowTheRatioUntilOneIsPicked() throws {
    var player = selecting()
    func isLastKept() -> Bool {
      let border = player.state.engine.selection?.border ?? []
      return border.lastIndex { $0.kept == true } == player.state.list(.border).selected
    }
    player.type("]")
    #expect(isLastKept())
    player.press(.down, .down)
    #expect(!isLastKept())
    let picked = player.state.list(.border).selected
    let index = try #require(player.state.engine.selection?.border[picked].index)
    player.type("{}")
    let now = player.state.list(.border).selected
    #expect(player.state.engine.selection?.border[now].index == index)
    player.type("b")
    #expect(isLastKept())
  }

  @Test func spaceFlipsTheSelectedRowAndAClickItsLetter() throws {
    var player = selecting()
    let row = try #require(
      player.state.engine.selection?.border[player.state.list(.border).selected])
    player.press(.space)
    #expect(player.sent.last == .flipChunk(row.index))
    player.click("flip", index: player.state.list(.border).selected)
    #expect(player.sent.last == .flipChunk(row.index))
  }

  @Test func floorsAreAskedForTheSelectedSource() {
    var player = selecting()
    player.press(.tab)
    player.press(.down)
    player.type("F")
    player.type("6%")
    player.press(.enter)
    #expect(player.sent.last == .setFloor(source: "code", share: 0.06))
  }

  @Test func theCapOnTheTeachersLossIsTypedAndTakenAway() {
    var player = selecting()
    player.type("C4.5")
    player.press(.enter)
    #expect(player.sent.last == .setTeacherCap(4.5))
    #expect(player.state.engine.selection?.teacherCap == 4.5)
    #expect(player.text.contains("cap 4.50"))
    // The prompt begins with what holds; emptied, it takes the cap away.
    player.type("C")
    #expect(player.state.prompt?.field.text == "4.50")
    player.press(.control("u"), .enter)
    #expect(player.sent.last == .setTeacherCap(nil))
    player.type("Chigh")
    player.press(.enter)
    #expect(player.state.prompt?.complaint != nil)
    #expect(player.sent.last == .setTeacherCap(nil))
  }

  @Test func whatTheCapDropsHasALetterOfItsOwn() {
    var selection = FixtureSnapshots().selection(0.5)
    selection.teacherCap = 3
    for index in selection.border.indices {
      (selection.border[index].kept, selection.border[index].isCapped) = (false, true)
    }
    var player = Player(FixtureSnapshots().choosing() + [.selection(selection)])
    player.type("4")
    #expect(player.text.contains("> C"))
    #expect(player.text.contains("DROPPED by the cap"))
  }
}
