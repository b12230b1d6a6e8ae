import LanguageModels
import Store
public import TensorKit
import Tokenizers

/// What `inspect` says of a model, for programs.
public struct ModelReport: Encodable, Sendable {
  /// An element type of the weights.
  public struct ElementShare: Encodable, Sendable {
    public let name: String
    public let bytes: Int
    /// Of the bytes of all weights.
    public let share: Double
  }

  /// What a job takes in a precision, at 4,096 tokens a batch.
  public struct Memory: Encodable, Sendable {
    public let purpose: String
    public let precision: Precision
    public let bytes: Int
  }

  /// The tokenizer that a model brings.
  public struct BroughtTokenizer: Encodable, Sendable {
    /// "tokenizer.json", or what a GGUF file calls its kind: gpt2, llama.
    public let kind: String
    /// What a GGUF file calls its pre-tokenizer.
    public var preTokenizer: String?
    /// Entries of the list in a GGUF file.
    public var tokens: Int?
  }

  /// gguf or safetensors; nil for a configuration alone.
  public let format: String?
  /// As the metadata of a GGUF file says it.
  public let name: String?
  public let architecture: String
  public let parameters: Int
  public let layers: Int
  public let hiddenSize: Int
  public let vocabularySize: Int
  public let maximumPositions: Int?
  public let tiedEmbeddings: Bool
  public let tensors: Int?
  public let bytes: Int?
  public let elementTypes: [ElementShare]
  public let tokenizer: BroughtTokenizer?
  public let memory: [Memory]
  /// Files that a complete model has and this one lacks.
  public let lacks: [String]
  public let notes: [String]

  /// The tokens of a batch that memory is planned for.
  static let batchTokens = 4096

  /// - Parameter folder: nil for a configuration alone.
  init(
    _ configuration: ModelConfiguration, _ examined: ModelExamination?, in folder: ModelFolder?,
    compute: Ops
  ) throws(StoreError) {
    let gguf: GGUFFile? =
      if let path = folder?.ggufFile { try GGUFFile(path: path) } else { nil }
    format = folder == nil ? nil : gguf == nil ? "safetensors" : "gguf"
    name = gguf?.text("general.name")
    architecture = configuration.modelType
    parameters = configuration.parameterCount
    layers = configuration.layerCount
    hiddenSize = configuration.hiddenSize
    vocabularySize = configuration.vocabularySize
    maximumPositions = configuration.maximumPositions
    tiedEmbeddings = configuration.tiesWordEmbeddings
    tensors = examined?.tensorCount
    bytes = examined?.byteCount
    let all = Double(max(1, examined?.byteCount ?? 1))
    elementTypes = (examined?.elementTypes ?? []).map {
      ElementShare(name: $0.name, bytes: $0.byteCount, share: Double($0.byteCount) / all)
    }
    tokenizer = folder.flatMap { Self.tokenizer(of: $0, gguf) }
    memory = Self.purposes.flatMap { name, precisions, purpose in
      precisions.map { precision in
        let plan = MemoryPlan(
          configuration: configuration, maximumTokens: Self.batchTokens, precision: precision,
          purpose: purpose, compute: compute)
        return Memory(purpose: name, precision: precision, bytes: plan.totalBytes)
      }
    }
    lacks = folder?.missing() ?? []
    notes = (examined?.warnings ?? []) + (folder.map(Self.tokenizerNotes) ?? [])
  }

  /// What a person should know of the tokenizer that a model brings.
  private static func tokenizerNotes(of folder: ModelFolder) -> [String] {
    if let warning = folder.tokenizerWarning() { return [warning] }
    guard let file = folder.tokenizerFile, file == folder.ggufFile else { return [] }
    do throws(TokenizerError) {
      _ = try Tokenizer.load(from: file)
      return []
    } catch {
      return ["its tokenizer is not read: \(error.message) \(error.hint)"]
    }
  }

  /// Jobs and the precisions that each has.
  private static let purposes: [(String, [Precision], WorkspacePurpose)] = [
    ("scoring", Precision.allCases, .scoring), ("training", [.f32, .bf16], .training),
    ("training with block checkpointing", [.f32, .bf16], .checkpointedTraining),
  ]

  private static func tokenizer(of folder: ModelFolder, _ gguf: GGUFFile?) -> BroughtTokenizer? {
    guard let file = folder.tokenizerFile else { return nil }
    guard let gguf, file == gguf.path else {
      return BroughtTokenizer(kind: ModelFolder.tokenizerName)
    }
    var count: Int?
    if case .texts(let tokens)? = gguf.metadata["tokenizer.ggml.tokens"] { count = tokens.count }
    return BroughtTokenizer(
      kind: gguf.text("tokenizer.ggml.model") ?? "unknown",
      preTokenizer: gguf.text("tokenizer.ggml.pre"), tokens: count)
  }
}

extension GGUFFile {
  fileprivate func text(_ key: String) -> String? {
    if case .text(let text)? = metadata[key] { text } else { nil }
  }
}
