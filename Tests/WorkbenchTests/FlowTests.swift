import EngineInterface
import TerminalUI
import Testing
import Workbench

/// The way through the work: following it, documents, commit, training, leaving.
@Suite struct FlowTests {
  let snapshots = FixtureSnapshots()

  private func job(_ stage: Stage, _ state: JobSnapshot.State = .running) -> EngineEvent {
    .job(JobSnapshot(stage: stage, state: state, fraction: 0.2, unsaved: "12 steps"))
  }

  @Test func screensFollowTheWorkUntilAPersonNavigates() {
    var player = Player([.project(snapshots.project(done: 0)), job(.corpus)])
    #expect(player.state.screen == .corpus)
    player.send(.engine(job(.teacher)))
    #expect(player.state.screen == .models)
    player.send(.engine(job(.score)))
    #expect(player.state.screen == .score)
    player.press(.character("1"))
    player.send(.engine(job(.train)))
    #expect(player.state.screen == .corpus)
  }

  @Test func afterScoringTheSelectScreenSaysWhatToDo() {
    var player = Player([.project(snapshots.project(done: 5)), job(.score)])
    for event in snapshots.choosing() { player.send(.engine(event)) }
    #expect(player.state.screen == .select)
    #expect(player.text.contains("your turn: ratio, then 6 commit"))
  }

  @Test func commitAndTrainStartsTrainingAfterWriting() {
    var player = Player(snapshots.choosing())
    player.type("6")
    #expect(player.sent.contains(.planCommit))
    #expect(player.text.contains("Not written: 0000-r0.45 is another selection (+60 -0"))
    #expect(player.text.contains("Enter writes this one."))
    player.press(.enter)
    #expect(Array(player.sent.suffix(2)) == [.commit, .start(.train)])
    // The work goes on and the screen follows it again.
    #expect(player.state.screen == .train)
  }

  @Test func commitAloneOffersTraining() {
    var player = Player(snapshots.choosing())
    player.type("6")
    player.press(.right, .enter)
    #expect(player.sent.last == .commit)
    #expect(player.text.contains("[ Start training ]"))
    player.press(.left, .enter)
    #expect(player.sent.last == .start(.train))
  }

  @Test func nothingIsCommittedBeforeAllIsScored() {
    var selection = snapshots.selection(0.5)
    selection.complete = false
    var player = Player(snapshots.choosing() + [.selection(selection)])
    player.type("6")
    player.press(.enter)
    #expect(!player.sent.contains(.commit))
    #expect(player.state.message?.isWarning == true)
  }

  @Test func chunksOpenFromListsAndEscGoesBack() {
    var player = Player(snapshots.choosing())
    player.type("1")
    player.press(.down, .down, .enter)
    #expect(player.state.screen == .chunk)
    #expect(player.sent.last == .openChunk(2))
    player.press(.right)
    #expect(player.sent.last == .openChunk(3))
    player.press(.left, .left)
    #expect(player.sent.last == .openChunk(1))
    player.press(.escape)
    #expect(player.state.screen == .corpus)
    player.type("4")
    player.press(.enter)
    #expect(player.state.chunk.origin == .select)
  }

  @Test func doubleClickOpensARow() {
    var player = Player(snapshots.choosing())
    player.type("1")
    player.click("chunks", index: 4)
    #expect(player.state.list(.chunks).selected == 4)
    #expect(player.state.screen == .corpus)
    player.click("chunks", index: 4, clicks: 2)
    #expect(player.state.screen == .chunk)
    #expect(player.sent.last == .openChunk(4))
  }

  @Test func longListsAreAskedForInPages() {
    var player = Player(snapshots.choosing())
    player.type("1G")
    #expect(player.state.list(.chunks).selected == 1199)
    #expect(player.state.engine.rows?.rows.last?.index == 1199)
    let asked = player.sent.filter { if case .listChunks = $0 { true } else { false } }.count
    for _ in 0..<50 { player.type("k") }
    #expect(
      player.sent.filter { if case .listChunks = $0 { true } else { false } }.count == asked)
  }

  @Test func theListIsAskedForAgainWhenScoresChange() {
    var player = Player(snapshots.choosing())
    player.type("1")
    func asked() -> Int {
      player.sent.filter { if case .listChunks = $0 { true } else { false } }.count
    }
    let before = asked()
    player.send(.engine(.selection(snapshots.selection(0.3))))
    #expect(asked() == before + 1)
  }

  @Test func searchAndSourceFilterNarrowTheList() {
    var player = Player(snapshots.choosing())
    player.type("1/station")
    player.press(.enter)
    #expect(player.state.engine.rows?.query.filter == .text("station"))
    #expect(player.state.engine.rows?.rows.allSatisfy { $0.source == "prose" } == true)
    player.press(.escape)
    #expect(player.state.engine.rows?.query.filter == nil)
    // A source is chosen in its list, and a text is sought in it.
    player.state.focus[.corpus] = .sources
    player.press(.down, .enter)
    #expect(player.state.engine.rows?.query.filter == .source("code"))
    player.type("/numpy")
    player.press(.enter)
    #expect(
      player.state.engine.rows?.query.filter == .all([.source("code"), .text("numpy")]))
    player.press(.escape)
    #expect(player.state.engine.rows?.query.filter == nil)
  }

  @Test func tabsAndFooterKeysCanBeClicked() throws {
    var player = Player(snapshots.choosing())
    player.click(TabHeader.hitKind, index: 3)
    #expect(player.state.screen == .select)
    let place = try #require(
      player.state.table.actions.firstIndex { $0.id == "ratio.up" })
    player.click("action", index: place)
    #expect(player.sent.last?.ratio == 0.51)
  }

  @Test func quittingWithoutAJobDoesNotAsk() {
    var player = Player(snapshots.choosing())
    player.press(.character("q"))
    #expect(player.sent.last == .shutDown(saving: true))
    #expect(player.state.overlay == nil)
    #expect(player.effects == [.leave(exitCode: 0)])
  }

  @Test func quittingWhileBusyAsksAndSaysWhatIsLost() {
    var player = Player(snapshots.trainingNow)
    player.press(.character("q"))
    #expect(player.state.overlay == .quit)
    #expect(player.text.contains("quit at once, lose 12 steps"))
    player.press(.character("x"))
    #expect(player.state.overlay == .quit)
    player.press(.escape)
    #expect(player.state.overlay == nil)
    #expect(player.effects.isEmpty)
    player.press(.control("c"), .character("s"))
    #expect(player.sent.last == .shutDown(saving: true))
    #expect(player.effects == [.leave(exitCode: 0)])
  }

  @Test func quittingAtOnceDoesNotSave() {
    var player = Player(snapshots.trainingNow)
    player.press(.character("q"), .character("k"))
    #expect(player.sent.last == .shutDown(saving: false))
  }

  @Test func anEngineThatIsSlowToSaveCanBeLeft() {
    var player = Player(snapshots.trainingNow)
    player.answers = false
    player.press(.character("q"), .character("s"))
    #expect(player.effects.isEmpty)
    player.press(.character("q"), .character("k"))
    #expect(player.effects == [.leave(exitCode: 0)])
  }

  @Test func signalsSaveAndSayThatTheyStopped() {
    var player = Player(snapshots.trainingNow)
    player.send(.stop(.terminate))
    #expect(player.sent.last == .shutDown(saving: true))
    #expect(player.effects == [.leave(exitCode: 4)])
  }

  /// While it saves, only a second Ctrl-C, two seconds behind the first, leaves at once.
  @Test func furtherSignalsWaitForTheSave() {
    var player = Player(snapshots.trainingNow)
    player.answers = false
    for signal in [StopSignal.interrupt, .terminate, .terminate, .interrupt, .terminate] {
      player.send(.stop(signal))
    }
    #expect(player.effects.isEmpty)
    #expect(player.sent.filter { $0 == .shutDown(saving: true) }.count == 1)
    player.send(.tick(60))
    player.send(.stop(.terminate))
    #expect(player.effects.isEmpty)
    player.send(.stop(.interrupt))
    #expect(player.effects == [.leave(exitCode: 130)])
  }

  @Test func jobsArePausedStoppedAndCheckpointed() {
    var player = Player(snapshots.trainingNow)
    player.type("7pxC")
    #expect(Array(player.sent.suffix(3)) == [.pause, .stop, .checkpoint])
    player.send(.engine(job(.train, .paused)))
    player.type("p")
    #expect(player.sent.last == .resume)
    player.send(.engine(job(.train, .stopped)))
    player.type("p")
    #expect(player.state.message?.isWarning == true)
  }

  @Test func comparisonNamesEveryMeasure() {
    for size in GoldenTests.sizes {
      var player = Player(snapshots.finished, size: size)
      player.type("8")
      for words in [
        "all, chunk mean", "all, source mean", "all, token mean",
        "B - A -0.139 nats (chunk mean)",
      ] {
        #expect(player.text.contains(words), "\(words) at \(size)")
      }
    }
  }

  @Test func paletteRunsWhatItFinds() {
    var player = Player(snapshots.choosing())
    player.type("4:")
    player.type("dwnfine")
    player.press(.enter)
    #expect(player.sent.last?.ratio == 0.499)
    player.type(":")
    player.send(.paste("go to\nTrain"))
    player.press(.enter)
    #expect(player.state.screen == .train)
  }

  @Test func settingsHoldAtOnce() {
    var player = Player(snapshots.choosing())
    player.state.display.themes = ["light", "neutral"]
    player.press(.function(2), .home, .enter)
    #expect(player.effects == [.theme("light"), .prefer("theme", "\"light\"")])
    #expect(player.state.display.theme == "light")
    player.press(.down, .down, .down, .enter)
    #expect(player.state.display.glyphs == .block)
  }

  @Test func precisionIsChosenByTheEngine() {
    var player = Player(snapshots.choosing())
    player.type("2P")
    #expect(player.text.contains("(*) scoring"))
    player.press(.down, .enter)
    #expect(player.sent.last == .setPrecision(.scoring(.bf16)))
    #expect(player.state.engine.models?.precision?.scoring == .bf16)
    // The list stays, and its mark moves with the engine's answer.
    #expect(player.state.overlay == .precision(ListState(selected: 2)))
    player.press(.escape)
    #expect(player.text.contains("P: scoring bf16, training f32"))
  }

  @Test func aModelIsChosenForARole() throws {
    var player = Player(snapshots.choosing())
    player.type("2t")
    #expect(player.text.contains("Choose the teacher"))
    #expect(player.text.contains("same tokenizer as Qwen/Qwen2.5-0.5B"))
    player.press(.enter)
    let path = try #require(player.state.engine.models?.available?.rows.first?.path)
    #expect(player.sent.last == .setModel(.teacher, path: path))
    #expect(player.state.engine.models?.available?.rows.first?.roles == [.teacher])
    // Typed letters narrow the list.
    player.type("gem")
    #expect(player.text.contains("1 models"))
    #expect(player.text.contains("cannot be used: model_type"))
    player.type("zzz")
    #expect(player.text.contains("No model matches."))
    let sent = player.sent.count
    player.press(.enter)
    #expect(player.sent.count == sent)
    player.press(.escape)
    #expect(player.state.overlay == nil)
    player.type("r")
    #expect(player.text.contains("Choose the reference"))
  }

  @Test func anEmptyListSaysWhereWasLooked() {
    var player = Player(snapshots.choosing())
    player.type("2t")
    var models = snapshots.models(step: nil)
    models.available = ModelListSnapshot(rows: [], places: ["/home/ann/.ollama/models (Ollama)"])
    player.send(.engine(.models(models)))
    #expect(player.text.contains("miniplm pull OWNER/NAME"))
    #expect(player.text.contains("/home/ann/.ollama/models (Ollama)"))
    models.available = ModelListSnapshot(rows: [], isLooking: true)
    player.send(.engine(.models(models)))
    #expect(player.text.contains("Looking for models"))
  }

  @Test func precisionSaysWhyItCannotBeChosen() {
    var player = Player(snapshots.trainingNow)
    player.send(.engine(.models(snapshots.models(step: 12))))
    player.type("7P")
    player.press(.down)
    #expect(player.text.contains("stop it first"))
    // The engine has the last word, also against a picture that is late.
    player.press(.enter)
    #expect(player.sent.last == .setPrecision(.training(.bf16)))
  }

  @Test func helpNamesEveryKeyOfTheScreenAndNarrows() {
    for screen in ScreenID.allCases {
      var player = Player(snapshots.finished, size: Size(width: 120, height: 80))
      player.type("\(screen.digit)?")
      let text = player.text
      let table = ActionTable.standard
      for action in table.own(of: screen) + table.everywhere
      where !action.id.hasPrefix("screen.")
        && action.keys.contains(where: { table.action(for: $0, on: screen) == action })
      {
        #expect(text.contains(action.title.prefix(30)), "\(action.id) on \(screen.title)")
      }
    }
    var player = Player(snapshots.finished)
    player.type("4?pin")
    #expect(player.text.contains("go to pin A"))
    #expect(!player.text.contains("half a page"))
  }
}
