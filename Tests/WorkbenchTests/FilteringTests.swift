import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Typing filters: what comes of them, what is offered, what is said of mistakes.
@Suite struct FilteringTests {
  private func player(_ size: Size = Size(width: 120, height: 36)) -> Player {
    var player = Player(FixtureSnapshots().choosing(), size: size)
    player.type("1")
    return player
  }

  private func read(_ text: String) throws -> Filter {
    try Filter(text, fields: FilterField.chunks)
  }

  /// The task of the issue: all dropped law documents that contain a word, in as few keys as may be.
  @Test func allDroppedLawDocumentsWithAWord() throws {
    var player = player()
    let keys = "fso\tla\t drop\t \"court\""
    for key in keys { player.press(key == "\t" ? .tab : .character(key)) }
    player.press(.enter)
    let filter = try read("source:law dropped \"court\"")
    #expect(player.state.corpus.filter == filter)
    let rows = try #require(player.state.engine.rows)
    #expect(rows.query.filter == filter && rows.total > 10)
    for row in rows.rows {
      #expect(row.source == "law" && row.kept == false)
      #expect(row.preview.contains("Court"))
    }
    #expect(player.state.prompt == nil)
    #expect(player.text.contains("filter: source:law dropped \"court\""))
    // Every letter counts: 22 keys with Enter.
    #expect(keys.count + 1 <= 24)
  }

  @Test func rowsComeWhileTyping() throws {
    var player = player()
    let all = try #require(player.state.engine.rows?.total)
    player.type("fdropped")
    let dropped = try #require(player.state.engine.rows?.total)
    #expect(dropped < all && player.text.contains("\(dropped) chunks"))
    // What cannot be read yet changes nothing.
    player.type(" d<")
    #expect(player.state.engine.rows?.total == dropped)
    player.type("0")
    #expect(try #require(player.state.engine.rows?.total) < dropped)
  }

  @Test func escRestoresWhatWas() throws {
    var player = player()
    player.type("fkept")
    player.press(.enter)
    player.type("jjj")
    let (filter, selected) = (player.state.corpus.filter, player.state.list(.chunks).selected)
    #expect(selected == 3)
    player.type("f d<0 tokens>900")
    #expect(player.state.corpus.filter != filter)
    player.press(.escape)
    #expect(
      player.state.corpus.filter == filter && player.state.engine.rows?.query.filter == filter)
    #expect(player.state.list(.chunks).selected == selected)
    // From another screen it leads back there.
    player.type("4fdropped")
    #expect(player.state.screen == .corpus)
    player.press(.escape)
    #expect(player.state.screen == .select && player.state.corpus.filter == filter)
    // Nothing typed is no filter; Esc in the list is none either.
    player.type("1")
    player.press(.escape)
    #expect(player.state.corpus.filter == nil)
    player.type("fkept")
    player.press(.enter)
    player.type("f")
    player.press(.control("u"), .enter)
    #expect(player.state.corpus.filter == nil)
  }

  @Test func mistakesAreMarkedUnderTheLine() throws {
    var player = player(Size(width: 80, height: 24))
    player.type("fkept lenthy>3")
    var lines = player.text.split(separator: "\n", omittingEmptySubsequences: false)
    let typed = try #require(lines.dropLast().last)
    let said = try #require(lines.last)
    let column = try #require(typed.firstRange(of: "lenthy")).lowerBound
    let place = typed.distance(from: typed.startIndex, to: column)
    #expect(Array(said).dropFirst(place).first == "^", "\(said)")
    #expect(said.contains("there is no field lenthy"))
    player.press(.enter)
    #expect(player.state.prompt?.complaint != nil)
    #expect(player.state.corpus.filter == .flag("kept"))
    // A term that is being typed is none.
    player.press(.control("w"))
    player.type("d<")
    #expect(player.state.prompt?.complaint == nil)
    lines = player.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last?.contains("a number is missing") == true)
    try Golden.check(player.frame, "corpus-filter-mistake-80x24")
  }

  @Test func choicesAreTakenWithTabAndArrows() throws {
    var player = player()
    player.type("fsource:")
    #expect(player.text.contains("Tab takes"))
    player.press(.down, .down)
    player.press(.enter)
    // Enter takes what is selected; once more, and it is the answer.
    let names = FixtureCorpus.sources
    let text = try #require(player.state.prompt?.field.text)
    #expect(names.contains { text == "source:\($0)" })
    player.press(.enter)
    #expect(player.state.prompt == nil && player.state.corpus.filter != nil)
  }

  @Test func earlierFiltersComeBackWithUp() throws {
    var player = player()
    for text in ["kept", "d<0", "kept"] {
      player.type("f")
      player.press(.control("u"))
      player.type(text)
      player.press(.enter)
    }
    #expect(player.state.corpus.filters == ["d<0", "kept"])
    player.press(.escape)
    player.type("f")
    player.press(.up)
    #expect(player.state.prompt?.field.text == "kept")
    player.press(.up)
    #expect(player.state.prompt?.field.text == "d<0")
    #expect(player.state.corpus.filter == (try read("d<0")))
    player.press(.down, .down)
    #expect(player.state.prompt?.field.text == "")
  }

  @Test(arguments: GoldenTests.sizes + [Size(width: 200, height: 50)])
  func frames(_ size: Size) throws {
    var player = player(size)
    player.type("fdropped source:")
    try Golden.check(player.frame, "corpus-filter-typing-\(size.width)x\(size.height)")
    player.type("law \"court\"")
    player.press(.enter)
    try Golden.check(player.frame, "corpus-filter-\(size.width)x\(size.height)")
  }

  /// Whatever is found is shown where it stands in the row.
  @Test func wordsAreMarkedInRowsAndPreview() throws {
    var player = player()
    player.type("/jurisdiction")
    player.press(.enter)
    let frame = player.frame
    var marked = 0
    for y in 0..<frame.size.height {
      for x in 0..<frame.size.width where frame.grid[x, y].style.attributes.contains(.underline) {
        marked += 1
      }
    }
    #expect(marked >= 10 * "jurisdiction".count)
  }

  @Test func aBrushOfTheHistogramIsAFilter() throws {
    var player = player()
    player.type("4")
    player.press(.tab, .tab)
    player.type("i")
    player.press(.space, .pageDown, .enter)
    guard case .number("d", let bounds)? = player.state.corpus.filter else {
      Issue.record("\(String(describing: player.state.corpus.filter))")
      return
    }
    #expect(player.state.screen == .corpus && player.state.corpus.order == .difference)
    let rows = try #require(player.state.engine.rows)
    #expect(rows.rows.allSatisfy { bounds.contains($0.difference ?? .nan) })
  }

  @Test func eventsOfATrainingAreFiltered() throws {
    var player = Player(FixtureSnapshots().trainingNow)
    player.type("7")
    let all = try #require(player.state.engine.training?.events.count)
    player.type("fkind:")
    #expect(player.text.contains("spike"))
    player.type("spike")
    #expect(player.text.contains("filter: kind:spike") && player.text.contains("1 rows"))
    player.press(.enter)
    #expect(player.state.focusedPane == .events)
    let rows = player.frame.hits.filter { $0.target.kind == Pane.events.rawValue }
    #expect(!rows.isEmpty && rows.count < all)
    player.press(.escape)
    #expect(player.frame.hits.count { $0.target.kind == Pane.events.rawValue } == all)
    player.type("fstep>0 -kind:spike")
    player.press(.escape)
    #expect(!player.text.contains("filter:"))
  }

  @Test func sourcesOfAComparisonAreFiltered() throws {
    var player = Player(FixtureSnapshots().finished)
    player.type("8fbetter keep<60")
    let comparison = try #require(player.state.engine.comparison)
    let wanted = comparison.rows.filter {
      $0.isBeyondChance && $0.difference < 0 && ($0.keepRate ?? 1) < 0.6
    }
    #expect(!wanted.isEmpty && wanted.count < comparison.rows.count)
    #expect(player.text.contains("\(wanted.count) rows"))
    player.press(.enter)
    let shown = player.frame.hits.filter { $0.target.kind == Pane.table.rawValue }
    #expect(shown.count == wanted.count)
    #expect(player.text.contains("filter: better keep<60"))
    // Totals are of everything all the same.
    #expect(player.text.contains("all, chunk mean"))
    player.press(.escape)
    #expect(!player.text.contains("filter: better"))
  }

  /// A search that goes on says how far it is, and rows stay while it does.
  @Test func aSearchSaysHowFarItIs() throws {
    var player = player()
    player.type("f\"court\"")
    let rows = try #require(player.state.engine.rows)
    player.send(
      .engine(
        .chunkRows(
          ChunkRows(
            query: rows.query, rows: rows.rows, total: rows.total,
            search: SearchState(searched: 300, chunks: 1200, isDone: false)))))
    #expect(player.text.contains("25% searched"))
  }
}
