import EngineInterface
import TerminalUI
import Testing
import Workbench

/// What the screens claim, after the first pass through the work as before it.
@Suite struct HonestWordsTests {
  let snapshots = FixtureSnapshots()

  /// All is trained and compared, and what is written is the selection in force.
  private var finished: [EngineEvent] {
    snapshots.finished + [.commit(snapshots.commit(.written("/home/ann/demo/commits/0001-r0.50")))]
  }

  @Test func aFinishedProjectLeadsToTheComparison() {
    var player = Player(finished)
    player.answers = false
    player.type("6")
    #expect(player.text.contains("Written, and both students are trained on it."))
    #expect(player.text.contains("[ Go to Compare ]"))
    player.press(.enter)
    #expect(player.state.screen == .compare)
  }

  @Test func anotherSelectionIsNotWritten() {
    var player = Player(finished)
    player.type("4]]6")
    #expect(player.sent.last == .planCommit)
    #expect(player.text.contains("Not written: 0000-r0.45 is another selection"))
    #expect(!player.text.contains("trained on it"))
    #expect(player.text.contains("[ Commit and train ]"))
    player.answers = false
    player.press(.enter)
    #expect(player.sent.last == .commit)
  }

  @Test func aPlanOfAnOlderSelectionIsAskedForAgain() {
    var player = Player(finished)
    player.answers = false
    player.type("6")
    let asked = player.sent.count
    player.send(.engine(.selection(snapshots.selection(0.3))))
    #expect(player.sent.suffix(from: asked) == [.planCommit])
    #expect(player.text.contains("Counting what differs from 0001-r0.50, the newest commit."))
    player.press(.enter)
    #expect(player.sent.last == .planCommit, "nothing is written before that is known")
  }

  @Test func aStartThatFailsIsNotCalledStarted() {
    var player = Player([.project(snapshots.project(done: 3, running: false))])
    player.answers = false
    player.type("R")
    #expect(player.text.contains("Starting: train the teacher."))
    player.send(
      .engine(.job(JobSnapshot(stage: .teacher, state: .failed("No room for the teacher.")))))
    #expect(!player.text.contains("Starting:"))
    #expect(player.text.contains("No room for the teacher."))
  }

  @Test func aNoticeTakesThePlaceOfWhatWasAsked() {
    var player = Player([.project(snapshots.project(done: 3, running: false))])
    player.answers = false
    player.type("R")
    player.send(
      .engine(.notice(Notice(level: .warning, text: "Another job is running.", time: "12:00:00"))))
    #expect(player.state.message == nil)
    #expect(player.text.contains("Another job is running."))
  }

  @Test func sentencesStayOnTheirScreen() {
    var player = Player(snapshots.choosing())
    player.type("4A")
    #expect(player.state.message?.text.hasPrefix("Pin A") == true)
    player.type("3")
    #expect(player.state.message == nil)
  }

  @Test func noticesHaveTheirTime() {
    var player = Player(snapshots.choosing(), size: Size(width: 200, height: 50))
    player.send(.tick(100))
    player.send(.engine(.notice(Notice(level: .info, text: "Asked to save.", time: "12:00:00"))))
    #expect(player.text.contains("Asked to save."))
    player.send(.tick(119))
    #expect(player.text.contains("Asked to save."))
    player.send(.tick(121))
    #expect(!player.text.contains("Asked to save."))
    player.type("J")
    #expect(player.text.contains("Asked to save."), "the log keeps it")
  }

  @Test func perplexitiesAreComparedInTheirOwnUnit() {
    var player = Player(finished)
    player.type("8m")
    #expect(player.text.contains("Held-out perplexity, mean over chunks"))
    #expect(player.text.contains("B/A %"))
    // exp(-0.24) - 1, and the ends of its interval.
    #expect(player.text.contains("-21.3"))
    #expect(player.text.contains("-24.4..-18.9"))
    #expect(!player.text.contains("bits/byte"))
    player.type("d")
    #expect(player.state.message?.isWarning == true)
    player.type("md")
    // -0.24 of 2.2, and the ends.
    #expect(player.text.contains("-10.9"))
    #expect(player.text.contains("-12.7..-9.5"))
  }

  @Test func ownModelsAreNotCalledTrained() {
    var player = Player(snapshots.choosing())
    player.type("2")
    #expect(!player.text.contains("are trained"))
  }

  @Test(arguments: [Size(width: 80, height: 24), Size(width: 120, height: 36)])
  func anEmptyProjectSaysTheNextSteps(_ size: Size) {
    var player = Player([.project(snapshots.project(done: 0, running: false))], size: size)
    player.answers = false
    #expect(player.text.contains("Welcome to the MiniPLM workbench"))
    #expect(player.text.contains("Write the refined corpus"))
    #expect(player.text.contains("Gather the corpus, train the tokenizer, pack chunks"))
    player.press(.enter)
    #expect(player.sent.last == .start(.score))
    player.send(.engine(.job(JobSnapshot(stage: .corpus, state: .running, fraction: 0.2))))
    #expect(!player.text.contains("Welcome"))
  }

  @Test func theNextStageNeedsItsModel() {
    var models = snapshots.models(step: nil)
    models.models[0].state = "missing"
    var player = Player([
      .project(snapshots.project(done: 3, running: false)), .models(models),
    ])
    player.answers = false
    player.type("R")
    #expect(player.state.message?.text == "The project has no teacher: 2, then t, chooses one.")
    #expect(!player.sent.contains(.start(.teacher)))
  }

  @Test func anEmptyProjectWithoutATeacherSaysHowToChooseOne() {
    var models = snapshots.models(step: nil)
    models.models[0].state = "missing"
    var player = Player([
      .project(snapshots.project(done: 0, running: false)), .models(models),
    ])
    #expect(player.text.contains("No teacher yet: 2 shows the models"))
    player.press(.enter)
    #expect(player.state.message?.text == "The project has no teacher: 2, then t, chooses one.")
  }
}
