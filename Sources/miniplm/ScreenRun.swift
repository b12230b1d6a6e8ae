import Engine
import EngineInterface
import Foundation
import Store
import TerminalUI
import Workbench

/// Opens the workbench on an engine of this process, and closes the terminal whatever happens.
struct ScreenRun {
  let engine: ProjectEngine
  let options: ScreenArguments

  func run() async throws {
    // An unknown theme is refused whatever is drawn.
    _ = try options.options()
    if options.once { return try await printOnce(asData: false) }
    // On a screen these signals come as events; without one they are asked for here.
    Interruption.shared.begin(saving: { [engine] in engine.send(.checkpoint) }) { [engine] in
      engine.send(.shutDown(saving: true))
    }
    defer { Interruption.shared.end() }
    if let path = options.script { return try await play(path) }
    let code = try await Self.show(
      engine, options, crashNote: "What was saved is whole, and the same command goes on from it.\n"
    ) { [engine] in engine.start() }
    guard code == 0 else { throw ExitStatus(code: code, text: nil) }
  }

  /// Shows an engine, which `start` begins once there is a terminal; the exit code. `crashNote` is said
  /// behind the words that the program has crashed.
  @MainActor
  static func show(
    _ engine: any EngineClient, _ options: ScreenArguments, greeting: String? = nil,
    crashNote: String, start: @Sendable () -> Void
  ) async throws -> Int32 {
    let environment = ProcessInfo.processInfo.environment
    let catalogue = ScreenArguments.catalogue
    var screen = try options.options()
    screen.crashNote = crashNote
    let terminal = try CursesTerminal(
      terminal: environment["TERM"], noColor: environment["NO_COLOR"], options: screen)
    defer { terminal.close() }
    start()
    let app = WorkbenchApp(
      terminal: terminal, engine: engine, screen: options.screen, theme: options.theme,
      themes: [Theme.automatic] + catalogue.names, loadTheme: { try? catalogue.load($0).theme },
      export: ExportFiles.write, capturesMouse: !options.noMouse,
      greeting: greeting)
    return await app.run()
  }

  /// Plays a script; `save-screen NAME` writes NAME.txt into the working folder.
  @MainActor
  private func play(_ path: String) async throws {
    let data = try FileContents.read(path)
    engine.start()
    let run = ScriptRun(
      try Script(String(decoding: data, as: UTF8.self)), engine: engine, size: Self.size,
      glyphs: options.ascii ? .ascii : options.glyphs ?? .braille, screen: options.screen,
      export: ExportFiles.write
    ) { name, frame in
      try AtomicFile.write(text: frame.grid.text + "\n", to: name + ".txt")
    }
    do {
      let code = try await run.run()
      guard code == 0 else { throw ExitStatus(code: code, text: nil) }
    } catch is ScriptError where Interruption.shared.isRequested {
      throw ExitStatus.stopped
    }
  }

  /// The size that COLUMNS and LINES name, or 120 x 36.
  static var size: Size {
    let environment = ProcessInfo.processInfo.environment
    func value(_ name: String, _ usual: Int) -> Int {
      environment[name].flatMap { Int($0) } ?? usual
    }
    return Size(width: value("COLUMNS", 120), height: value("LINES", 36))
  }

  /// One screen of what stands on disk, once all of it has been read.
  func printOnce(asData: Bool, screen: ScreenID? = nil) async throws {
    let once = OnceOutput(options: options, screen: screen, asData: asData)
    try once.validate()
    engine.start()
    try once.print(await once.state(engine) { [engine] in engine.endWhenRead() })
  }
}
