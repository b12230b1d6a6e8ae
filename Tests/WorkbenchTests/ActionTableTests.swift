import EngineInterface
import TerminalUI
import Testing
import Workbench

/// The one table of actions: complete, without conflicts, and what footer and help show.
@Suite struct ActionTableTests {
  let table = ActionTable.standard

  @Test func everyActionHasWordsAndAKeyOrAPaletteEntry() {
    #expect(Set(table.actions.map(\.id)).count == table.actions.count)
    for action in table.actions {
      #expect(!action.title.isEmpty && !action.label.isEmpty, "\(action.id)")
      let places = ScreenID.allCases.filter { table.own(of: $0).contains(action) }
      #expect(!places.isEmpty || table.everywhere.contains(action), "\(action.id)")
    }
    // The digits of the screens and everything that holds everywhere can be pressed.
    #expect(table.everywhere.allSatisfy { !$0.keys.isEmpty })
  }

  @Test func noKeyMeansTwoThingsAtOnePlace() {
    #expect(table.conflicts == [])
    // A table that does is told so.
    #expect(ActionTable(keys: ["pin.a": [.character("B")]]).conflicts.count == 1)
  }

  @Test func movementKeysKeepTheirMeaning() {
    // Bare letters that every list knows; the Chunk screen steps sideways through chunks.
    let fixed: [(Key, String)] = [
      (.character("j"), "down"), (.character("k"), "up"), (.character("g"), "home"),
      (.character("G"), "end"), (.tab, "pane.next"), (.enter, "open"), (.character("q"), "quit"),
      (.character("?"), "help"), (.character(":"), "palette"), (.control("z"), "suspend"),
    ]
    for screen in ScreenID.allCases {
      for (key, id) in fixed {
        #expect(table.action(for: key, on: screen)?.id == id, "\(key.name) on \(screen.title)")
      }
    }
  }

  @Test func footersNameOnlyWhatHoldsOnTheScreen() {
    for screen in ScreenID.allCases {
      let here = table.own(of: screen) + table.everywhere
      for action in screen.footer.flatMap(\.actions) {
        #expect(here.contains(action), "\(action.id) on \(screen.title)")
        #expect(!table.keyName(action).isEmpty, "\(action.id) on \(screen.title)")
      }
    }
  }

  @Test func aKeyDoesItsActionUnlessTheScreenTakesIt() {
    for screen in ScreenID.allCases {
      let own = table.own(of: screen)
      for action in own + table.everywhere {
        for key in action.keys {
          let found = table.action(for: key, on: screen)
          let isTaken = found.map(own.contains) == true
          #expect(found == action || isTaken, "\(key.name) on \(screen.title)")
        }
      }
    }
  }

  @Test func everyStageIsWatchedOnOneScreen() {
    let shown: [(Stage, ScreenID)] = [
      (.corpus, .corpus), (.tokenizer, .corpus), (.pack, .corpus), (.teacher, .models),
      (.reference, .models), (.score, .score), (.select, .select), (.commit, .commit),
      (.train, .train), (.compare, .compare),
    ]
    #expect(Set(shown.map(\.0)) == Set(Stage.allCases))
    for (stage, screen) in shown { #expect(ScreenID(stage: stage) == screen) }
    // A job that may run at any time has its screen, and no place in the order.
    #expect(ScreenID(stage: .evaluate) == .evaluate)
    #expect(!Stage.allCases.contains(.evaluate))
  }

  @Test func screensAreFoundByNameDigitAndFormerName() {
    for screen in ScreenID.allCases {
      #expect(ScreenID(name: screen.title) == screen)
      #expect(ScreenID(name: "\(screen.digit)") == screen)
    }
    #expect(ScreenID(name: "document") == .chunk)
    #expect(ScreenID(name: "Document") == .chunk)
    #expect(ScreenID(name: "10") == nil)
    #expect(ScreenID(name: "") == nil)
  }
}
