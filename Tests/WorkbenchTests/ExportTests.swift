import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Writing what is shown: names, formats, and files that are there already.
@MainActor @Suite struct ExportTests {
  let snapshots = FixtureSnapshots()

  private func orders(_ player: Player) -> [ExportOrder] {
    player.effects.compactMap { if case .export(let order) = $0 { order } else { nil } }
  }

  @Test func aNameIsProposedAndItsEndIsTheFormat() {
    var player = Player(snapshots.choosing())
    player.type("4E")
    #expect(player.text.contains("select-"), "\(player.text)")
    player.press(.enter)
    #expect(orders(player).last?.format == .csv)
    #expect(orders(player).last?.name == "select-\(player.state.focusedPane.rawValue).csv")
    player.press(.control("s"), .control("u"))
    player.type("picture.svg")
    player.press(.enter)
    #expect(orders(player).last?.format == .svg)
    player.type("E")
    player.press(.control("u"))
    player.type("picture.doc")
    player.press(.enter)
    #expect(orders(player).count == 2)
    #expect(player.text.contains("ends in .csv"), "\(player.text)")
  }

  @Test func aLineOfThePaletteWritesAtOnce() {
    var player = Player(snapshots.choosing())
    player.type("4:export json now")
    player.press(.enter)
    #expect(orders(player).map(\.name) == ["now.json"])
    #expect(orders(player).map(\.format) == [.json])
  }

  @Test func aFileThatIsThereIsReplacedOnlyOnAWord() throws {
    var player = Player(snapshots.choosing())
    player.type("4:export json now.json")
    player.press(.enter)
    let order = try #require(orders(player).last)
    player.send(.exported(order, .exists("p/exports/now.json")))
    #expect(player.text.contains("p/exports/now.json is there"), "\(player.text)")
    player.press(.enter)
    #expect(orders(player).count == 1)
    player.send(.exported(order, .exists("p/exports/now.json")))
    player.type("then.json")
    player.press(.enter)
    #expect(orders(player).last?.name == "then.json")
    player.send(.exported(order, .exists("p/exports/now.json")))
    player.type("y")
    player.press(.enter)
    #expect(orders(player).last?.replaces == true)
    #expect(orders(player).last?.name == "now.json")
    player.send(.exported(order, .written("p/exports/now.json")))
    #expect(player.text.contains("Written: p/exports/now.json."))
  }

  /// Every screen in every format: tables have a header, pictures an end, text no palette.
  @Test(arguments: ScreenID.allCases) func everyScreenIsWritten(_ screen: ScreenID) {
    var player = Player(snapshots.events(for: screen.digit))
    player.type("\(screen.digit):")
    for format in ExportFormat.allCases {
      let order = ExportOrder(
        format: format, screen: screen, pane: player.state.focusedPane, name: "x")
      let text = ExportText.text(order, player.state, theme: .neutral)
      switch format {
      case .csv: #expect(text.hasSuffix("\n"))
      case .json:
        #expect(text.hasPrefix("{") && text.contains("\"screen\": \"\(screen)\""))
      case .svg: #expect(text.hasPrefix("<svg") && text.hasSuffix("</svg>\n"))
      case .txt:
        #expect(text.contains(screen.title) && !text.contains("Command"))
      }
    }
  }

  /// The executable gives the door to files; without one the screen says so.
  @Test(.timeLimit(.minutes(2))) func theLoopHandsTheTextOut() async throws {
    let terminal = RecordingTerminal(size: Size(width: 120, height: 36))
    let engine = FixtureEngine(snapshots.choosing())
    var written: [(ExportOrder, String)] = []
    let app = WorkbenchApp(
      terminal: terminal, engine: engine,
      export: { order, text, _ in
        written.append((order, text))
        return .written("exports/\(order.name)")
      })
    let running = Task { await app.run() }
    func wait(_ text: String) async throws {
      for _ in 0..<3000 where !terminal.screen.contains(text) {
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(terminal.screen.contains(text), "\(terminal.screen)")
    }
    try await wait("[4 Select]")
    for character in ":export json s.json" { terminal.type(.character(character)) }
    terminal.type(.enter)
    try await wait("Written: exports/s.json.")
    #expect(written.count == 1)
    #expect(written.first?.1.contains("\"ratio\": 0.5") == true)
    terminal.send(.stop(.terminate))
    _ = await running.value
  }
}
