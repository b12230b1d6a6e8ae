import ArgumentParser
import Engine
import Store
import Workbench

/// The workbench on a project.
struct OpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the workbench on a project (the default).",
    discussion: """
      The work is done by a process of its own: it goes on when this screen, its terminal or its \
      connection ends, and 'miniplm attach' or 'miniplm open' come back to it. Without a screen and \
      without work it ends by itself. Where one works on the project already, this attaches to it.

      --once prints a screen: 'open PROJECT --once select --json' what it shows as data, with numbers \
      as numbers, 'open PROJECT --once train --svg train.svg' a picture of it.

      --batch changes the selection by a file instead of by a person, and says what every line did: \
      lines of a project's recipe.jsonl, or of the palette (ratio 30%, threshold NATS, floor SOURCE 60%, \
      cap NATS, rank MEASURE, flip CHUNK, pin A, recall A, undo, redo, note #CHUNK WORDS, and commit, \
      which writes the refined corpus). A line that cannot be done gives exit code 3 and leaves \
      everything as it was.

      --script plays a file of steps, one a line: keys 4 ] Enter; type WORDS; click COLUMN ROW; drag \
      COLUMN ROW COLUMN ROW; wheel up|down COLUMN ROW; resize COLUMNS ROWS; wait text WORDS; wait \
      idle; wait frames N; wait seconds S; assert-text WORDS; save-screen NAME; quit. # begins a \
      comment. A file that is no script gives exit code 3, a step that does not hold 1.
      """)

  @Argument(help: "Project folder; by default the demo's, which need not have been run.")
  var project: String?
  @Argument(help: "Screen that --once prints, by name or digit.")
  var shown: ScreenID?
  @Option(help: "Change the selection by the lines of a file, without a screen.")
  var batch: String?
  @Flag(help: "With --batch: say what the lines would do, and write nothing.")
  var dryRun = false
  @OptionGroup var waivers: WaiverOptions
  @OptionGroup var screen: ScreenArguments
  @OptionGroup var common: CommonOptions

  func run() async throws {
    guard batch == nil || !screen.once && screen.script == nil else {
      throw ExitStatus(code: 2, text: "Give one of --batch, --once and --script.")
    }
    guard batch != nil || !dryRun else {
      throw ExitStatus(code: 2, text: "--dry-run belongs to --batch.")
    }
    let (project, shown) = try onceArguments()
    let folder = project ?? "demo"
    let present = try ProjectEngine.settings(in: folder, waiving: waivers.waivers())
    guard let settings = present ?? (project == nil ? DemoProject.settings() : nil) else {
      throw ExitStatus(
        code: 2,
        text: "\(folder) holds no project.json. 'miniplm init' makes a project of your own text, "
          + "'miniplm demo' one of this machine's.")
    }
    if let batch {
      return try BatchRun(file: batch, folder: folder, settings: settings, isDryRun: dryRun)
        .run(common)
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
      return try await AttachedScreen(client: client, folder: folder, options: screen)
        .printOnce(asData: common.json, screen: shown)
    }
    guard screen.once || screen.script != nil else {
      return try await AttachedScreen.open(
        folder,
        BackgroundOrder(settings: settings, autopilot: .off, threads: common.threadCount),
        options: screen)
    }
    let engine = try ProjectEngine(
      folder: folder, settings: settings, threads: common.threadCount)
    let run = ScreenRun(engine: engine, options: screen)
    if screen.once { return try await run.printOnce(asData: common.json, screen: shown) }
    try await run.run()
  }

  /// The project and the screen of `--once`: `open --once select` is about the demo's project, unless
  /// there is a folder of that name.
  private func onceArguments() throws -> (project: String?, shown: ScreenID?) {
    guard screen.once else {
      guard shown == nil, screen.svg == nil, screen.csv == nil else {
        throw ExitStatus(
          code: 2, text: "A screen behind the project, --csv and --svg belong to --once.")
      }
      return (project, nil)
    }
    if shown == nil, let project, !Folder.exists(project), let shown = ScreenID(name: project) {
      return (nil, shown)
    }
    return (project, shown)
  }
}
