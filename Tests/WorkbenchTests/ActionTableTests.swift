import TerminalUI
import Testing
import Workbench

/// The one table of keys: complete, without conflicts, and what footer and help show.
@Suite struct ActionTableTests {
  let table = ActionTable()

  @Test func everyActionHasAKeyAndStandsInTheTableOnce() {
    for id in ActionID.allCases {
      let entries = table.actions.filter { $0.id == id }
      #expect(entries.count == 1, "\(id.rawValue)")
      #expect(entries.allSatisfy { !$0.keys.isEmpty && !$0.title.isEmpty })
    }
  }

  @Test func noKeyMeansTwoThingsInOneScope() {
    #expect(table.conflicts == [])
  }

  @Test func movementKeysKeepTheirMeaning() {
    // Bare letters that every list knows; the Document screen steps sideways through documents.
    let fixed: [(Key, ActionID)] = [
      (.character("j"), .down), (.character("k"), .up), (.character("g"), .home),
      (.character("G"), .end), (.tab, .nextPane), (.enter, .open), (.character("q"), .quit),
      (.character("?"), .help), (.character(":"), .palette), (.control("z"), .suspend),
    ]
    for screen in ScreenID.allCases {
      for (key, action) in fixed {
        #expect(table.action(for: key, on: screen) == action, "\(key.name) on \(screen.title)")
      }
    }
  }

  @Test func footerNamesOnlyKeysOfTheTable() {
    for screen in ScreenID.allCases {
      for id in screen.footer.flatMap(\.actions) {
        let action = table.action(id)
        #expect(action?.holds(on: screen) == true, "\(id.rawValue) on \(screen.title)")
      }
    }
  }

  @Test func actionsBelongToScreensOrToAll() {
    for screen in ScreenID.allCases {
      for action in table.actions where action.holds(on: screen) {
        for key in action.keys {
          let found = table.action(for: key, on: screen)
          // A screen may take a key for itself; then its own action is what the key does.
          let isTaken = found.flatMap { table.action($0) }?.screens.contains(screen) == true
          #expect(found == action.id || isTaken, "\(key.name) on \(screen.title)")
        }
      }
    }
  }
}
