import EngineInterface
import TerminalUI
import Testing
import Workbench

/// What cannot be done now says why: when it is asked for, in the palette and in the help.
@Suite struct GuardTests {
  let snapshots = FixtureSnapshots()

  private var moments: [[EngineEvent]] {
    [
      [.project(snapshots.project(done: 0, running: false))], snapshots.teacherTraining,
      snapshots.scoringNow, snapshots.choosing(), snapshots.trainingNow, snapshots.finished,
      snapshots.evaluated,
    ]
  }

  /// Asked for by name, an action that has an obstacle sends nothing and says the obstacle.
  @Test(arguments: ScreenID.allCases)
  func anObstacleIsSaidAndNothingIsSent(_ screen: ScreenID) {
    var obstacles = 0
    for moment in moments {
      var start = Player(moment)
      start.type("\(screen.digit)")
      let table = start.state.table
      for action in table.own(of: screen) + table.everywhere {
        guard let why = action.whyNot(start.state), let key = action.keys.first,
          table.action(for: key, on: screen) == action
        else { continue }
        obstacles += 1
        var state = start.state
        let effects = reduce(&state, .key(key))
        #expect(effects.isEmpty, "\(action.id) on \(screen.title)")
        #expect(state.message?.text == why && state.message?.isWarning == true, "\(action.id)")
        #expect(why.last == ".", "\(why)")
      }
    }
    #expect(obstacles > 10)
  }

  @Test func thePaletteShowsTheObstacleDim() {
    var player = Player(snapshots.trainingNow)
    player.type("7:runnext")
    let text = "run the next stage  (A job runs already: train"
    #expect(player.text.contains(text))
    player.press(.enter)
    #expect(player.state.message?.text == "A job runs already: train two students.")
    #expect(player.state.message?.isWarning == true)
    let started = player.sent.contains { if case .start = $0 { true } else { false } }
    #expect(!started)
  }

  @Test func theHelpShowsTheObstacleBelowTheWords() throws {
    var player = Player([.project(snapshots.project(done: 0, running: false))])
    player.type("4?")
    let lines = player.text.split(separator: "\n").map(String.init)
    let row = try #require(lines.firstIndex { $0.contains("go to pin A, or set it") })
    #expect(lines[row + 1].contains("No scores yet: this needs the Score"))
    // What can be done has no such line.
    player = Player(snapshots.choosing(), size: Size(width: 120, height: 60))
    player.type("4?")
    #expect(!player.text.contains("No scores yet"))
  }

  @Test func buttonsOfTheCommitScreenStandInThePalette() {
    var player = Player(snapshots.choosing())
    player.type("6:write the refined corpus, then")
    player.press(.enter)
    #expect(Array(player.sent.suffix(2)) == [.commit, .start(.train)])
  }
}
