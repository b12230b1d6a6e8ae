import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Random keys, mouse reports, pastes, sizes and engine events: the state stays sound.
@Suite struct FuzzTests {
  private static let keys: [Key] =
    ActionTable.standard.actions.flatMap(\.keys)
    + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.%\u{202E}é".map(Key.character)
    + [.backspace, .delete, .insert, .function(9), .control("x")]

  @Test(arguments: [UInt64(1), 2, 3, 4, 5])
  func randomEventsKeepTheStateSound(_ seed: UInt64) {
    let snapshots = FixtureSnapshots(chunks: 40)
    var generator = Generator(seed: seed)
    let moments = [
      snapshots.teacherTraining, snapshots.scoringNow, snapshots.choosing(), snapshots.trainingNow,
      snapshots.finished,
    ]
    var player = Player([], snapshots: snapshots)
    var frame = player.frame
    for step in 0..<20_000 {
      switch generator.next(below: 100) {
      case ..<70: player.press(Self.keys[generator.next(below: Self.keys.count)])
      case ..<90: player.send(mouse(&generator, frame))
      case ..<92:
        player.send(
          .resize(Size(width: generator.next(below: 200), height: generator.next(below: 60))))
      case ..<93: player.send(.paste("\u{1B}[2J\n0.5"))
      case ..<95: player.send(.tick(Double(step) / 20))
      default:
        let moment = moments[generator.next(below: moments.count)]
        player.send(.engine(moment[generator.next(below: moment.count)]))
      }
      // Drawing costs more than reducing: look at every twentieth state.
      let isDrawn = step % 20 == 0
      if isDrawn { frame = player.frame }
      let problem = Self.problem(player.state, frame: isDrawn ? frame : nil)
      #expect(problem == nil, "seed \(seed), step \(step): \(problem ?? "")")
      if problem != nil { return }
      // Leaving is what some keys are for: come back.
      player.state.leavingWith = nil
      player.state.engine.hasEnded = false
    }
  }

  private func mouse(_ generator: inout Generator, _ frame: Frame) -> WorkbenchEvent {
    let kinds: [MouseEvent.Kind] = [
      .press, .press, .release, .drag, .drag, .wheelUp, .wheelDown, .move,
    ]
    let buttons: [MouseEvent.Button] = [.left, .left, .right]
    let event = MouseEvent(
      kinds[generator.next(below: kinds.count)], x: generator.next(below: max(1, frame.size.width)),
      y: generator.next(below: max(1, frame.size.height)),
      button: buttons[generator.next(below: 3)], clicks: 1 + generator.next(below: 2))
    return .mouse(event, frame.hit(x: event.x, y: event.y))
  }

  /// What is wrong with a state; nil when nothing is.
  static func problem(_ state: ViewState, frame: Frame?) -> String? {
    guard state.screen.panes.contains(state.focusedPane) else { return "focus off the screen" }
    for (pane, list) in state.lists where list.selected < 0 || list.top < 0 {
      return "list \(pane): \(list)"
    }
    if let ratio = state.ratio, !(0...1).contains(ratio) { return "ratio \(ratio)" }
    let border = state.engine.selection?.border.count ?? 0
    if state.screen == .select, border > 0, state.list(.border).selected >= border {
      return "border row \(state.list(.border).selected) of \(border)"
    }
    if !(0...2).contains(state.commit.button) { return "button \(state.commit.button)" }
    guard let frame, !state.isTooSmall, state.overlay == nil else { return nil }
    let isVisible = frame.hits.contains { $0.target.kind == "pane.\(state.focusedPane.rawValue)" }
    return isVisible ? nil : "the focus is not visible"
  }
}
