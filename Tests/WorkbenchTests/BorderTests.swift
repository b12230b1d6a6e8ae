import EngineInterface
import TerminalUI
import Testing
import Workbench

/// The list at the border: in the middle whatever the size, with a mark for every reason.
@Suite struct BorderTests {
  private static let sizes = [
    Size(width: 80, height: 24), Size(width: 100, height: 30), Size(width: 120, height: 36),
    Size(width: 200, height: 50), Size(width: 300, height: 100),
  ]

  /// Rows of the list that a frame shows.
  private func rows(_ player: Player) -> [Int] {
    Set(player.frame.hits.filter { $0.target.kind == Pane.border.rawValue }.map(\.target.index))
      .sorted()
  }

  private func checkBalance(_ player: Player, sourceLocation: SourceLocation = #_sourceLocation) {
    let rows = rows(player)
    let inside = player.state.engine.selection?.borderInside ?? 0
    let above = rows.count { $0 < inside }
    #expect(
      abs(above - (rows.count - above)) <= 1, "\(rows) about \(inside) at \(player.state.size)",
      sourceLocation: sourceLocation)
    #expect(player.state.list(.border).selected == inside - 1, sourceLocation: sourceLocation)
  }

  @Test(arguments: sizes)
  func keptOnesStandAboveAndDroppedOnesBelowOnOpening(_ size: Size) {
    let snapshots = FixtureSnapshots()
    // The selection comes while another screen is shown, as when a project is opened.
    var player = Player(snapshots.choosing(), size: size)
    player.type("34")
    checkBalance(player)
    // The frame that is drawn once, without a key.
    let text = renderOnce(events: snapshots.choosing(), screen: .select, size: size)
    let marks = text.split(separator: "\n").flatMap { line in
      ["K", "D"].filter { mark in
        line.contains("│ \(mark) ") || line.contains("> \(mark) ") || line.contains("  \(mark)  ")
      }
    }
    #expect(marks.contains("K") && marks.contains("D"), "\(text)")
  }

  @Test func theBorderStaysInTheMiddleWhenTheSizeChanges() {
    var player = Player(FixtureSnapshots().choosing(), size: Self.sizes[0])
    player.type("4")
    for size in Self.sizes + Self.sizes.reversed() {
      player.send(.resize(size))
      checkBalance(player)
    }
    // And when the ratio moves.
    player.type("]]]")
    checkBalance(player)
    // A row that was picked stays, wherever it is.
    player.press(.down, .down)
    let picked = player.state.list(.border).selected
    player.send(.resize(Self.sizes[2]))
    #expect(player.state.list(.border).selected == picked)
    player.type("b")
    checkBalance(player)
  }

  /// What a floor keeps lies below the border: it does not pull the border with it.
  @Test func floorsDoNotMoveTheBorder() {
    var selection = FixtureSnapshots().selection(0.5)
    let inside = selection.borderInside
    for index in inside + 4..<selection.border.count where index % 3 == 0 {
      (selection.border[index].kept, selection.border[index].isFloored) = (true, true)
    }
    var player = Player(FixtureSnapshots().choosing() + [.selection(selection)])
    player.type("4")
    checkBalance(player)
    #expect(player.text.contains("F by a floor"))
    #expect(player.text.contains("K kept") && player.text.contains("D dropped"))
  }

  @Test(arguments: [
    ("F", true, false, true, false, "by its floor"), ("C", false, false, false, true, "by the cap"),
    ("+", true, true, false, false, "by hand"), ("-", false, true, false, false, "by hand"),
  ])
  func everyReasonHasAMark(
    _ mark: String, kept: Bool, manual: Bool, isFloored: Bool, isCapped: Bool, words: String
  ) {
    var selection = FixtureSnapshots().selection(0.5)
    let row = selection.borderInside - 1
    selection.border[row].kept = kept
    selection.border[row].manual = manual
    selection.border[row].isFloored = isFloored
    selection.border[row].isCapped = isCapped
    var player = Player(FixtureSnapshots().choosing() + [.selection(selection)])
    player.type("4")
    #expect(player.text.contains("> \(mark) "), "\(player.text)")
    #expect(player.text.contains(words))
    #expect(player.text.contains("\(mark) "))
  }

  /// A key that a screen gives a meaning of its own stands in the help with that alone.
  @Test func helpListsAKeyOnce() {
    for (screen, study, undo) in [("1", true, false), ("4", false, true)] {
      var player = Player(FixtureSnapshots().choosing(), size: Size(width: 120, height: 80))
      player.type("\(screen)?")
      #expect(player.text.contains("count equal texts") == study)
      #expect(player.text.contains("undo in the selection") == undo)
    }
  }
}
