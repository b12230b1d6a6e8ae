import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Keys that are pressed before the project has been read.
@MainActor @Suite struct LoadingTests {
  let terminal = RecordingTerminal(size: Size(width: 120, height: 36))

  private func wait(
    for text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for _ in 0..<3000 {
      if terminal.screen.contains(text) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("never came: \(text)\n\(terminal.screen)", sourceLocation: sourceLocation)
  }

  @Test(.timeLimit(.minutes(3))) func theyWaitInTheirOrder() async throws {
    let engine = SlowEngine()
    let app = WorkbenchApp(terminal: terminal, engine: engine, screen: .select)
    let running = Task { await app.run() }
    terminal.type(.character("]"), .character("]"), .character("3"))
    try await wait(for: "Loading the project; then: ] ] 3.")
    #expect(terminal.screen.contains("[4 Select]"), "no key overtakes another")
    #expect(!terminal.screen.contains("No scores"))
    for event in FixtureSnapshots().choosing() { engine.tell(event) }
    engine.tell(.settled(0))
    try await wait(for: "[3 Score]")
    #expect(engine.sent.compactMap(\.ratio) == [0.51, 0.52])
    terminal.send(.stop(.terminate))
    _ = await running.value
  }

  @Test(.timeLimit(.minutes(3))) func whatNeedsNoProjectIsDoneAtOnce() async throws {
    let engine = SlowEngine()
    let app = WorkbenchApp(terminal: terminal, engine: engine)
    let running = Task { await app.run() }
    terminal.type(.character("4"))
    try await wait(for: "[4 Select]")
    terminal.type(.character("?"))
    try await wait(for: "This screen")
    terminal.type(.escape, .character("="))
    try await wait(for: "Loading the project; then: =.")
    terminal.type(.escape)
    try await wait(for: "The keys that waited are forgotten.")
    // Leaving waits for nothing.
    terminal.type(.character("]"), .character("q"))
    #expect(await running.value == 0)
    #expect(engine.sent.compactMap(\.ratio) == [])
  }

  @Test(.timeLimit(.minutes(3))) func anEngineThatGoesLetsThemGo() async throws {
    let engine = SlowEngine()
    let app = WorkbenchApp(terminal: terminal, engine: engine, screen: .select)
    let running = Task { await app.run() }
    terminal.type(.character("]"))
    try await wait(for: "Loading the project")
    engine.tell(.ended)
    #expect(await running.value == 0)
  }
}

/// An engine that says nothing by itself.
private final class SlowEngine: EngineClient {
  private let fixture = FixtureEngine()
  let events: AsyncStream<EngineEvent>
  private let continuation: AsyncStream<EngineEvent>.Continuation

  init() { (events, continuation) = AsyncStream.makeStream() }

  var sent: [EngineCommand] { fixture.sent }

  func tell(_ event: EngineEvent) { continuation.yield(event) }

  func send(_ command: EngineCommand) {
    let answers = fixture.answers(command)
    if command == .settle(0) { return }
    for event in answers { continuation.yield(event) }
    if case .shutDown = command { continuation.finish() }
  }
}
