public import EngineInterface
public import TerminalUI

/// Runs the workbench without a terminal from a script: the same loop, the same screens.
@MainActor
public final class ScriptRun {
  private let script: Script
  private let terminal: RecordingTerminal
  private let app: WorkbenchApp
  private let save: @MainActor (String, Frame) throws -> Void
  private let clock = ContinuousClock()

  /// Longest time that `wait` waits.
  public static let patience = Duration.seconds(600)
  private static let step = Duration.milliseconds(5)

  /// `save` gets the frames of `save-screen` steps with their names.
  public init(
    _ script: Script, engine: any EngineClient, size: Size = Size(width: 120, height: 36),
    glyphs: Glyphs = .braille, screen: ScreenID? = nil, export: ExportPort? = nil,
    save: @escaping @MainActor (String, Frame) throws -> Void
  ) {
    self.script = script
    self.save = save
    terminal = RecordingTerminal(size: size, glyphs: glyphs)
    app = WorkbenchApp(terminal: terminal, engine: engine, screen: screen, export: export)
  }

  /// Plays all steps, then leaves as `quit` does. Throws at the first step that does not hold; the
  /// engine is asked to save and end in that case too.
  public func run() async throws -> Int32 {
    let running = Task { await app.run() }
    var failure: (any Error)?
    do {
      for (line, step) in script.steps { try await play(step, line: line) }
    } catch {
      failure = error
    }
    if !app.hasLeft { terminal.send([.stop(.terminate)]) }
    let code = await running.value
    if let failure { throw failure }
    // A stop is the script's own end, here or in a `quit`, not a signal.
    return code == Reducer.stoppedCode ? 0 : code
  }

  private func play(_ step: Script.Step, line: Int) async throws {
    switch step {
    case .input(let events):
      // One by one: a click means what the frame before it shows.
      for event in events {
        let count = terminal.frameCount
        terminal.send([event])
        try await wait(line, for: "input") {
          self.terminal.isDrained && (self.terminal.frameCount > count || self.app.hasLeft)
        }
      }
    case .waitForText(let text):
      try await wait(line, for: "'\(text)'") { self.terminal.frame.grid.text.contains(text) }
    case .waitForIdle: try await wait(line, for: "the end of the job") { self.app.isIdle }
    case .waitForFrames(let count):
      let last = terminal.frameCount + count
      try await wait(line, for: "\(count) frames") { self.terminal.frameCount >= last }
    case .waitForSeconds(let seconds): try await Task.sleep(for: .seconds(seconds))
    case .assertText(let text):
      guard terminal.frame.grid.text.contains(text) else {
        throw ScriptError.notOnScreen(line: line, text: text)
      }
    case .saveScreen(let name): try save(name, terminal.frame)
    case .quit:
      terminal.send([.stop(.terminate)])
      try await wait(line, for: "the engine to save") { self.app.hasLeft }
    }
  }

  private func wait(
    _ line: Int, for what: String, until isTrue: @MainActor () -> Bool
  ) async throws {
    let end = clock.now + Self.patience
    while !isTrue() {
      guard clock.now < end, !app.hasLeft else {
        throw ScriptError.timeOut(
          line: line, waitingFor: what, seconds: Self.patience / .seconds(1))
      }
      try await Task.sleep(for: Self.step)
    }
  }
}
