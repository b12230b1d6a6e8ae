import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Screens whose engine is another process.
@Suite struct AttachedTests {
  let snapshots = FixtureSnapshots()

  private func player(
    _ link: LinkSnapshot, _ events: [EngineEvent]? = nil, size: Size = Size(width: 120, height: 36)
  ) -> Player {
    Player([.link(link)] + (events ?? snapshots.trainingNow), size: size)
  }

  @Test func leavingWorkAsksAndDetaches() {
    var player = player(LinkSnapshot(isReadOnly: false))
    player.press(.character("q"))
    #expect(player.text.contains("detach: work goes on"))
    #expect(!player.text.contains("stopping closes all"))
    player.press(.character("d"))
    #expect(player.effects == [.leave(exitCode: 0)])
    #expect(!player.sent.contains { if case .shutDown = $0 { true } else { false } })
  }

  @Test func stoppingFromTheDialogStopsForAll() {
    var player = player(LinkSnapshot(isReadOnly: false, controllers: 2, viewers: 1))
    player.press(.character("q"))
    #expect(player.text.contains("2 other screens are attached; stopping closes all of them."))
    player.press(.character("s"))
    #expect(player.sent.last == .shutDown(saving: true))
  }

  @Test func whereNothingRunsOnlyTheLastOneEndsTheEngine() {
    var others = player(LinkSnapshot(isReadOnly: false, controllers: 2), snapshots.choosing())
    others.press(.character("q"))
    #expect(others.effects == [.leave(exitCode: 0)] && others.sent.last != .shutDown(saving: true))
    var last = player(LinkSnapshot(isReadOnly: false), snapshots.choosing())
    last.press(.character("q"))
    #expect(last.sent.last == .shutDown(saving: true))
  }

  @Test func theEndOfTheTerminalLeavesTheWorkAlone() {
    var player = player(LinkSnapshot(isReadOnly: false))
    player.send(.stop(.hangUp))
    #expect(player.effects == [.leave(exitCode: 0)])
    #expect(player.hasOnlyLooked)
    // With the engine in the same process it saves, as ever.
    var own = Player(snapshots.trainingNow)
    own.send(.stop(.hangUp))
    #expect(own.sent.last == .shutDown(saving: true))
  }

  @Test func aSignalThatStopsStopsTheWorkOfTheOneThatSteers() {
    var alone = player(LinkSnapshot(isReadOnly: false))
    alone.send(.stop(.terminate))
    #expect(alone.sent.last == .shutDown(saving: true))
    for link in [
      LinkSnapshot(isReadOnly: false, controllers: 2),
      LinkSnapshot(isReadOnly: true, controllers: 1, viewers: 1),
    ] {
      var other = player(link)
      other.send(.stop(.terminate))
      #expect(other.effects == [.leave(exitCode: 4)])
      #expect(other.hasOnlyLooked)
    }
  }

  @Test func usr1WritesACheckpoint() {
    for var player in [player(LinkSnapshot(isReadOnly: false)), Player(snapshots.trainingNow)] {
      player.send(.stop(.save))
      #expect(player.sent.last == .checkpoint && player.effects.isEmpty)
    }
    var idle = Player(snapshots.choosing())
    idle.send(.stop(.save))
    #expect(idle.effects.isEmpty && idle.sent.last != .checkpoint)
    var viewer = player(LinkSnapshot(isReadOnly: true, controllers: 1, viewers: 1))
    viewer.send(.stop(.save))
    #expect(viewer.hasOnlyLooked && viewer.effects.isEmpty)
  }

  /// Every key on every screen, and what prompts and lists answer: nothing that changes goes out.
  @Test func whoOnlyLooksSendsNothingThatChanges() {
    let link = LinkSnapshot(isReadOnly: true, controllers: 1, viewers: 2)
    for events in [snapshots.trainingNow, snapshots.choosing()] {
      for digit in "123456789" {
        for key in "!\"#$%&()*+,-./0:;<=>@ABCDEFGHIJKLMNOPRSTUVWXYZ[]_abcdefghijklmnoprstuvwxyz{|}~"
        {
          var player = player(link, events)
          player.press(.character(digit), .character(key), .character("5"), .enter, .enter)
          #expect(player.hasOnlyLooked, "\(digit) \(key): \(player.sent)")
          #expect(player.effects.allSatisfy { if case .leave = $0 { false } else { true } })
        }
      }
    }
  }

  @Test func whoOnlyLooksIsToldAndSeesItInTheHelp() {
    let link = LinkSnapshot(isReadOnly: true, controllers: 1, viewers: 2)
    var player = player(link, size: Size(width: 80, height: 24))
    #expect(player.text.contains("read-only, 2 other screens"))
    player.press(.character("x"))
    #expect(player.text.contains("This screen only looks"))
    #expect(player.state.engine.job?.state == .running)
    player.press(.character(":"))
    player.type("stop at")
    #expect(player.text.contains("This screen only looks"))
    player.press(.escape, .character("q"))
    #expect(player.effects == [.leave(exitCode: 0)])
  }

  @Test func aRefusedPromptCloses() {
    var player = player(
      LinkSnapshot(isReadOnly: true, controllers: 1, viewers: 1), snapshots.choosing())
    player.press(.character("4"), .character("="))
    player.type("0.3")
    player.press(.enter)
    #expect(player.state.prompt == nil)
    #expect(player.hasOnlyLooked)
  }

  @Test func anEngineThatHasGoneIsToldAndItsPicturesStay() {
    var player = player(LinkSnapshot(isReadOnly: false))
    player.send(
      .engine(.link(LinkSnapshot(isReadOnly: false, controllers: 0, loss: "It was killed."))))
    #expect(player.text.contains("The engine has gone") && player.text.contains("It was killed."))
    let count = player.sent.count
    player.press(.escape, .character("p"), .character("1"), .character("7"))
    #expect(player.sent.count == count)
    #expect(player.text.contains("the engine has gone"))
    #expect(player.state.screen == .train)
    player.press(.character("q"))
    #expect(player.effects == [.leave(exitCode: 1)])
  }

  @Test func whereTheEngineHasGoneQuitLeavesFromTheDialogToo() {
    var player = player(LinkSnapshot(isReadOnly: false))
    player.send(
      .engine(.link(LinkSnapshot(isReadOnly: false, controllers: 0, loss: "It was killed."))))
    player.press(.character("q"))
    #expect(player.effects == [.leave(exitCode: 1)])
  }
}

extension Player {
  fileprivate var hasOnlyLooked: Bool { sent.allSatisfy { $0.onlyLooks } }
}
