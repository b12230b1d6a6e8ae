import ArgumentParser
import Engine
import Foundation

/// The program: subcommands do every step without a screen; without one the workbench opens.
@main
struct Miniplm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "miniplm",
    abstract:
      "Difference sampling for pre-training: score, select, train, and see what is dropped.",
    discussion: """
      Without a subcommand the workbench opens on a project. Exit codes: 0 done, 1 the work failed, \
      2 usage or settings, 3 input that cannot be read or used, 4 stopped on request (the same \
      command goes on), 130 or 143 after a second signal.
      """,
    version: Program.version,
    subcommands: [
      OpenCommand.self, DemoCommand.self, InitCommand.self, RunCommand.self, TokenizerCommand.self,
      PackCommand.self, ConvertCommand.self, SplitCommand.self, CorpusCommand.self,
      NewModelCommand.self,
      ScoreCommand.self, SelectCommand.self,
      CommitCommand.self, GenerateCommand.self, TrainCommand.self, EvaluateCommand.self,
      CompareCommand.self, ComparePrecisionCommand.self, CompareCurvesCommand.self,
      InspectCommand.self, ProbeCommand.self, BenchCommand.self, ThemesCommand.self,
    ],
    defaultSubcommand: OpenCommand.self)

  static func main() async {
    // A reader that goes away (`miniplm ... | head`) must not kill a job.
    signal(SIGPIPE, SIG_IGN)
    // A limit on the size of files is an error of the write that meets it, and says what to do.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      ExitStatus.leave(0)
    } catch {
      leave(with: error)
    }
  }

  private static func leave(with error: any Error) -> Never {
    if let failure = error as? ExitStatus {
      if let text = failure.text { Output.error(text) }
      ExitStatus.leave(failure.code)
    }
    let code = exitCode(for: error)
    if code == .success || code.rawValue == 64 {
      let text = fullMessage(for: error)
      if code == .success { print(text) } else { Output.error(text) }
      ExitStatus.leave(code == .success ? 0 : 2)
    }
    Output.error("miniplm: \(error)")
    ExitStatus.leave(ExitStatus.code(of: error))
  }
}
