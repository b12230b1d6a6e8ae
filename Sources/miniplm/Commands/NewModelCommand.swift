import ArgumentParser
import LanguageModels
import Numerics
import Pipeline

/// A model with fresh weights.
struct NewModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new-model",
    abstract: "Write a model folder with initial weights for a config.json.")

  @Argument(help: "A config.json of Hugging Face (\(Family.list)).")
  var config: String
  @Option(name: [.short, .long], help: "Folder to write to.")
  var output: String
  @Option(help: "Folder with the tokenizer files to copy along.", transform: modelPlace())
  var tokenizer: String?
  @Option(help: "Seed; equal seeds give equal weights. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @Option(help: "Mamba's initial values: huggingFace or mambaSSM.")
  var mambaInit = MambaInitialization.huggingFace
  @OptionGroup var common: CommonOptions

  func run() throws {
    let configuration = try CommandRun(
      "new-model", common, whenStopped: .stoppedWithoutResult
    ).run {
      try NewModel(
        configurationFile: config, tokenizerFolder: tokenizer, into: output,
        NewModel.Settings(seed: seed, mamba: mambaInit), compute: common.compute()
      ).run($0)
    }
    if common.json {
      return try Output.json(["parameters": "\(configuration.parameterCount)", "path": output])
    }
    try Output.line(
      "\(Number.grouped(configuration.parameterCount)) parameters written to \(output)")
  }
}
