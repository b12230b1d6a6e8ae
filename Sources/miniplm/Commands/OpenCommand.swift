import ArgumentParser
import Engine
import Store

/// The workbench on a project.
struct OpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the workbench on a project (the default).",
    discussion: """
      The work is done by a process of its own: it goes on when this screen, its terminal or its \
      connection ends, and 'miniplm attach' or 'miniplm open' come back to it. Without a screen and \
      without work it ends by itself. Where one works on the project already, this attaches to it.

      --script plays a file of steps, one a line: keys 4 ] Enter; type WORDS; click COLUMN ROW; drag \
      COLUMN ROW COLUMN ROW; wheel up|down COLUMN ROW; resize COLUMNS ROWS; wait text WORDS; wait \
      idle; wait frames N; wait seconds S; assert-text WORDS; save-screen NAME; quit. # begins a \
      comment. A file that is no script gives exit code 3, a step that does not hold 1.
      """)

  @Argument(help: "Project folder; by default the demo's, which need not have been run.")
  var project: String?
  @OptionGroup var waivers: WaiverOptions
  @OptionGroup var screen: ScreenArguments
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let folder = project ?? "demo"
    let present = try ProjectEngine.settings(in: folder, waiving: waivers.waivers())
    guard let settings = present ?? (project == nil ? DemoProject.settings() : nil) else {
      throw ExitStatus(
        code: 2,
        text: "\(folder) holds no project.json. 'miniplm init' makes a project of your own text, "
          + "'miniplm demo' one of this machine's.")
    }
    guard Output.isTerminal || screen.once || screen.script != nil else {
      throw ExitStatus(
        code: 2,
        text: "Standard output is no terminal. 'miniplm run \(folder)' does the same work "
          + "without a screen.")
    }
    if screen.once,
      let client = try EngineServing.client(
        folder, isReadOnly: true, isPassing: true)
    {
      return try await AttachedScreen(client: client, folder: folder, options: screen).printOnce()
    }
    guard screen.once || screen.script != nil else {
      return try await AttachedScreen.open(
        folder,
        BackgroundOrder(settings: settings, autopilot: .off, threads: common.threadCount),
        options: screen)
    }
    let engine = try ProjectEngine(
      folder: folder, settings: settings, threads: common.threadCount)
    try await ScreenRun(engine: engine, options: screen).run()
  }
}
