import ArgumentParser
import LanguageModels
import Numerics
import Pipeline
import Store
import Training

/// A model with fresh weights.
struct NewModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new-model",
    abstract: "Write a model folder with initial weights for a config.json or a preset.")

  @Argument(help: "A config.json of Hugging Face (\(Family.list)).")
  var config: String?
  @Option(
    help: ArgumentHelp(
      "The shape of a recipe (\(TrainingPreset.list)): see models --presets.",
      valueName: "preset"), transform: presetName)
  var preset: TrainingPreset?
  @Option(
    help: ArgumentHelp(
      "A key of the preset's config.json with another value, as num_hidden_layers=6; may be given "
        + "again.", valueName: "key=value"))
  var set: [String] = []
  @Option(name: [.short, .long], help: "Folder to write to.")
  var output: String
  @Option(
    help: """
      Folder with the tokenizer files to copy along; small presets take their vocabulary from it.
      """,
    transform: modelPlace())
  var tokenizer: String?
  @Option(help: "Seed; equal seeds give equal weights. (default: 10)", transform: seedNumber())
  var seed: UInt64 = 10
  @Option(help: "Mamba's initial values: huggingFace or mambaSSM.")
  var mambaInit = MambaInitialization.huggingFace
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if (config == nil) == (preset == nil) {
      throw ValidationError("Give a config.json or a --preset.")
    }
    if preset == nil, !set.isEmpty { throw ValidationError("--set changes a --preset.") }
    _ = try changes()
  }

  private func changes() throws -> [String: JSONValue] {
    guard let preset else { return [:] }
    var changes: [String: JSONValue] = [:]
    for text in set {
      do {
        let change = try preset.change(text)
        changes[change.key] = change.value
      } catch {
        throw ValidationError("--set \(text): \(error)")
      }
    }
    return changes
  }

  private func shape() throws -> NewModel.Shape {
    if let preset { return .preset(preset, changes: try changes()) }
    return .file(config ?? "")
  }

  func run() throws {
    let configuration = try CommandRun(
      "new-model", common, whenStopped: .stoppedWithoutResult
    ).run {
      try NewModel(
        shape(), tokenizerFolder: tokenizer, into: output,
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
