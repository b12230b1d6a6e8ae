import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Every screen at every size: nothing crashes, panes do not overlap, the focus is visible.
@Suite struct SizeTests {
  /// All small sizes, then steps.
  private static let widths =
    [1, 2, 3, 5, 8, 13, 20] + Array(stride(from: 30, through: 300, by: 23)) + [79, 80, 99, 100]
  private static let heights =
    [1, 2, 3, 4, 6, 9, 12] + Array(stride(from: 15, through: 100, by: 14)) + [23, 24, 29, 30]

  @Test(arguments: ScreenID.allCases)
  func everySizeCanBeDrawn(_ screen: ScreenID) {
    let snapshots = FixtureSnapshots(chunks: 60)
    var player = Player(snapshots.events(for: screen.digit), snapshots: snapshots)
    player.type(String(screen.digit))
    for width in Self.widths {
      for height in Self.heights {
        player.send(.resize(Size(width: width, height: height)))
        for pane in screen.panes {
          player.state.focus[screen] = pane
          let frame = player.frame
          #expect(frame.size == player.state.size)
          check(frame, player.state)
        }
      }
    }
  }

  private func check(_ frame: Frame, _ state: ViewState) {
    let panes = frame.hits.filter { $0.target.kind.hasPrefix("pane.") }
    guard !state.isTooSmall else { return }
    #expect(
      panes.contains { $0.target.kind == "pane.\(state.focusedPane.rawValue)" },
      "\(state.focusedPane) is not visible at \(state.size)")
    for (index, one) in panes.enumerated() {
      for other in panes[(index + 1)...] where other.target != one.target {
        #expect(
          one.rect.intersection(other.rect).isEmpty,
          "\(one.target.kind) and \(other.target.kind) overlap at \(state.size)")
      }
    }
  }

  @Test func overlaysCanBeDrawnAtEverySize() {
    let snapshots = FixtureSnapshots(chunks: 60)
    let overlays: [Overlay] = [
      .help(HelpState()), .palette(PaletteState()), .settings(ListState()),
      .precision(ListState()), .modelChoice(ModelChoiceState(role: .teacher)),
      .taskFiles(ListState()), .taskModels(ListState()),
      .taskConditions(ListState()), .ranking(ListState()), .log(ListState()), .quit,
    ]
    var player = Player(snapshots.evaluated, snapshots: snapshots)
    for width in Self.widths {
      for height in Self.heights {
        player.send(.resize(Size(width: width, height: height)))
        for overlay in overlays {
          player.state.overlay = overlay
          #expect(player.frame.size == player.state.size)
        }
      }
    }
  }

  @Test func tooSmallNamesBothSizesAndTheJob() {
    var player = Player(FixtureSnapshots().trainingNow, size: Size(width: 39, height: 9))
    #expect(player.text.contains("Terminal is 39 x 9"))
    #expect(player.text.contains("needs 40 x 10"))
    #expect(player.text.contains("train two students 40%"))
    // Keys go on: q asks, Esc stays.
    player.press(.character("q"))
    #expect(player.state.overlay == .quit)
    player.press(.escape)
    #expect(player.state.overlay == nil)
  }
}
