import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Scripts: read strictly, played through the real loop.
@MainActor @Suite struct ScriptTests {
  @Test(.timeLimit(.minutes(3))) func aScriptWalksThroughTheWork() async throws {
    let script = try Script(
      """
      # choose, look, commit
      wait text your turn
      keys 4 ] ]
      assert-text ratio 0.520
      keys =
      type 30%
      keys Enter
      assert-text ratio 0.300
      click 3 0
      keys 6
      wait text [ Commit and train ]
      save-screen commit
      resize 80 24
      keys Enter
      wait text [7 Train]
      quit
      """)
    let engine = FixtureEngine(FixtureSnapshots().choosing())
    var saved: [String: Frame] = [:]
    let run = ScriptRun(script, engine: engine, glyphs: .ascii) { saved[$0] = $1 }
    #expect(try await run.run() == 0)
    #expect(saved["commit"]?.grid.text.contains("[ Commit and train ]") == true)
    #expect(engine.sent.contains(.start(.train)))
    #expect(engine.sent.last == .shutDown(saving: true))
  }

  @Test(.timeLimit(.minutes(3))) func whatIsNotOnScreenEndsTheScript() async throws {
    let script = try Script("wait idle\nassert-text no such words")
    let engine = FixtureEngine(FixtureSnapshots().choosing())
    let run = ScriptRun(script, engine: engine) { _, _ in }
    await #expect(throws: ScriptError.notOnScreen(line: 2, text: "no such words")) {
      try await run.run()
    }
    #expect(engine.sent.last == .shutDown(saving: true))
  }

  @Test(arguments: [
    "jump", "keys", "keys NoKey", "click 1", "click a b", "click -1 2", "drag 1 2 3",
    "wheel left 1 2",
    "resize 0", "resize 5000 5000", "wait", "wait for ever", "wait frames 0", "wait seconds -1",
    "save-screen", "save-screen a/b", "assert-text", "quit now",
  ]) func badLinesAreNamed(_ line: String) {
    #expect {
      try Script("# one\n\(line)")
    } throws: { error in
      guard case .unreadable(2, line, _)? = error as? ScriptError else { return false }
      return true
    }
  }
}
