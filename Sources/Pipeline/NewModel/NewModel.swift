public import LanguageModels
import Numerics
public import Store
public import TensorKit
import Tokenizers
public import Training

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

  /// Where the shape comes from.
  public enum Shape {
    /// A config.json of Hugging Face.
    case file(String)
    /// A recipe, with keys of its config.json given otherwise.
    case preset(TrainingPreset, changes: [String: JSONValue] = [:])
  }

  private let shape: Shape
  private let tokenizerFolder: String?
  private let folder: String
  private let settings: Settings
  private let compute: Ops

  /// - Parameters:
  ///   - tokenizerFolder: whose files are copied along; nil: none.
  ///   - folder: where the model goes.
  public init(
    _ shape: Shape, tokenizerFolder: String? = nil, into folder: String,
    _ settings: Settings, compute: Ops
  ) {
    self.shape = shape
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
    let (configuration, keys) = try configuration(work)
    _ = try MemoryPlan.check(
      configuration: configuration, maximumTokens: 1, precision: .f32, purpose: .scoring,
      compute: compute, limitBytes: SystemMemory.available())
    let model = try LanguageModel.make(
      configuration,
      initialization: .seeded(RandomSource(seed: settings.seed), mamba: settings.mamba),
      compute: compute)
    try work.checkpoint()
    try model.save(to: folder, tokenizerFolder: tokenizerFolder, keys: keys)
    work.noteTokenizer(of: ModelFolder(folder))
    return configuration
  }

  /// The shape, and the keys that the model's config.json is to have as they were published.
  private func configuration(_ work: Work) throws -> (ModelConfiguration, [String: JSONValue]) {
    switch shape {
    case .file(let path): return (try ModelConfiguration(file: path), [:])
    case .preset(let preset, let changes):
      let sizes = try tokenizerFolder.map { try Self.sizes(ofTokenizer: $0) }
      if sizes == nil, preset.vocabularySize == nil, changes["vocab_size"] == nil {
        throw PipelineError.setting(
          name: "preset", found: "\(preset.name), whose vocabulary is that of its tokenizer",
          expected: "a tokenizer (--tokenizer DIR), or --set vocab_size=N")
      }
      let keys = preset.keys(tokenizer: sizes, changes: changes)
      let configuration = try ModelConfiguration(keys: keys)
      for line in PresetText(preset).shapeLines(keys, configuration) { work.note(line) }
      return (configuration, keys)
    }
  }

  private static func sizes(ofTokenizer place: String) throws -> TokenizerSizes {
    let tokenizer = try Tokenizer.load(from: place)
    guard let end = tokenizer.documentEnd(at: place) else {
      throw PipelineError.setting(
        name: "tokenizer", found: "\(place), in which nothing ends a document",
        expected: "one with a token that does, or the id: --set eos_token_id=N")
    }
    return TokenizerSizes(vocabularySize: tokenizer.vocabularySize, endOfText: Int(end.id))
  }
}
