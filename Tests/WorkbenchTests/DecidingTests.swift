import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Prices, budgets, pins side by side, what is lost, notes: overlays of the Select screen.
@Suite struct DecidingTests {
  static let sizes = [
    Size(width: 80, height: 24), Size(width: 120, height: 36), Size(width: 200, height: 50),
  ]

  private func selecting(_ size: Size = Size(width: 120, height: 36)) -> Player {
    var player = Player(FixtureSnapshots().choosing(), size: size)
    player.type("4")
    return player
  }

  // MARK: Gestures

  @Test func keysThatFollowOneAnotherAreOneGesture() {
    var player = selecting()
    player.type("]]]")
    let gestures = player.sent.compactMap { command -> Int? in
      if case .moveRatio(_, let gesture) = command { gesture } else { nil }
    }
    #expect(gestures.count == 3 && Set(gestures).count == 1)
    player.type("u")
    #expect(player.state.ratio == 0.5)
  }

  /// After a pause, another key, a click, or a drag, the next move is a change of its own.
  @Test func pausesAndOtherKeysEndAGesture() throws {
    var player = selecting()
    player.type("]")
    player.send(.tick(2))
    player.type("]")
    player.press(.tab)
    player.type("]")
    player.type("=0.3")
    player.press(.enter)
    player.type("]")
    let track = try #require(player.frame.region(RatioBar.hitKind))
    player.mouse(.press, x: track.x + 4, y: track.y)
    player.mouse(.drag, x: track.x + 9, y: track.y)
    player.mouse(.release, x: track.x + 9, y: track.y)
    player.mouse(.press, x: track.x + 14, y: track.y)
    let gestures = player.sent.compactMap { command -> Int? in
      if case .moveRatio(_, let gesture) = command { gesture } else { nil }
    }
    #expect(gestures.count == 7 && Set(gestures).count == 6)
    for _ in 0..<7 { player.type("u") }
    #expect(player.state.ratio == 0.5)
  }

  // MARK: Price and budget

  @Test(arguments: sizes) func thePriceIsShown(_ size: Size) throws {
    var player = selecting(size)
    player.type("$")
    for character in "400k" { player.type(String(character)) }
    try Golden.check(player.frame, "select-budget-\(size.width)x\(size.height)")
    #expect(player.text.contains("takes the budget"))
    // On the bar's second line, for which a small terminal has no room.
    #expect(player.text.contains("budget 0.") || size.height < 30)
  }

  @Test func aBudgetIsTakenByEnter() throws {
    var player = selecting()
    player.type("$400k")
    guard case .budget(let plan)? = player.state.engine.decision?.content else {
      Issue.record("no plan")
      return
    }
    player.press(.enter)
    #expect(player.state.overlay == nil)
    #expect(player.sent.last == .setRatio(plan.ratio))
    #expect(player.state.ratio == plan.ratio)
    player.type("u")
    #expect(player.state.ratio == 0.5)
  }

  @Test func budgetsThatAreNoneAreNamed() {
    var player = selecting()
    player.type("$many")
    player.press(.enter)
    #expect(player.state.overlay != nil)
    #expect(player.state.message?.isWarning == true)
    player.press(.control("u"))
    player.type("3h")
    player.press(.enter)
    #expect(player.text.contains("No speed is known here."))
    player.press(.escape)
    #expect(player.state.overlay == nil)
    #expect(player.state.ratio == 0.5)
  }

  @Test func aPasteGoesIntoTheField() {
    var player = selecting()
    player.type("$")
    player.send(.paste("400k"))
    #expect(player.sent.last == .ask(.budget(.tokens(400_000))))
  }

  @Test(
    arguments: [
      ("20M", TrainingAmount.tokens(2e7)), ("20e6", .tokens(2e7)), ("1,500,000", .tokens(1.5e6)),
      ("20 M tokens", .tokens(2e7)), ("3h", .seconds(10_800)), ("90m", .seconds(5400)),
      ("90 min", .seconds(5400)), ("1h30m", .seconds(5400)), ("2d", .seconds(172_800)),
      ("1e16", .operations(1e16)), ("10 PFLOP", .operations(1e16)),
      ("3e12 flops", .operations(3e12)),
    ])
  func budgetsAreRead(_ text: String, _ amount: TrainingAmount) {
    var player = selecting()
    player.type("$")
    player.send(.paste(text))
    #expect(player.sent.last == .ask(.budget(amount)))
  }

  @Test(arguments: ["", "many", "-3", "0", "inf", "nan", "3 x", "h", "1e999"])
  func whatIsNoBudgetIsNotAsked(_ text: String) {
    var player = selecting()
    player.type("$")
    let before = player.sent.count
    player.send(.paste(text))
    #expect(player.sent.count == before)
  }

  // MARK: Pins, losses

  @Test(arguments: sizes) func pinsStandSideBySide(_ size: Size) throws {
    var player = selecting(size)
    player.type("PA")
    player.type("]]")
    player.type("D")
    try Golden.check(player.frame, "select-pins-\(size.width)x\(size.height)")
    #expect(player.text.contains("A and now: 340 chunks in both"))
    // A pin can be gone to from here.
    player.type("A")
    #expect(player.sent.contains(.recallPin("A")))
    #expect(player.state.overlay != nil)
    player.type("D")
    #expect(player.state.overlay == nil)
  }

  @Test func withoutPinsTheKeySaysHowToPin() {
    var player = Player(
      FixtureSnapshots().choosing() + [.selection(FixtureSnapshots().selection(0.5))])
    player.type("4D")
    #expect(player.state.overlay == nil)
    #expect(player.state.message?.text.contains("A pins the selection") == true)
  }

  @Test(arguments: sizes) func whatIsLostIsListed(_ size: Size) throws {
    var player = selecting(size)
    player.type("o")
    try Golden.check(player.frame, "select-lost-\(size.width)x\(size.height)")
    player.press(.down, .enter)
    #expect(player.state.screen == .chunk)
    player.press(.escape)
    #expect(player.state.screen == .select)
    // On a source it asks for the floor.
    player.type("o")
    player.press(.enter)
    #expect(player.state.prompt?.field.text == "60.0%")
  }

  // MARK: Notes

  @Test func notesAreWrittenAndShown() {
    var player = selecting()
    player.type("m")
    player.type("boilerplate?")
    player.press(.enter)
    let row = player.state.engine.selection?.border[safe: player.state.list(.border).selected]
    #expect(row?.note == "boilerplate?")
    #expect(player.text.contains("[boilerplate?]"))
    // The prompt begins with what is written; emptied, it takes that away.
    player.type("m")
    #expect(player.state.prompt?.field.text == "boilerplate?")
    player.press(.control("u"), .enter)
    #expect(!player.text.contains("[boilerplate?]"))
  }

  // MARK: Drivers

  @Test(arguments: sizes) func whatDrivesKeepingIsShown(_ size: Size) throws {
    var player = selecting(size)
    player.type("W")
    #expect(player.sent.last == .drivers(.show))
    try Golden.check(player.frame, "select-drivers-\(size.width)x\(size.height)")
    // Sources side by side, tokens once they are scored.
    player.press(.right)
    #expect(player.text.contains("code (2 of 3)"))
    player.type("t")
    #expect(player.text.contains("No token is scored by itself yet"))
    player.type("s")
    #expect(player.sent.last == .drivers(.scoreTokens))
    #expect(player.text.contains("+321.5"))
    player.type("t")
    player.press(.enter)
    #expect(player.state.screen == .corpus)
  }

  @Test func staleDriversSaySo() {
    var player = selecting()
    player.type("W")
    var picture = player.state.engine.drivers ?? DriversSnapshot()
    picture.isStale = true
    player.send(.engine(.drivers(picture)))
    #expect(player.text.contains("not of the present selection: r counts anew"))
    picture.state = .running(what: "n-grams of law", fraction: 0.4)
    player.send(.engine(.drivers(picture)))
    #expect(player.text.contains("n-grams of law, 40%"))
    player.type("x")
    #expect(player.sent.last == .drivers(.stop))
  }

  // MARK: Blind reading

  @Test(arguments: sizes) func chunksAreReadBlind(_ size: Size) throws {
    var player = selecting(size)
    player.type("K")
    #expect(player.sent.last == .reading(.begin))
    try Golden.check(player.frame, "select-blind-\(size.width)x\(size.height)")
    #expect(player.text.contains("Chunk 1 of 40"))
    for _ in 0..<12 { player.type("kds") }
    #expect(player.sent.last == .reading(.answer(chunk: 135, .skip)))
    player.type("r")
    try Golden.check(player.frame, "select-blind-result-\(size.width)x\(size.height)")
    // Nothing is judged while the text is out of sight.
    let before = player.sent.count
    player.type("k")
    #expect(player.sent.count == before)
    player.type("r")
    player.type("kkkk")
    #expect(player.text.contains("All 40 chunks are read"))
    player.press(.escape)
    #expect(player.state.overlay == nil)
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
