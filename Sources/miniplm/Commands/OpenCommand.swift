import ArgumentParser
import Engine
import Store

/// The workbench on a project.
struct OpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the workbench on a project (the default).")

  @Argument(help: "Project folder.")
  var project = "demo"
  @OptionGroup var screen: ScreenArguments
  @OptionGroup var common: CommonOptions

  func run() async throws {
    guard let settings = try ProjectEngine.settings(in: project) else {
      throw ExitStatus(
        code: 2,
        text: "\(project) holds no project.json. 'miniplm demo' makes and runs a project; "
          + "'miniplm open FOLDER' opens one of yours.")
    }
    guard Output.isTerminal || screen.once || screen.script != nil else {
      throw ExitStatus(
        code: 2,
        text: "Standard output is no terminal. 'miniplm run \(project)' does the same work "
          + "without a screen.")
    }
    let engine = try ProjectEngine(
      folder: project, settings: settings, threads: common.threadCount)
    try await ScreenRun(engine: engine, options: screen).run()
  }
}
