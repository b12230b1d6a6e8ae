import ArgumentParser
import Corpus
import LanguageModels
import Numerics
import Store
import TensorKit
import Tokenizers

/// What a file or folder holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a model folder, shard folder, commit, score table or tokenizer holds.")

  @Argument(help: "A file or folder.")
  var path: String
  @Option(help: "Print this chunk's ids, or its text with --tokenizer.")
  var chunk: Int?
  @Option(help: "tokenizer.json or its folder.")
  var tokenizer: String?
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    if path.hasSuffix(".safetensors") {
      try safetensors()
    } else if ModelFolder(path).isPresent {
      try model()
    } else if ShardLocation(path).holdsShards {
      try shards()
    } else if path.hasSuffix(".json") || Folder.exists("\(path)/\(ModelFolder.tokenizerName)") {
      let tokenizer = try Tokenizer.load(from: path)
      Output.line("tokenizer, \(Number.grouped(tokenizer.vocabularySize)) ids")
      Output.line("end of text \(tokenizer.endOfTextID.map(String.init) ?? "not named")")
      Output.line("sha256 \(tokenizer.digest)")
    } else {
      throw ExitStatus(
        code: 3,
        text: "\(path) is no model folder, shard folder, safetensors file or tokenizer.json.")
    }
  }

  private func safetensors() throws {
    let file = try SafetensorsFile(path: path)
    for (key, value) in file.metadata.sorted(by: { $0.key < $1.key }) {
      Output.line("\(key): \(value)")
    }
    for tensor in file.tensors {
      Output.line("\(tensor.name)  \(tensor.type.rawValue) \(tensor.shape)")
    }
  }

  private func model() throws {
    let configuration = try ModelFolder(path).configuration()
    Output.line(
      "\(configuration.modelType), \(Number.grouped(configuration.parameterCount)) parameters")
    Output.line(
      "layers \(configuration.layerCount), hidden size \(configuration.hiddenSize), vocabulary "
        + "\(Number.grouped(configuration.vocabularySize)), embeddings "
        + (configuration.tiesWordEmbeddings ? "tied" : "untied"))
    let compute = try threads.compute()
    func bytes(_ precision: Precision, _ purpose: WorkspacePurpose) -> String {
      let plan = MemoryPlan(
        configuration: configuration, maximumTokens: 4096, precision: precision, purpose: purpose,
        compute: compute)
      return "\(precision.rawValue) \(Number.bytes(plan.totalBytes))"
    }
    func line(_ what: String, _ precisions: [Precision], _ purpose: WorkspacePurpose) {
      Output.line("  \(what): " + precisions.map { bytes($0, purpose) }.joined(separator: ", "))
    }
    Output.line("memory at 4,096 tokens a batch on \(threads.count) threads:")
    line("scoring", Precision.allCases, .scoring)
    line("training", [.f32, .bf16], .training)
    line("training with block checkpointing", [.f32, .bf16], .checkpointedTraining)
    let lacking = Precision.allCases.filter { !$0.isSupported }.map(\.rawValue)
    if !lacking.isEmpty {
      Output.line("this processor has no \(lacking.joined(separator: " and no ")) products")
    }
  }

  private func shards() throws {
    let shards = try TokenShards(folder: path)
    if let chunk {
      let tokens = try shards.tokens(of: chunk)
      guard let tokenizer else { return try Output.json(tokens) }
      return Output.line(try Tokenizer.load(from: tokenizer).decode(tokens))
    }
    Output.line(
      "\(Number.grouped(shards.count)) chunks, \(Number.grouped(shards.tokenCount)) tokens, longest "
        + "\(shards.longestChunk), shards: \(shards.shardStarts.count - 1)")
    for (name, count) in zip(shards.sources, shards.chunkCounts()) {
      Output.line("\(name): \(Number.grouped(count)) chunks")
    }
  }
}
