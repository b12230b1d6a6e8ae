import ArgumentParser
import Engine
import Foundation
import Hub

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
      command goes on), 130 after a second Ctrl-C, 141 where the reader of the output has gone. A \
      first INT, TERM, HUP, USR1, USR2 or XCPU saves and stops; until that is done only a second \
      Ctrl-C, two seconds later, leaves at once.
      """,
    version: Program.version,
    subcommands: [
      OpenCommand.self, AttachCommand.self, DemoCommand.self, InitCommand.self, RunCommand.self,
      EngineProcessCommand.self, TokenizerCommand.self,
      PackCommand.self, ConvertCommand.self, ExportCommand.self, SplitCommand.self,
      CorpusCommand.self,
      NewModelCommand.self, PullCommand.self, ModelsCommand.self, CheckCommand.self,
      ScoreCommand.self, SelectCommand.self,
      QualityCommand.self, DriversCommand.self, CommitCommand.self, GenerateCommand.self,
      CacheLogitsCommand.self,
      TrainCommand.self, BatchCommand.self, ForkCommand.self,
      EvaluateCommand.self,
      CompareCommand.self, ComparePrecisionCommand.self, CompareCurvesCommand.self,
      ReportCommand.self,
      FitCommand.self,
      InspectCommand.self, ProbeCommand.self, BenchCommand.self, ThemesCommand.self,
      ConfigCommand.self, HelpTopicsCommand.self,
      ManualCommand.self,
    ],
    defaultSubcommand: OpenCommand.self)

  static func main() async {
    do {
      // Signals wait until it is known what they would end.
      if try !looksOnly() { Interruption.shared.prepare() }
      Interruption.shared.listen()
      var command = try parseAsRoot()
      HubNames.note()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      try Output.close()
      ExitStatus.leave(0)
    } catch {
      Interruption.shared.listen()
      leave(with: error)
    }
  }

  /// Whether the command has nothing that a signal could spoil. Asked of a value of its own, for the
  /// one that runs is sent away.
  private static func looksOnly() throws -> Bool { try parseAsRoot() is any LooksOnly }

  private static func leave(with error: any Error) -> Never {
    if let failure = error as? ExitStatus {
      if let text = failure.text { Output.error(text) }
      ExitStatus.leave(failure.code)
    }
    let kind = exitCode(for: error)
    if kind == .success {
      do {
        try Output.text(fullMessage(for: error) + "\n")
        try Output.close()
      } catch {
        leave(with: error)
      }
      ExitStatus.leave(0)
    }
    if kind.rawValue == 64 {
      Output.errorLines(fullMessage(for: error))
      ExitStatus.leave(2)
    }
    Output.error("miniplm: \(OptionNames.sentence(error) ?? "\(error)")")
    let code = ExitStatus.code(of: error)
    if code == 3, !(error is HubError) { HubNames.advice.forEach(Output.error) }
    ExitStatus.leave(code)
  }
}
