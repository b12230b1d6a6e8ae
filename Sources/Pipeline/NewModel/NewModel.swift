public import LanguageModels
import Numerics
import Store
public import TensorKit
import Tokenizers

/// Writes a model folder with fresh weights.
public struct NewModel {
  public struct Settings: Sendable {
    /// Equal seeds give equal weights.
    public var seed: UInt64
    public var mamba: MambaInitialization

    public init(seed: UInt64, mamba: MambaInitialization = .huggingFace) {
      self.seed = seed
      self.mamba = mamba
    }
  }

  private let configurationFile: String
  private let tokenizerFolder: String?
  private let folder: String
  private let settings: Settings
  private let compute: Ops

  /// - Parameters:
  ///   - configurationFile: a config.json of Hugging Face.
  ///   - tokenizerFolder: whose files are copied along; nil: none.
  ///   - folder: where the model goes.
  public init(
    configurationFile: String, tokenizerFolder: String? = nil, into folder: String,
    _ settings: Settings, compute: Ops
  ) {
    self.configurationFile = configurationFile
    self.tokenizerFolder = tokenizerFolder
    self.folder = folder
    self.settings = settings
    self.compute = compute
  }

  /// Makes the model; its shape.
  ///
  /// - Throws: `StoreError.occupied` when the folder holds anything, `ModelError` also for weights
  ///   that do not fit into memory; `WorkStopped`, which leaves nothing.
  public func run(_ work: Work) throws -> ModelConfiguration {
    if let tokenizerFolder {
      guard try Tokenizer.file(at: tokenizerFolder) != nil else {
        throw ModelError.folder(
          path: tokenizerFolder, found: "no \(ModelFolder.tokenizerName)",
          expected: "a folder with the tokenizer's files, or a GGUF file (--tokenizer)")
      }
    }
    let output = try OutputPath(folder: folder, isPublished: true)
    try output.requireFree()
    return try work.holding([.output(output.path)]) { try make(in: output.path, work) }
  }

  private func make(in folder: String, _ work: Work) throws -> ModelConfiguration {
    let configuration = try ModelConfiguration(file: configurationFile)
    _ = try MemoryPlan.check(
      configuration: configuration, maximumTokens: 1, precision: .f32, purpose: .scoring,
      compute: compute, limitBytes: SystemMemory.available())
    let model = try LanguageModel.make(
      configuration,
      initialization: .seeded(RandomSource(seed: settings.seed), mamba: settings.mamba),
      compute: compute)
    try work.checkpoint()
    try model.save(to: folder, tokenizerFolder: tokenizerFolder)
    work.noteTokenizer(of: ModelFolder(folder))
    return configuration
  }
}
