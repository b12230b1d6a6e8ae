import ArgumentParser
import LanguageModels
import Numerics
import Pipeline

/// A model as a file of another program.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model as one GGUF file, which llama.cpp runs.",
    discussion: """
      Settings, tokenizer and weights in one file: matrices in the type that is asked for, everything \
      else in F32. Read back by this program a file of f32 gives the same logits (of a Mamba, up to the \
      rounding of an exponential). Tokenizers are byte-level BPE, or those of other GGUF files.
      """)

  @Argument(help: "Model folder or GGUF file.", transform: modelPlace())
  var model: String
  @Option(name: [.short, .long], help: "File to write, as model.gguf.")
  var output: String
  @Option(help: "Type of the matrices: f32, f16, bf16, or q8_0 (8 bits in blocks of 32).")
  var type = GGUFWeightType.f32
  @Option(
    help: "Folder, tokenizer.json or GGUF file of the tokenizer; by default the model's.",
    transform: modelPlace())
  var tokenizer: String?
  @Flag(help: "Write the weights without a tokenizer.")
  var noTokenizer = false
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if noTokenizer, tokenizer != nil {
      throw ValidationError("Give --tokenizer or --no-tokenizer, not both.")
    }
  }

  func run() throws {
    let run = CommandRun("export", common, whenStopped: .stopped("Stopped; nothing was written."))
    let result = try run.run { work in
      try ExportGGUF(
        ModelFolder(model), as: type,
        tokenizer: noTokenizer
          ? .leftOut : tokenizer.map { ExportGGUF.TokenizerChoice.folder($0) } ?? .models,
        compute: common.compute()
      ).run(to: output, work)
    }
    if common.json {
      return try Output.json(
        Summary(
          output: result.path, type: result.type, bytes: result.bytes, tensors: result.tensors,
          parameters: result.parameters, seconds: run.elapsed))
    }
    try Output.line(
      "\(Number.grouped(result.parameters)) parameters in \(result.tensors) tensors, "
        + "\(result.type), \(Number.bytes(result.bytes)), in \(result.path)")
  }

  private struct Summary: Encodable {
    var output: String
    var type: String
    var bytes: Int
    var tensors: Int
    var parameters: Int
    var seconds: Double
  }
}
