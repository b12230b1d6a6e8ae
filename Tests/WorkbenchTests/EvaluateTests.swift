import EngineInterface
import TerminalUI
import Testing
import Workbench

/// The Evaluate screen: the table of tasks and models, and the items behind its cells.
@Suite struct EvaluateTests {
  let snapshots = FixtureSnapshots()
  static let sizes = GoldenTests.sizes

  private func player(
    _ events: [EngineEvent]? = nil, size: Size = Size(width: 80, height: 24)
  ) -> Player {
    var player = Player(events ?? snapshots.evaluated, size: size)
    player.type("9")
    return player
  }

  private func moment(_ picture: EvaluationSnapshot) -> [EngineEvent] {
    snapshots.finished + [.evaluation(picture)]
  }

  @Test(arguments: sizes)
  func finishedTable(_ size: Size) throws {
    try Golden.check(player(size: size).frame, "evaluate-done-\(size.width)x\(size.height)")
  }

  @Test(arguments: sizes)
  func items(_ size: Size) throws {
    var player = player(size: size)
    player.press(.right, .right, .right, .enter)
    try Golden.check(player.frame, "evaluate-items-\(size.width)x\(size.height)")
  }

  @Test(arguments: sizes)
  func publishedRows(_ size: Size) throws {
    var player = player(size: size)
    player.type("r")
    try Golden.check(player.frame, "evaluate-published-\(size.width)x\(size.height)")
  }

  @Test func withoutColour() throws {
    var player = player()
    player.state.display.isMonochrome = true
    player.press(.right)
    try Golden.check(player.frame, "evaluate-mono-80x24")
  }

  @Test(arguments: [("t", "files"), ("m", "models"), ("o", "options")])
  func whatIsEvaluatedIsChosen(_ key: String, _ name: String) throws {
    var player = player(moment(FixtureEvaluation.done))
    player.type(key)
    try Golden.check(player.frame, "evaluate-\(name)-80x24")
  }

  @Test func nothingYetSaysHowToBegin() {
    var player = player(moment(FixtureEvaluation.empty))
    #expect(player.text.contains("No task has a file yet. t chooses the files"))
    player.type("e")
    #expect(player.state.message?.text == "No task has a file yet: t chooses one.")
    #expect(!player.sent.contains(.evaluateTasks))
  }

  @Test func stoppedSaysHowToGoOn() {
    var player = player(moment(FixtureEvaluation.stopped))
    player.press(.down, .right, .right, .right)
    #expect(player.text.contains("stop 33%"))
    #expect(player.text.contains("Stopped at 1,752 of 5,153 items. e goes on."))
    player.type("e")
    #expect(player.sent.last == .evaluateTasks)
    #expect(player.text.contains("33% 1m05s"))
  }

  @Test func aFailureIsSaidInItsCell() {
    var player = player(snapshots.evaluating)
    player.press(.end, .up, .right, .right)
    #expect(player.text.contains("failed"))
    #expect(player.text.contains("line 3: no field \"sentence_quiz2\"."))
  }

  @Test func aRunningCellShowsHowFarItIs() {
    var player = player(snapshots.evaluating)
    player.press(.down, .right, .right, .right)
    #expect(player.text.contains("1,752 of 5,153, ETA 1m05s"))
    #expect(player.text.contains("so far: acc 33.1"))
    // A job of its own kind: no place in the order of the stages, stopped by the usual key.
    #expect(player.text.contains("evaluate tasks 60% ETA 7m21s"))
    player.type("e")
    #expect(player.state.message?.text == "A job runs already: evaluate tasks.")
    player.type("x")
    #expect(player.sent.last == .stop)
    #expect(player.state.message?.text.contains("e goes on later") == true)
  }

  @Test func readingsChangeTheFigures() {
    var player = player()
    // HellaSwag has both, LAMBADA has acc alone.
    #expect(player.text.contains("31.2 +-0.5"))
    player.type("n")
    #expect(player.state.evaluate.reading == .acc)
    #expect(player.text.contains("29.2 +-0.5"))
    player.type("n")
    #expect(player.text.contains("none"))
    player.type("n")
    #expect(player.state.evaluate.reading == .published)
  }

  @Test func meansAreOfTheTasksThatAreDone() throws {
    let picture = FixtureEvaluation.running
    let done = try #require(picture.mean(model: 3, .published))
    #expect(done.tasks == 1)
    #expect(done.measure.value == picture.score(0, 3)?.accNorm?.value)
    let all = try #require(FixtureEvaluation.done.mean(model: 2, .published))
    #expect(all.tasks == 9)
    #expect(abs(all.measure.value - 0.399_333_3) < 1e-6)
    // Errors of independent tasks add in squares.
    let errors = (0..<9).compactMap { FixtureEvaluation.score($0, 2).measure(.published)?.error }
    let expected = errors.reduce(0) { $0 + $1 * $1 }.squareRoot() / 9
    #expect(abs((all.measure.error ?? 0) - expected) < 1e-12)
    // A mean of what a task has not leaves it out.
    #expect(FixtureEvaluation.done.mean(model: 2, .accNorm)?.tasks == 5)
  }

  @Test func theTableTurnsAndKeepsItsCell() {
    var player = player(size: Size(width: 160, height: 40))
    player.press(.down, .down, .right)
    #expect(player.text.contains("WinoGrande, reference"))
    player.type("T")
    #expect(player.text.contains("WinoGrande, reference"))
    #expect(player.state.list(.tasks).selected == 1)
    player.press(.right)
    #expect(player.text.contains("OpenBookQA, reference"))
    player.type("T")
    #expect(player.text.contains("OpenBookQA, reference"))
  }

  @Test func columnsFollowTheSelection() {
    var player = player()
    // Ten figures beside a name do not fit into 80 columns.
    player.type("T")
    #expect(player.text.contains("columns 1-4 of 10"))
    for _ in 0..<9 { player.press(.right) }
    #expect(player.text.contains("columns 7-10 of 10"))
    #expect(player.text.contains("mean of the tasks, teacher"))
    player.press(.right)
    #expect(player.state.evaluate.column == 9)
  }

  @Test func thePairIsChosen() {
    var player = player()
    let models = FixtureEvaluation.models
    player.type("a")
    #expect(player.sent.last == .compareOnTasks(a: models[0].path, b: models[3].path))
    player.press(.right)
    player.type("b")
    #expect(player.sent.last == .compareOnTasks(a: models[0].path, b: models[1].path))
    // The model that is A already changes sides.
    player.press(.left)
    player.type("b")
    #expect(player.sent.last == .compareOnTasks(a: models[1].path, b: models[0].path))
  }

  @Test func itemsAreFilteredSortedAndRead() throws {
    var player = player()
    player.press(.right, .right, .right, .enter)
    let pair = (FixtureEvaluation.models[2].path, FixtureEvaluation.models[3].path)
    #expect(
      player.sent.last
        == .listTaskItems(
          TaskItemQuery(task: "hellaswag", a: pair.0, b: pair.1, offset: 0, count: 100)))
    #expect(player.state.focusedPane == .taskItems)
    player.type("f")
    #expect(player.state.evaluate.items?.outcome == .win)
    #expect(player.state.engine.taskItems?.rows.allSatisfy { $0.outcome == .win } == true)
    #expect(player.text.contains("B right, A wrong"))
    player.type("f")
    #expect(player.state.engine.taskItems?.rows.allSatisfy { $0.outcome == .loss } == true)
    player.type("s")
    #expect(player.state.evaluate.items?.order == .against)
    player.press(.enter)
    #expect(player.state.focusedPane == .taskItem)
    player.press(.right)
    #expect(player.state.list(.taskItems).selected == 1)
    player.press(.escape, .escape)
    #expect(player.state.focusedPane == .tasks)
  }

  @Test func longListsOfItemsAreAskedForInPages() {
    var player = player()
    player.press(.right, .right, .right, .enter)
    player.type("G")
    #expect(player.state.list(.taskItems).selected == 239)
    let asked = player.sent.filter { if case .listTaskItems = $0 { true } else { false } }
    #expect(asked.count == 2)
    let counts = asked.compactMap {
      if case .listTaskItems(let query) = $0 { query.count } else { nil }
    }
    #expect(counts.allSatisfy { $0 == 100 })
    #expect(player.text.contains("237-240 of 240"))
  }

  @Test func whatHasNoItemsSaysSo() {
    var player = player()
    player.press(.end, .enter)
    #expect(player.state.message?.text == "A mean has no items: choose a task.")
    player = self.player(snapshots.evaluating)
    player.press(.down, .down, .right, .right, .right, .enter)
    #expect(player.state.message?.text == "Not evaluated yet.")
  }

  @Test func oneModelAloneHasNoWins() {
    var player = player()
    player.press(.enter)
    #expect(player.state.evaluate.items?.a == nil)
    player.type("f")
    #expect(player.state.evaluate.items?.outcome == .bothWrong)
    #expect(player.text.contains("wrong"))
    #expect(!player.text.contains("both wrong"))
  }

  @Test func filesAndModelsAreSentToTheEngine() {
    var player = player()
    player.type("t")
    player.press(.down, .enter)
    for _ in 0..<80 { player.press(.backspace) }
    player.send(.paste(" ~/lambada.jsonl "))
    player.press(.enter)
    #expect(player.sent.last == .setTaskFile(task: "lambada_openai", path: "~/lambada.jsonl"))
    #expect(player.state.overlay == .taskFiles(ListState(selected: 1)))
    player.press(.escape)
    player.type("m")
    #expect(player.sent.last == .findModels)
    player.press(.enter)
    #expect(
      player.sent.last == .setEvaluated(path: FixtureEvaluation.models[0].path, false))
    #expect(player.text.contains("[ ] teacher"))
    // One that cannot be used is not sent, and says why.
    let sent = player.sent.count
    player.press(.end, .enter)
    #expect(player.sent.count == sent)
    #expect(player.state.message?.isWarning == true)
  }

  @Test func conditionsAreSentToTheEngine() {
    var player = player()
    player.type("o")
    #expect(player.text.contains("items      all"))
    player.press(.enter)
    #expect(player.state.overlay == nil)
    player.type("many")
    player.press(.enter)
    #expect(player.state.prompt?.complaint == "a whole number above 0")
    for _ in 0..<4 { player.press(.backspace) }
    player.type("1,000")
    player.press(.enter)
    #expect(player.sent.last == .setTaskCondition(.limit(1000)))
    #expect(player.state.overlay == .taskConditions(ListState()))
    #expect(player.text.contains("the first 1,000 of each task"))
    // Nothing is all of them.
    player.press(.enter)
    for _ in 0..<4 { player.press(.backspace) }
    player.press(.enter)
    #expect(player.sent.last == .setTaskCondition(.limit(nil)))
    player.press(.down, .down, .enter)
    #expect(player.sent.last == .setTaskCondition(.release("0.4.9")))
    player.press(.down, .down, .enter)
    #expect(player.sent.last == .setTaskCondition(.precision(.f32)))
    player.press(.up, .enter)
    #expect(player.sent.last == .setTaskCondition(.precision(nil)))
    // What cannot be chosen is not sent, and says why.
    let sent = player.sent.count
    player.press(.end, .enter)
    #expect(player.sent.count == sent)
    #expect(player.state.message?.text == "Not while the job runs: stop it first.")
    // The key that opens it closes it, as where precisions are chosen elsewhere.
    player.type("P")
    #expect(player.state.overlay == nil)
  }

  @Test func cellsCanBeClicked() {
    var player = player()
    player.click("tasks.cell", index: 2 * 1024 + 3)
    #expect(player.text.contains("WinoGrande, student B"))
    player.click("tasks.cell", index: 2 * 1024 + 3)
    #expect(player.state.focusedPane == .taskItems)
    #expect(player.state.evaluate.items?.task == "winogrande")
    player.press(.escape)
    player.click("tasks.header", index: 1)
    #expect(player.state.evaluate.column == 0)
  }

  @Test func theTableIsCopied() throws {
    var player = player()
    player.type("y")
    guard case .copy(let text)? = player.effects.last else {
      Issue.record("nothing copied")
      return
    }
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count == 11)
    #expect(lines[1].hasPrefix("HellaSwag\t43.2 +-0.5\t"))
  }

  @Test func theComparisonTellsOfTasksAndFit() {
    var comparison = snapshots.comparison
    comparison.fit = ["Scaling law: B reaches A's last loss with 0.71x the computation."]
    var player = Player(
      snapshots.evaluated + [.comparison(comparison)], size: Size(width: 120, height: 36))
    player.type("8")
    let text = player.text
    #expect(text.contains("Zero-shot accuracy on 9 tasks"))
    #expect(text.contains("beyond chance"))
    #expect(text.contains("Scaling law: B reaches"))
    // Nothing is claimed of tasks that nobody evaluated.
    player = Player(snapshots.finished, size: Size(width: 120, height: 36))
    player.type("8")
    #expect(!player.text.contains("Zero-shot"))
  }

  @Test func longFiguresFitIntoTheirCells() {
    var picture = FixtureEvaluation.done
    picture.cells[0][0] = .done(
      .init(acc: .init(1, error: 0), accNorm: .init(1, error: 0.0), items: 4))
    picture.comparison?.rows["hellaswag"] = .init(
      acc: .init(difference: -0.25, error: 0.0775, isBeyondChance: true, wins: 5, losses: 20),
      accNorm: .init(difference: -0.25, error: 0.0775, isBeyondChance: true, wins: 5, losses: 20))
    let player = player(moment(picture))
    #expect(player.text.contains("[ 100.0 +-0]"))
    #expect(player.text.contains("-25.0+-8*"))
  }
}
