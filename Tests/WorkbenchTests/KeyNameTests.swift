import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Every sentence takes its key names from the table: other keys give the same sentences with the
/// other names.
@Suite struct KeyNameTests {
  /// A table in which every action has one key that no sentence contains by chance.
  private static let other: (table: ActionTable, names: [String: String]) = {
    var keys: [String: [Key]] = [:]
    var names: [String: String] = [:]
    for (index, action) in ActionTable.standard.actions.enumerated() {
      guard let old = action.keys.first, let scalar = Unicode.Scalar(0x4E00 + index) else {
        continue
      }
      // Where text is typed, letters are text: these two need another key.
      let key: Key =
        switch action.id {
        case "open": .function(7)
        case "back": .function(8)
        default: .character(Character(scalar))
        }
      keys[action.id] = [key]
      names[key.name] = old.name
    }
    return (ActionTable(keys: keys), names)
  }()

  private let snapshots = FixtureSnapshots()

  private var moments: [[EngineEvent]] {
    var stopped = snapshots.scoringNow
    stopped.append(.job(JobSnapshot(stage: .score, state: .stopped, fraction: 0.62)))
    var paused = snapshots.scoringNow
    paused.append(.job(JobSnapshot(stage: .score, state: .paused, fraction: 0.62)))
    var failed = [EngineEvent.project(snapshots.project(done: 2, running: false))]
    failed.append(.job(JobSnapshot(stage: .pack, state: .failed("no room"))))
    var partial = snapshots.selection(0.5)
    partial.complete = false
    return [
      [.project(snapshots.project(done: 0, running: false))], failed, stopped, paused,
      snapshots.teacherTraining, snapshots.scoringNow,
      snapshots.choosing() + [.selection(partial)], snapshots.choosing(), snapshots.trainingNow,
      snapshots.finished,
    ]
  }

  private func translated(_ text: String) -> String {
    Self.other.names.reduce(text) { $0.replacing($1.key, with: $1.value) }
  }

  private func player(
    _ events: [EngineEvent], _ screen: ScreenID, _ table: ActionTable
  ) throws -> Player {
    var player = Player([], snapshots: snapshots)
    player.state.table = table
    for event in events { player.send(.engine(event)) }
    let go = try #require(table.actions.first { $0.id == "screen.\(screen.digit)" })
    player.press(try #require(go.keys.first))
    return player
  }

  /// The message that every action leaves, in every moment, on every screen and from every pane.
  @Test(arguments: ScreenID.allCases)
  func messagesFollowTheTable(_ screen: ScreenID) throws {
    var named: Set<String> = []
    for events in moments {
      let one = try player(events, screen, .standard)
      let two = try player(events, screen, Self.other.table)
      for pane in screen.panes {
        for action in one.state.table.own(of: screen) + one.state.table.everywhere {
          guard let key = Self.other.table.keys(of: action).first, let old = action.keys.first,
            one.state.table.action(for: old, on: screen) == action
          else { continue }
          var (left, right) = (one.state, two.state)
          left.focus[screen] = pane
          right.focus[screen] = pane
          _ = reduce(&left, .key(old))
          _ = reduce(&right, .key(key))
          let (found, expected) = (right.message?.text ?? "", left.message?.text ?? "")
          #expect(translated(found) == expected, "\(action.id) on \(screen.title)")
          for name in Self.other.names.keys where found.contains(name) { named.insert(name) }
          check(found)
        }
      }
    }
    if screen == .select || screen == .commit { #expect(!named.isEmpty) }
  }

  /// What stands in frames: nothing but the table's names of keys.
  @Test(arguments: ScreenID.allCases)
  func framesNameNoOtherKeys(_ screen: ScreenID) throws {
    for events in moments {
      for size in GoldenTests.sizes {
        var player = try player(events, screen, Self.other.table)
        player.send(.resize(size))
        check(player.text)
        for id in ["help", "log", "settings", "palette"] {
          let action = try #require(player.state.table.actions.first { $0.id == id })
          player.press(try #require(player.state.table.keys(of: action).first))
          check(player.text)
          player.press(.function(8))
          #expect(player.state.overlay == nil)
        }
      }
    }
  }

  /// Sentences of what lies over a screen, which the check above would take for cut words.
  @Test func overlaysNameTheKeysOfTheTable() throws {
    var player = try player(snapshots.choosing(), .train, Self.other.table)
    func name(_ id: String) throws -> String {
      let action = try #require(player.state.table.actions.first { $0.id == id })
      return try #require(player.state.table.keys(of: action).first).name
    }
    let mouse = try name("mouse.capture")
    for (id, words) in [
      ("settings", "(key \(mouse))"), ("settings", "F7 chooses   F8 closes"),
      ("log", "\(try name("log")) or F8 closes"), ("precision", "F7 chooses   F8 closes"),
      ("palette", "F7 runs   F8 closes"), ("help", "\(try name("help")) or F8 closes"),
    ] {
      player.type(try name(id))
      #expect(player.text.contains(words), "\(id)")
      player.press(.function(8))
      #expect(player.state.overlay == nil, "\(id)")
    }
  }

  /// What any action opens or asks, and the frame that it leaves, at every pane.
  @Test(arguments: ScreenID.allCases)
  func whatActionsLeaveNamesNoOtherKeys(_ screen: ScreenID) throws {
    for events in [snapshots.choosing(), snapshots.trainingNow, snapshots.finished] {
      let start = try player(events, screen, Self.other.table)
      for action in start.state.table.own(of: screen) + start.state.table.everywhere {
        guard let key = Self.other.table.keys(of: action).first, action.id != "quit" else {
          continue
        }
        var player = start
        player.press(key)
        if player.text == start.text { continue }
        check(player.text)
        // What lies over it may say more of its other rows.
        if player.state.overlay != nil {
          player.press(.function(7))
          check(player.text)
        }
      }
    }
  }

  private static let names: Set<String> = [
    "Enter", "Esc", "Tab", "Space", "Ctrl-C", "Ctrl-R", "F1", "F2",
  ]
  private static let verbs: Set<String> = [
    "goes", "tries", "says", "sets", "closes", "takes", "ends", "counts", "writes", "flips",
    "reads", "turns", "leaves", "chooses", "compares", "commit", "choose", "opens", "it",
  ]

  /// No word is the name of a key of the shipped table, and no single letter does what keys do. Words of
  /// one pane only: a letter that an overlay has cut off belongs to no word of the overlay.
  private func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    for part in text.split(whereSeparator: { "|│".contains($0) || $0.isNewline }) {
      check(part: String(part), sourceLocation)
    }
  }

  private func check(part text: String, _ sourceLocation: SourceLocation) {
    // Where text is typed letters are text: there the shipped key completes.
    let text = text.replacing("Tab takes", with: "")
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
    var found = Self.names.intersection(words)
    for (word, next) in zip(words, words.dropFirst())
    where word.count == 1 && word.allSatisfy({ $0.isASCII && $0.isLetter }) {
      // The students' names are letters too.
      let isStudent = ["A", "B"].contains(word)
      // "A commit names them."
      if word == "A", next == "commit" { continue }
      if Self.verbs.contains(next) || next == "starts" && !isStudent {
        found.insert("\(word) \(next)")
      }
    }
    #expect(found.isEmpty, "\(found.sorted()) in:\n\(text)", sourceLocation: sourceLocation)
  }
}
