import ArgumentParser
import Foundation

/// The engine of a project in a process of its own; started by `open`, `demo` and `run --detach`.
struct EngineProcessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engine", abstract: "Run a project's engine in the background.",
    shouldDisplay: false)

  @Argument(help: "Project folder.")
  var project: String

  func run() async throws {
    guard isatty(STDIN_FILENO) == 0 else {
      throw ExitStatus(
        code: 2, text: "Started by other commands: 'miniplm run \(project) --detach' is one.")
    }
    try await BackgroundRun(folder: project).run()
  }
}
