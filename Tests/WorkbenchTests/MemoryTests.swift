import EngineInterface
import TerminalUI
import Testing
import Workbench

/// What a project remembers of its screens, and what changed files of a person do to open ones.
@MainActor @Suite struct MemoryTests {
  let terminal = RecordingTerminal(size: Size(width: 120, height: 36))

  private func wait(
    for what: String, sourceLocation: SourceLocation = #_sourceLocation, _ holds: () -> Bool
  ) async throws {
    for _ in 0..<3000 {
      if holds() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("never came: \(what)\n\(terminal.screen)", sourceLocation: sourceLocation)
  }

  /// A visit: opens a project, does something, and leaves.
  private func visit(
    _ files: FixtureFiles, _ events: [EngineEvent] = FixtureSnapshots().choosing(),
    screen: ScreenID? = nil, theme: String? = nil, _ work: () async throws -> Void
  ) async throws {
    let engine = FixtureEngine(events)
    if let theme { files.settings.layers[.option].theme = theme }
    let app = WorkbenchApp(
      terminal: terminal, engine: engine, screen: screen, theme: theme,
      themes: files.settings.themes, loadTheme: { Theme(name: $0) }, files: files)
    let running = Task { await app.run() }
    try await wait(for: "the project") {
      terminal.frameCount > 0 && !terminal.screen.contains("opening the project")
        && terminal.screen.contains("MINIPLM")
    }
    try await work()
    terminal.send(.stop(.terminate))
    _ = await running.value
  }

  @Test(.timeLimit(.minutes(3))) func theScreensComeBackAsTheyWereLeft() async throws {
    let files = FixtureFiles()
    try await visit(files) {
      terminal.type(.character("4"), .character("H"), .character("L"), .tab, .down, .down)
      terminal.type(.character("7"), .character("X"), .character("s"), .character("4"))
      try await wait(for: "Select") { terminal.screen.contains("[4 Select]") }
    }
    let left = try #require(files.remembered)
    for words in ["\"screen\": \"select\"", "\"histogram.bins\": 128", "\"curves.axis\": \"step\""]
    {
      #expect(left.contains(words), "\(left)")
    }
    // Nothing that is as screens begin stands in it.
    #expect(!left.contains("compare.order") && !left.contains("theme"))
    let before = terminal.screen
    try await visit(files) {
      try await wait(for: "Select") { terminal.screen.contains("[4 Select]") }
      try await wait(for: "the same frame") { terminal.screen == before }
    }
    #expect(files.remembered == left, "a visit without a key changes nothing")
  }

  /// Where the work has chosen the screen, it does so again.
  @Test(.timeLimit(.minutes(3))) func theWorkStillLeads() async throws {
    let files = FixtureFiles()
    try await visit(files) {
      try await wait(for: "Select") { terminal.screen.contains("[4 Select]") }
    }
    #expect(files.remembered?.contains("screen") != true)
    files.remembered = "{\"screen\": \"corpus\"}"
    try await visit(files, FixtureSnapshots().trainingNow) {
      try await wait(for: "Corpus") { terminal.screen.contains("[1 Corpus]") }
    }
    try await visit(files, FixtureSnapshots().trainingNow, screen: .compare) {
      try await wait(for: "Compare") { terminal.screen.contains("[8 Compare]") }
    }
  }

  @Test(
    .timeLimit(.minutes(3)),
    arguments: [
      "", "[]", "{", "7", "{\"screen\": \"nowhere\"}", "{\"screen\": 7, \"focus\": []}",
      "{\"future\": {\"a\": [1, 2, 3]}}", "{\"histogram.bins\": 63}",
      "{\"selected\": {\"border\": {\"selected\": 9223372036854775807, \"top\": 9223372036854775807}}}x",
      "{\"plots.windows\": {\"training\": {\"low\": 1}}, \"curves.smoothing\": \"much\"}",
      "{\"theme\": \"gone\"}",
    ])
  func whatCannotBeUsedIsSaid(_ text: String) async throws {
    let files = FixtureFiles(view: text)
    try await visit(files) {
      try await wait(for: "Select") { terminal.screen.contains("[4 Select]") }
    }
    // It is said in the first frame; what is kept is whole again.
    #expect(files.remembered?.hasPrefix("{") == true)
  }

  @Test(.timeLimit(.minutes(3))) func hostileValuesAreClamped() async throws {
    let files = FixtureFiles(
      view: """
        {"screen": "corpus", "selected": {"chunks": {"selected": 9223372036854775807, "top": 9223372036854775807},
         "nowhere": {"selected": 1, "top": 0}}, "focus": {"corpus": "text", "nowhere": "chunks"},
         "panes.borders": {"corpus:a|b": -3e300}, "chunk.index": 9223372036854775807,
         "plots.windows": {"training": {"low": -1e308, "high": 1e308, "follows_end": true}},
         "plots.cursors": {"training": 1e308}}
        """)
    try await visit(files) {
      for screen in ScreenID.allCases {
        terminal.type(.character(Character("\(screen.digit)")))
        try await wait(for: screen.title) {
          terminal.screen.contains("[\(screen.digit) \(screen.title)]")
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(3))) func aChosenThemeIsTheProjectsAndTheNextOnes() async throws {
    let files = FixtureFiles()
    try await visit(files) {
      terminal.type(.function(2), .home, .down, .enter, .escape)
      try await wait(for: "dark") { terminal.theme.name == "dark" }
    }
    #expect(files.written["theme"] == "\"dark\"")
    #expect(files.remembered?.contains("\"theme\": \"dark\"") == true)
    // Another project has chosen since; this one keeps its own, unless an option says otherwise.
    files.settings.layers[.configuration].theme = "light"
    try await visit(files) { #expect(terminal.theme.name == "dark") }
    try await visit(files, theme: "light") {
      #expect(!terminal.screen.isEmpty)
    }
    #expect(files.remembered?.contains("\"theme\": \"dark\"") == true)
  }

  @Test(.timeLimit(.minutes(3))) func aDiskThatIsFullIsSaidOnceAndStopsNothing() async throws {
    let files = FixtureFiles()
    files.isFull = true
    try await visit(files) {
      terminal.type(.character("3"))
      try await wait(for: "why") { terminal.screen.contains("No room for view.json.") }
      terminal.type(.character("4"))
      try await wait(for: "Select") { terminal.screen.contains("[4 Select]") }
    }
    #expect(files.remembered == nil)
  }

  @Test(.timeLimit(.minutes(3))) func whoOnlyLooksWritesNothing() async throws {
    let files = FixtureFiles()
    let link = EngineEvent.link(LinkSnapshot(isReadOnly: true, controllers: 1, viewers: 1))
    try await visit(files, FixtureSnapshots().choosing() + [link]) {
      terminal.type(.character("1"))
      try await wait(for: "Corpus") { terminal.screen.contains("[1 Corpus]") }
    }
    #expect(files.views == 0)
  }

  @Test(.timeLimit(.minutes(3))) func editedFilesHoldAtOnce() async throws {
    let files = FixtureFiles()
    try await visit(files) {
      var settings = files.settings
      settings.table = ActionTable(keys: ["help": [.function(9)]])
      settings.layers[.configuration].theme = "light"
      settings.layers[.configuration].bins = 16
      // Said anew until it is seen: a message stands for seconds, and a busy machine looks when it can.
      let news = PersonalNews(settings: settings, text: "Read again: config.toml.")
      try await wait(for: "the words") {
        files.news = files.news ?? news
        return terminal.screen.contains("Read again: config.toml.")
      }
      #expect(terminal.theme.name == "light")
      #expect(terminal.screen.contains("F9 help"))
      // A broken file says why, and changes nothing.
      let fault = PersonalNews(
        settings: settings, text: "config.toml:3: This is no TOML.", isWarning: true)
      try await wait(for: "the fault") {
        files.news = files.news ?? fault
        return terminal.screen.contains("config.toml:3")
      }
      #expect(terminal.theme.name == "light" && terminal.screen.contains("F9 help"))
    }
  }

  @Test(.timeLimit(.minutes(3))) func aSettingThatSaysNotToRememberIsObeyed() async throws {
    let files = FixtureFiles(view: "{\"screen\": \"corpus\"}")
    files.settings.layers[.configuration].remembers = false
    files.settings.layers[.configuration].screen = .models
    try await visit(files) {
      try await wait(for: "Models") { terminal.screen.contains("[2 Models]") }
      terminal.type(.character("3"))
      try await wait(for: "Score") { terminal.screen.contains("[3 Score]") }
    }
    #expect(files.views == 0)
  }
}
