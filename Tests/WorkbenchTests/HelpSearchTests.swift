import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Typed words find what can be done on every screen.
@Suite struct HelpSearchTests {
  @Test func wordsFindActionsOfOtherScreens() {
    var player = Player(FixtureSnapshots().trainingNow)
    player.type("7?")
    #expect(!player.text.contains("On Select"))
    player.type("floor of")
    #expect(player.text.contains("On Select"), "\(player.text)")
    #expect(player.text.contains("floor of a source"), "\(player.text)")
    // What is not on this screen has no reason of this screen.
    #expect(!player.text.contains("No source is selected"))
  }

  @Test func wordsFindLinesOfThePalette() {
    var player = Player(FixtureSnapshots().choosing())
    player.type("4?export")
    #expect(player.text.contains(":export"), "\(player.text)")
  }

  @Test func everyActionWithAKeyIsFoundFromEverywhere() {
    for screen in ScreenID.allCases {
      for action in player(screen).state.table.own(of: screen) where !action.keys.isEmpty {
        var player = Player(
          FixtureSnapshots().trainingNow, size: Size(width: 120, height: 200))
        player.type("1?")
        player.send(.key(.end))
        for character in action.title { player.send(.key(.character(character))) }
        #expect(
          player.text.contains(action.title.prefix(20)), "\(action.id) of \(screen.title)")
      }
    }
  }

  private func player(_ screen: ScreenID) -> Player {
    var player = Player(FixtureSnapshots().trainingNow)
    player.type("\(screen.digit)")
    return player
  }
}
