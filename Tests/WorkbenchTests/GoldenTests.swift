import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Every screen at the two sizes of the mock-ups, in characters and in roles.
@Suite struct GoldenTests {
  static let sizes = [Size(width: 120, height: 36), Size(width: 80, height: 24)]

  private func player(_ screen: ScreenID, _ size: Size, _ glyphs: Glyphs) -> Player {
    let snapshots = FixtureSnapshots()
    var player = Player(snapshots.events(for: screen.digit), size: size)
    player.state.display.glyphs = glyphs
    player.type(String(screen.digit))
    return player
  }

  @Test(arguments: ScreenID.allCases, sizes)
  func screens(_ screen: ScreenID, _ size: Size) throws {
    for glyphs in [Glyphs.ascii, .braille] {
      let frame = player(screen, size, glyphs).frame
      try Golden.check(
        frame, "\(screen.title.lowercased())-\(size.width)x\(size.height)-\(glyphs.rawValue)")
    }
  }

  @Test(arguments: ["?", ":rat", "J", "f2", "q", "P"])
  func overlays(_ keys: String) throws {
    var player = player(.train, Size(width: 80, height: 24), .ascii)
    if keys == "f2" { player.press(.function(2)) } else { player.type(keys) }
    let names = [
      "?": "help", ":rat": "palette", "J": "log", "f2": "settings", "q": "quit", "P": "precision",
    ]
    try Golden.check(player.frame, "overlay-\(names[keys] ?? keys)")
  }

  @Test(arguments: sizes)
  func studiedCorpus(_ size: Size) throws {
    var player = player(.corpus, size, .ascii)
    player.type("u")
    #expect(player.state.engine.corpus?.study == .done)
    try Golden.check(player.frame, "corpus-studied-\(size.width)x\(size.height)")
  }

  @Test(arguments: sizes)
  func modelsToChooseFrom(_ size: Size) throws {
    var player = player(.models, size, .ascii)
    player.type("t")
    #expect(player.sent.last == .findModels)
    try Golden.check(player.frame, "models-choice-\(size.width)x\(size.height)")
  }

  @Test func aStudyAtWorkSaysHowItEnds() {
    var player = player(.corpus, Size(width: 80, height: 24), .ascii)
    var picture = FixtureSnapshots().corpusPicture
    picture.study = .running(what: "reading texts", fraction: 0.34)
    player.send(.engine(.corpus(picture)))
    #expect(player.frame.grid.text.contains("study: reading texts 34%, u ends it"))
  }

  @Test func tooSmall() throws {
    let player = player(.train, Size(width: 36, height: 9), .ascii)
    try Golden.check(player.frame, "too-small-36x9")
  }

  /// Below 80 x 24 one pane at a time, all of them in turn.
  @Test(arguments: [ScreenID.train, .select])
  func onePane(screen: ScreenID) throws {
    var player = player(screen, Size(width: 60, height: 14), .ascii)
    try Golden.check(player.frame, "\(screen)-60x14")
    var seen: Set<Pane> = []
    for _ in screen.panes {
      player.press(.tab)
      seen.insert(player.state.focusedPane)
      #expect(player.frame.hits.filter { $0.target.kind.hasPrefix("pane.") }.count == 1)
    }
    #expect(seen == Set(screen.panes))
  }

  @Test func monochromeChunksHaveMarksUnderTheTokens() throws {
    var player = player(.chunk, Size(width: 80, height: 24), .ascii)
    player.state.display.isMonochrome = true
    try Golden.check(player.frame, "chunk-mono-80x24")
  }

  /// Before anything is there, every screen says what it waits for and which key helps.
  @Test(arguments: ScreenID.allCases)
  func emptyScreensSayWhatTheyWaitFor(_ screen: ScreenID) {
    let idle = ProjectSnapshot(
      name: "demo", folder: "/home/ann/demo",
      stages: Stage.allCases.map { .init(stage: $0, state: .waiting) },
      machine: "2 threads")
    for size in Self.sizes {
      let text = renderOnce(events: [.project(idle)], screen: screen, size: size)
      let words = screen == .corpus ? "The next three steps" : "starts it"
      #expect(text.contains(words), "\(screen.title)")
    }
  }
}
