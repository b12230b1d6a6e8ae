import EngineInterface
import TerminalUI
import Testing
import Workbench

/// The loop: input and engine events in, frames out, the exit code at the end.
@MainActor @Suite struct AppTests {
  let terminal = RecordingTerminal(size: Size(width: 120, height: 36))

  /// Waits until the last frame holds a text; the loop runs beside it.
  private func wait(for text: String) async throws {
    try await wait(for: "\(text) on screen") { terminal.screen.contains(text) }
  }

  /// The same for what does not go away again, as messages do.
  private func wait(for what: String, _ holds: () -> Bool) async throws {
    for _ in 0..<3000 {
      if holds() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("never came: \(what)\n\(terminal.screen)")
  }

  @Test(.timeLimit(.minutes(3))) func aWholeVisit() async throws {
    let engine = FixtureEngine(FixtureSnapshots().choosing())
    let app = WorkbenchApp(
      terminal: terminal, engine: engine, themes: ["light", "neutral"],
      loadTheme: { Theme(name: $0) })
    let running = Task { await app.run() }
    try await wait(for: "[4 Select]")
    terminal.type(.character("]"))
    try await wait(for: "ratio 0.510")
    // A click on a name in the header.
    terminal.send(.mouse(MouseEvent(.press, x: 12, y: 0)))
    try await wait(for: "[1 Corpus]")
    terminal.send(.resize(Size(width: 80, height: 24)))
    try await wait(for: "2Mod")
    terminal.type(.function(2), .home, .enter, .escape, .character("y"), .character("M"))
    try await wait(for: "the mouse off") { !terminal.isMouseOn }
    #expect(terminal.theme.name == "light")
    #expect(terminal.clipboard?.isEmpty == false)
    terminal.type(.control("l"), .control("z"))
    terminal.type(.character("q"))
    #expect(await running.value == 0)
    #expect(terminal.invalidations == 1)
    #expect(terminal.suspensions == 1)
    #expect(engine.sent.last == .shutDown(saving: true))
  }

  @Test(.timeLimit(.minutes(3))) func aSignalSavesAndSaysThatItWasStopped() async throws {
    let engine = FixtureEngine(FixtureSnapshots().trainingNow)
    let app = WorkbenchApp(terminal: terminal, engine: engine)
    let running = Task { await app.run() }
    try await wait(for: "[7 Train]")
    terminal.send(.stop(.terminate))
    #expect(await running.value == 4)
    #expect(engine.sent.last == .shutDown(saving: true))
  }

  /// The mouse on its way costs frames only over plots, and of moves that come together one.
  @Test(.timeLimit(.minutes(3))) func aFloodOfMovesMakesFewFrames() async throws {
    let engine = FixtureEngine(FixtureSnapshots().trainingNow)
    let app = WorkbenchApp(terminal: terminal, engine: engine)
    let running = Task { await app.run() }
    try await wait(for: "[7 Train]")
    let before = terminal.frameCount
    terminal.send(
      (0..<5000).map { .mouse(MouseEvent(.move, x: 10 + $0 % 61, y: 8, button: .none)) })
    try await wait(for: "a value of the curve") {
      terminal.screen.contains("A uniform 3.") || terminal.screen.contains("A uniform 4.")
    }
    #expect(terminal.frameCount - before < 20)
    terminal.send(.stop(.terminate))
    #expect(await running.value == 4)
  }

  @Test(.timeLimit(.minutes(3))) func aFloodOfEventsMakesFewFrames() async throws {
    let engine = FixtureEngine(FixtureSnapshots().scoringNow)
    let app = WorkbenchApp(terminal: terminal, engine: engine)
    let running = Task { await app.run() }
    let scoring = FixtureSnapshots().scoring(done: 900)
    for _ in 0..<2000 { engine.tell(.scoring(scoring)) }
    try await wait(for: "900/1,200")
    #expect(terminal.frameCount < 60)
    engine.tell(.ended)
    #expect(await running.value == 0)
  }
}
