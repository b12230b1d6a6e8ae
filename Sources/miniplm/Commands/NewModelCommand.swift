import ArgumentParser
import Engine
import LanguageModels
import Numerics
import Store

/// A model with fresh weights.
struct NewModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new-model",
    abstract: "Write a model folder with initial weights for a config.json.")

  @Argument(help: "A config.json of Hugging Face (\(Family.list)).")
  var config: String
  @Option(name: [.short, .long], help: "Folder to write to.")
  var output: String
  @Option(help: "Folder with the tokenizer files to copy along.")
  var tokenizer: String?
  @Option(help: "Seed; equal seeds give equal weights.")
  var seed: UInt64 = 10
  @Option(help: "Mamba's initial values: huggingFace or mambaSSM.")
  var mambaInit = MambaInitialization.huggingFace
  @OptionGroup var common: CommonOptions

  func run() throws {
    if Folder.exists(output) {
      throw ExitStatus(code: 2, text: "\(output) exists already; choose another folder.")
    }
    let configuration = try ModelConfiguration(file: config)
    let model = try LanguageModel.make(
      configuration, initialization: .seeded(RandomSource(seed: seed), mamba: mambaInit),
      compute: common.compute())
    try model.save(to: output, tokenizerFolder: tokenizer)
    if common.json {
      return try Output.json(["parameters": "\(configuration.parameterCount)", "path": output])
    }
    Output.line("\(Number.grouped(configuration.parameterCount)) parameters written to \(output)")
  }
}
