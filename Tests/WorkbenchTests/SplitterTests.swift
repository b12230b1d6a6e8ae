import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Borders of panes: moved by mouse and keys, remembered as shares, and never to a bad layout.
@Suite struct SplitterTests {
  private static let sizes = [
    Size(width: 80, height: 24), Size(width: 99, height: 31), Size(width: 120, height: 36),
    Size(width: 200, height: 50), Size(width: 301, height: 97),
  ]

  private func player(_ screen: ScreenID, _ size: Size) -> Player {
    var player = Player(FixtureSnapshots(chunks: 60).events(for: screen.digit), size: size)
    player.type(String(screen.digit))
    return player
  }

  private func panes(_ player: Player) -> [String: Rect] {
    var found: [String: Rect] = [:]
    for hit in player.frame.hits where hit.target.kind.hasPrefix("pane.") {
      let old = found[hit.target.kind]
      if (old?.width ?? 0) * (old?.height ?? 0) < hit.rect.width * hit.rect.height {
        found[hit.target.kind] = hit.rect
      }
    }
    return found
  }

  private func splitters(_ player: Player) -> [HitRegion] {
    player.frame.hits.filter { $0.target.kind == "splitter" }
  }

  /// Every border of every screen, dragged to random places at random sizes.
  @Test(arguments: ScreenID.allCases)
  func noDragMakesABadLayout(_ screen: ScreenID) throws {
    var generator = Generator(seed: 11)
    var player = player(screen, Self.sizes[2])
    for _ in 0..<200 {
      let size = Self.sizes[generator.next(below: Self.sizes.count)]
      player.send(.resize(size))
      let panes = screen.panes
      player.state.focus[screen] = panes[generator.next(below: panes.count)]
      let handles = splitters(player)
      guard !handles.isEmpty else { continue }
      let handle = handles[generator.next(below: handles.count)].rect
      player.mouse(.press, x: handle.x, y: handle.y)
      player.mouse(
        .drag, x: generator.next(below: size.width), y: generator.next(below: size.height))
      player.mouse(.release, x: 0, y: 0)
      check(player)
    }
    player.type("00")
    #expect(
      player.state.splits.fractions.keys.allSatisfy { !$0.hasPrefix("\(screen):") }
        || !splitters(player).isEmpty)
  }

  private func check(_ player: Player) {
    let found = self.panes(player)
    #expect(found["pane.\(player.state.focusedPane.rawValue)"] != nil)
    for (name, rect) in found {
      #expect(rect.width >= 3 && rect.height >= 3, "\(name) \(rect) at \(player.state.size)")
      for (other, place) in found where other > name {
        #expect(rect.intersection(place).isEmpty, "\(name) and \(other) overlap")
      }
    }
  }

  @Test func aBorderIsDraggedAndPutBack() throws {
    var player = player(.select, Size(width: 120, height: 36))
    let before = panes(player)
    let handle = try #require(
      splitters(player).first { $0.rect.width == 2 && $0.rect.y > 10 }?.rect)
    player.mouse(.press, x: handle.x, y: handle.y + 5)
    player.mouse(.drag, x: handle.x - 20, y: handle.y + 5)
    player.mouse(.release, x: handle.x - 20, y: handle.y + 5)
    let after = panes(player)
    #expect(after["pane.borderPreview"]?.width == (before["pane.borderPreview"]?.width ?? 0) + 21)
    // The share stays when the terminal grows.
    let share = try #require(player.state.splits.fractions.values.first)
    player.send(.resize(Size(width: 200, height: 50)))
    let wide = try #require(panes(player)["pane.border"]?.width)
    #expect(abs(Double(wide) / 200 - share) < 0.01)
    player.send(.resize(Size(width: 120, height: 36)))
    player.type("0")
    #expect(panes(player) == before)
  }

  @Test func keysMoveTheBordersOfTheFocusedPane() throws {
    var player = player(.train, Size(width: 120, height: 36))
    let before = panes(player)
    player.type("<<<")
    #expect(panes(player)["pane.curve"]?.width == (before["pane.curve"]?.width ?? 0) - 6)
    player.type(">>>>")
    #expect(panes(player)["pane.curve"]?.width == (before["pane.curve"]?.width ?? 0) + 2)
    player.press(.tab)
    player.type("((")
    #expect(panes(player)["pane.figures"]?.height == (before["pane.figures"]?.height ?? 0) - 2)
    player.type(")")
    #expect(panes(player)["pane.figures"]?.height == (before["pane.figures"]?.height ?? 0) - 1)
    player.type("0")
    #expect(panes(player) == before)
  }

  @Test func aClickOnABorderStillFocuses() throws {
    var player = player(.train, Size(width: 120, height: 36))
    let events = try #require(panes(player)["pane.events"])
    player.mouse(.press, x: events.x + 8, y: events.y)
    player.mouse(.release, x: events.x + 8, y: events.y)
    #expect(player.state.focusedPane == .events)
    #expect(player.state.splits.fractions.isEmpty)
  }

  @Test func hugeAndBrokenSharesAreCut() {
    var player = player(.train, Size(width: 120, height: 36))
    let name = "train:curve|figures+events"
    for share in [-5, 0, 1, 99, .nan, .infinity] as [Double] {
      player.state.splits.fractions[name] = share
      check(player)
    }
  }
}
