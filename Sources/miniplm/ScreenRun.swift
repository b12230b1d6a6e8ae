import Engine
import EngineInterface
import Foundation
import TerminalUI
import Workbench

/// Opens the workbench on an engine, and closes the terminal whatever happens.
struct ScreenRun {
  let engine: ProjectEngine
  let options: ScreenArguments

  func run() async throws {
    if options.once { return try await printOnce() }
    let code = try await open()
    guard code == 0 else { throw ExitStatus(code: code, text: nil) }
  }

  @MainActor
  private func open() async throws -> Int32 {
    let environment = ProcessInfo.processInfo.environment
    let catalogue = ScreenArguments.catalogue
    let terminal = try CursesTerminal(
      terminal: environment["TERM"], noColor: environment["NO_COLOR"], options: options.options())
    defer { terminal.close() }
    engine.start()
    let app = WorkbenchApp(
      terminal: terminal, engine: engine, screen: options.screen, themes: catalogue.names,
      loadTheme: { try? catalogue.load($0).theme }, capturesMouse: !options.noMouse)
    return await app.run()
  }

  /// One frame of what stands on disk.
  private func printOnce() async throws {
    engine.start()
    engine.send(.shutDown(saving: true))
    var events: [EngineEvent] = []
    for await event in engine.events { events.append(event) }
    let environment = ProcessInfo.processInfo.environment
    func size(_ name: String, _ usual: Int) -> Int {
      environment[name].flatMap { Int($0) } ?? usual
    }
    let display = DisplayOptions(glyphs: options.ascii ? .ascii : options.glyphs ?? .braille)
    Output.line(
      renderOnce(
        events: events, screen: options.screen ?? .corpus,
        size: Size(width: size("COLUMNS", 120), height: size("LINES", 36)), display: display))
  }
}
