import LanguageModels
import Numerics
import Store
import TensorKit

/// A model as transformers saves it, a checkpoint of a run included, or in a GGUF file.
enum InspectedModel: InspectedKind {
  static let words = "a model folder or GGUF file"

  static func matches(_ path: String) -> Bool {
    let model = ModelFolder(folder(of: path))
    if let gguf = model.ggufFile, let file = try? GGUFFile(path: gguf, readsTextLists: false),
      file.tensors.isEmpty, model.tokenizerFile == gguf
    {
      // A vocabulary alone is a tokenizer.
      return false
    }
    return model.isPresent || model.hasWeights
  }

  /// The folder, or that of its configuration.
  private static func folder(of path: String) -> String {
    isConfiguration(path) ? Folder.parent(of: path) : path
  }

  private static func isConfiguration(_ path: String) -> Bool {
    Inspect.name(path) == ModelFolder.configurationName
  }

  /// A model is looked at as it would be loaded, and what cannot be loaded is an error; a
  /// configuration that is named itself is planned with, whether it has weights or not.
  static func model(_ inspection: Inspect) throws -> ModelReport? {
    let folder = ModelFolder(folder(of: inspection.path))
    if isConfiguration(inspection.path) {
      return try ModelReport(
        try folder.statedConfiguration(), nil, in: nil, compute: inspection.compute)
    }
    let examined = try folder.examine()
    return try ModelReport(
      examined.configuration, examined, in: folder, compute: inspection.compute)
  }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    guard let model = try model(inspection) else { return [] }
    var lines = [
      "\(model.architecture), \(Number.grouped(model.parameters)) parameters",
      "layers \(model.layers), hidden size \(model.hiddenSize), vocabulary "
        + "\(Number.grouped(model.vocabularySize)), embeddings "
        + (model.tiedEmbeddings ? "tied" : "untied"),
      "memory at 4,096 tokens a batch on \(inspection.compute.pool.threads) threads:",
    ]
    var purposes: [String] = []
    for memory in model.memory where !purposes.contains(memory.purpose) {
      purposes.append(memory.purpose)
    }
    lines += purposes.map { purpose in
      "  \(purpose): "
        + model.memory.filter { $0.purpose == purpose }
        .map { "\($0.precision.rawValue) \(Number.bytes($0.bytes))" }.joined(separator: ", ")
    }
    if !inspection.compute.capability.multipliesBF16 {
      lines.append("this processor cannot train in bf16 (it has no \(Precision.bf16.instructions))")
    }
    if let tensors = model.tensors, let bytes = model.bytes {
      lines.append(
        "weights: \(Number.grouped(tensors)) tensors, \(Number.bytes(bytes)), " + types(model))
    }
    if model.format == "gguf" { lines.append("GGUF" + (model.name.map { ", \($0)" } ?? "")) }
    if let tokenizer = model.tokenizer, let count = tokenizer.tokens {
      lines.append(
        "tokenizer \(tokenizer.kind)\(tokenizer.preTokenizer.map { " (\($0))" } ?? ""), "
          + "\(Number.grouped(count)) tokens")
    }
    return lines + (model.lacks.isEmpty ? [] : ["lacks \(model.lacks.joined(separator: ", "))"])
      + model.notes.map { "note: \($0)" }
  }

  /// Element types; where several share the weights of a GGUF file, with their parts of the bytes.
  private static func types(_ model: ModelReport) -> String {
    guard model.format == "gguf" else {
      return model.elementTypes.map(\.name).joined(separator: ", ")
    }
    return model.elementTypes.map { "\($0.name) \(Number.fixed(100 * $0.share, 1)) %" }
      .joined(separator: ", ")
  }
}
