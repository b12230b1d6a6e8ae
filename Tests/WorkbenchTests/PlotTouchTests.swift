import EngineInterface
import Foundation
import TerminalUI
import Testing
import Workbench

/// Cursor, readout, zoom, pan and brush, by keys and by mouse, on every plot.
@Suite struct PlotTouchTests {
  private func player(
    _ screen: ScreenID, _ size: Size = Size(width: 120, height: 36)
  ) -> Player {
    var player = Player(FixtureSnapshots().events(for: screen.digit), size: size)
    player.state.display.glyphs = .braille
    player.type(String(screen.digit))
    if screen == .chunk { player.press(.tab, .tab) }
    return player
  }

  private static let screens: [ScreenID] = [.train, .compare, .score, .select, .chunk]

  private func region(_ player: Player) throws -> HitRegion {
    try #require(
      player.frame.hits.last {
        $0.target.kind == LinePlot.hitKind || $0.target.kind == Histogram.hitKind
      })
  }

  /// `i` puts a ruler with values on the plot, Esc takes it away, and the screen is as before.
  @Test(arguments: screens)
  func theCursorComesAndGoes(_ screen: ScreenID) throws {
    var player = player(screen)
    if screen == .compare { player.press(.tab, .tab) }
    let before = player.frame
    player.type("i")
    let text = player.text
    switch screen {
    case .train: #expect(text.contains("A uniform 3.8") && text.contains("step 156") == false)
    case .compare: #expect(text.contains("A uniform 3."))
    case .score, .select: #expect(text.contains("from here up"))
    default: #expect(text.contains("mean d"))
    }
    #expect(player.frame != before)
    player.press(.left, .pageUp, .shiftRight, .home, .end)
    #expect(player.frame != before)
    player.press(.escape)
    player.state.message = nil
    if screen == .chunk { #expect(player.state.screen == .chunk) }
    #expect(player.frame.grid.text == before.grid.text)
  }

  /// Zooming in and out again, and back to the whole, on every plot.
  @Test(arguments: screens)
  func keysAndWheelZoom(_ screen: ScreenID) throws {
    var player = player(screen)
    if screen == .compare { player.press(.tab, .tab) }
    let before = player.frame.grid
    player.type("++")
    #expect(player.frame.grid != before)
    player.press(.left)
    player.type("0")
    player.state.message = nil
    #expect(player.frame.grid == before)
    let area = try region(player).rect
    player.mouse(.wheelUp, x: area.x + 5, y: area.y + 2)
    #expect(player.frame.grid != before)
    for _ in 0..<4 { player.mouse(.wheelDown, x: area.x + 5, y: area.y + 2) }
    #expect(player.frame.grid == before)
  }

  /// The mouse over a plot says its values; elsewhere it says nothing, and changes nothing.
  @Test(arguments: screens)
  func hoveringReadsOut(_ screen: ScreenID) throws {
    var player = player(screen)
    let before = player.frame.grid
    let area = try region(player).rect
    player.mouse(.move, x: area.x + area.width / 3, y: area.y + 1, button: .none)
    #expect(player.frame.grid != before)
    player.mouse(.move, x: 0, y: 0, button: .none)
    #expect(player.frame.grid == before)
  }

  @Test(arguments: GoldenTests.sizes)
  func theReadoutIsDrawn(_ size: Size) throws {
    var player = player(.train, size)
    player.type("ti")
    player.press(.pageUp, .pageUp)
    try Golden.check(player.frame, "train-readout-\(size.width)x\(size.height)")
    player.type("+")
    try Golden.check(player.frame, "train-zoomed-\(size.width)x\(size.height)")
  }

  @Test(arguments: GoldenTests.sizes)
  func theHistogramIsRead(_ size: Size) throws {
    var player = player(.select, size)
    player.press(.tab, .tab)
    player.type("i")
    player.press(.space, .pageDown)
    try Golden.check(player.frame, "select-brush-\(size.width)x\(size.height)")
  }

  @Test func arrowsPanAWindowWithoutCursor() throws {
    var player = player(.train)
    player.type("++")
    let window = try #require(player.state.plots.windows["training"])
    #expect(window.followsEnd)
    player.press(.shiftLeft)
    let moved = try #require(player.state.plots.windows["training"])
    #expect(moved.low < window.low && !moved.followsEnd)
    #expect(player.state.train.cursor == nil)
    player.press(.right, .shiftRight)
    #expect(player.state.plots.windows["training"]?.followsEnd == true)
  }

  /// The cursor never leaves what is shown: the window goes with it.
  @Test func theWindowFollowsTheCursor() throws {
    var player = player(.train)
    player.type("i++")
    for _ in 0..<150 { player.press(.left) }
    let cursor = try #require(player.state.train.cursor)
    let window = try #require(player.state.plots.windows["training"])
    #expect(Double(cursor * 8192) >= window.low * 0.999)
    #expect(Double(cursor * 8192) <= window.high * 1.001)
  }

  @Test func aClickPutsTheCursorAndASecondOneOpensTheBatch() throws {
    var player = player(.train)
    let area = try #require(
      player.frame.hits.first { $0.target.kind == LinePlot.hitKind }?.rect)
    player.mouse(.press, x: area.x + area.width / 2, y: area.y + 2)
    player.mouse(.release, x: area.x + area.width / 2, y: area.y + 2)
    let step = try #require(player.state.train.cursor)
    #expect((70...90).contains(step))
    player.mouse(.press, x: area.x + area.width / 2, y: area.y + 2, clicks: 2)
    player.mouse(.release, x: area.x + area.width / 2, y: area.y + 2)
    #expect(player.sent.last == .openBatch(run: "A uniform", step: step))
  }

  @Test func draggingPansAWindow() throws {
    var player = player(.train)
    player.type("+")
    let area = try #require(
      player.frame.hits.first { $0.target.kind == LinePlot.hitKind }?.rect)
    let before = try #require(player.state.plots.windows["training"])
    player.mouse(.press, x: area.x + 10, y: area.y + 2)
    player.mouse(.drag, x: area.x + 30, y: area.y + 2)
    player.mouse(.release, x: area.x + 30, y: area.y + 2)
    let after = try #require(player.state.plots.windows["training"])
    #expect(after.low < before.low)
    #expect(player.state.train.cursor == nil)
  }

  /// The right button reads out where the terminal tells no moves.
  @Test func theRightButtonReadsCurves() throws {
    var player = player(.train)
    let area = try #require(
      player.frame.hits.first { $0.target.kind == LinePlot.hitKind }?.rect)
    player.mouse(.press, x: area.x + 10, y: area.y + 2, button: .right)
    player.mouse(.drag, x: area.x + 20, y: area.y + 2, button: .right)
    #expect(player.state.plots.hover?.plot == .training)
    player.mouse(.release, x: area.x + 20, y: area.y + 2, button: .right)
    #expect(player.state.plots.hover == nil && player.state.drag == nil)
  }

  // MARK: - Brush

  @Test func aRangeIsMarkedByKeys() throws {
    var player = player(.select)
    player.press(.tab, .tab)
    player.type("i")
    player.press(.space, .right, .right)
    #expect(player.state.plots.brush?.plot == .selection)
    #expect(player.text.contains("chunks,"))
    player.press(.escape)
    #expect(player.state.plots.brush == nil)
    // The cursor is still there, and Esc takes it away, too.
    #expect(player.text.contains("from here up"))
    player.press(.escape)
    #expect(!player.text.contains("from here up"))
    player.type("i")
    player.press(.left, .left, .space, .right, .right, .right, .enter)
    #expect(player.state.screen == .corpus && player.state.focusedPane == .chunks)
    #expect(player.state.corpus.filter?.fieldNames == ["d"])
    #expect(player.state.message?.text.hasPrefix("Only d:") == true)
    #expect(player.sent.allSatisfy { $0 != .undo })
  }

  @Test func aRangeIsMarkedByTheMouse() throws {
    var player = player(.select)
    let area = try #require(player.frame.region(Histogram.hitKind))
    let ratio = player.state.ratio
    player.mouse(.press, x: area.x + 10, y: area.y + 2, button: .right)
    player.mouse(.drag, x: area.x + area.width - 10, y: area.y + 2, button: .right)
    player.mouse(.release, x: area.x + area.width - 10, y: area.y + 2, button: .right)
    #expect(player.state.ratio == ratio)
    #expect(player.state.screen == .corpus && player.state.corpus.filter?.fieldNames == ["d"])
    #expect(player.state.message?.text.hasPrefix("Only d:") == true)
  }

  /// Space still flips where the cursor is not on the histogram.
  @Test func spaceFlipsElsewhere() {
    var player = player(.select)
    player.press(.space)
    #expect(player.sent.contains { if case .flipChunk = $0 { true } else { false } })
  }

  // MARK: - Axes

  @Test func axesGoRoundAndKeepTheWindow() throws {
    var player = player(.train)
    player.type("+")
    var units: [String] = []
    for _ in 0..<4 {
      player.type("X")
      units.append(player.state.train.axis.rawValue)
      #expect(player.state.plots.windows["training"] != nil)
    }
    #expect(units == ["step", "FLOPs", "time", "tokens"])
    let window = try #require(player.state.plots.windows["training"])
    #expect(abs(window.low - 80 * 8192) < 3 * 8192)
  }

  @Test(arguments: ["X", "XX", "XXX", "L", "LL", "LLL"])
  func axesAreDrawn(_ keys: String) throws {
    for size in GoldenTests.sizes {
      var player = player(.train, size)
      player.type(keys)
      try Golden.check(player.frame, "train-axis-\(keys)-\(size.width)x\(size.height)")
    }
  }

  /// Runs that do not say what they compute have no such axis.
  @Test func unknownAxesAreLeftOut() {
    var player = player(.train)
    var training = FixtureSnapshots().training(step: 160)
    for index in training.runs.indices { training.runs[index].operationsPerToken = nil }
    player.send(.engine(.training(training)))
    player.type("XX")
    #expect(player.state.train.axis == .time)
  }

  @Test func onePointHasARange() {
    var player = player(.train)
    player.send(.engine(.training(FixtureSnapshots().training(step: 0))))
    for keys in ["t", "t", "L", "L", "L"] {
      player.type(keys)
      #expect(!player.text.contains("-1"), "\(player.text)")
    }
  }

  // MARK: - Events

  @Test(arguments: GoldenTests.sizes)
  func eventsLeadToTheirBatch(_ size: Size) throws {
    var player = player(.train, size)
    player.press(.tab, .tab)
    #expect(player.state.focusedPane == .events)
    player.press(.down)
    try Golden.check(player.frame, "train-event-\(size.width)x\(size.height)")
    player.press(.enter)
    #expect(player.sent.last == .openBatch(run: "A uniform", step: 87))
    player.press(.escape, .down, .enter)
    #expect(player.state.message?.text.contains("about no step") == true)
  }

  /// On a small terminal the curves stand beside what was found.
  @Test func comparedCurvesAreSeenAtEverySize() throws {
    var player = player(.compare, Size(width: 80, height: 24))
    #expect(!player.frame.hits.contains { $0.target.kind == LinePlot.hitKind })
    player.type("i")
    #expect(player.state.focusedPane == .summary)
    #expect(player.text.contains("A uniform 3."))
    try Golden.check(player.frame, "compare-curves-80x24")
  }

  // MARK: - Little and much

  @Test func littleScreensShowTheFigures() throws {
    let player = Player(FixtureSnapshots().trainingNow, size: Size(width: 39, height: 20))
    #expect(player.text.contains("A uniform 160/400"))
    #expect(player.text.contains("loss 3.8"))
    #expect(player.text.contains("q quit"))
  }

  /// A million points, thinned: the spike of one point is still there.
  @Test func longCurvesKeepTheirSpikes() {
    var player = player(.train)
    var training = FixtureSnapshots().training(step: 160)
    training.runs[0].trainCurve = (1...1_000_000).map {
      CurvePoint(
        step: $0, tokens: $0 * 512, loss: $0 == 618_033 ? 90 : 3, seconds: Double($0) / 10)
    }
    player.send(.engine(.training(training)))
    player.type("t")
    for keys in ["", "X", "X", "X", "L", "LL"] {
      player.type(keys)
      // The highest tick below it, on a linear axis or a logarithmic one.
      #expect(player.text.contains("80 ") || player.text.contains("50 "), "\(player.text)")
    }
    player.type("i")
    for _ in 0..<20 { player.press(.left) }
    #expect(player.state.train.cursor == 1_000_000 - 20 * 10_000)
    // What is kept of the curves is what they are: a frame of the same state without it is the same.
    for keys in ["s", "+", "X", "t", "L"] {
      player.type(keys)
      var fresh = player.state
      fresh.plots = PlotSettings()
      fresh.plots.windows = player.state.plots.windows
      #expect(player.renderer.render(fresh) == player.frame, "\(keys)")
    }
    // A step more is drawn at once.
    player.type("0")
    let before = player.text
    training.runs[0].trainCurve.append(
      CurvePoint(step: 1_000_001, tokens: 512_000_512, loss: 900, seconds: 1e5))
    player.send(.engine(.training(training)))
    player.state.train.showsTrainLoss = true
    player.press(.left)
    #expect(player.text != before)
  }

  @Test func settingsAreCodable() throws {
    var player = player(.select)
    player.type("+i")
    let data = try JSONEncoder().encode(player.state.plots)
    let read = try JSONDecoder().decode(PlotSettings.self, from: data)
    #expect(
      read.windows == player.state.plots.windows && read.cursors == player.state.plots.cursors)
    #expect(
      try JSONDecoder().decode(TrainOptions.self, from: JSONEncoder().encode(TrainOptions()))
        == TrainOptions())
    #expect(
      try JSONDecoder().decode(SplitSettings.self, from: JSONEncoder().encode(SplitSettings()))
        == SplitSettings())
  }
}
