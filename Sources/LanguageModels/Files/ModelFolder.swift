import Store
public import TensorKit

/// A folder that holds a model as transformers saves it: configuration, weights and, often, the
/// tokenizer. The one place that knows the names of its files.
public struct ModelFolder: Sendable, Hashable {
  /// Without a slash at the end.
  public let path: String

  public init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// The formats of weights that can be read, the preferred one first.
  static let containers: [any WeightContainer.Type] = [SafetensorsWeights.self]

  /// The name of the file with the configuration.
  public static let configurationName = "config.json"
  /// The name of the file with the tokenizer.
  public static let tokenizerName = "tokenizer.json"
  static let generationName = "generation_config.json"

  /// The folder's own name.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  public var configurationFile: String { path + "/" + Self.configurationName }
  var generationFile: String { path + "/" + Self.generationName }

  /// Where the tokenizer's files lie, if the model brings them.
  public var tokenizerFolder: String { path }

  /// Whether there is a model here: its configuration.
  public var isPresent: Bool { Folder.exists(configurationFile) }

  /// The shape of the model.
  public func configuration() throws(ModelError) -> ModelConfiguration {
    try ModelConfiguration(file: configurationFile)
  }

  /// What a complete model folder has and this one lacks, in words; empty when it is complete.
  ///
  /// A model without a tokenizer can still be scored and trained.
  public func missing() -> [String] {
    var missing: [String] = []
    if !isPresent { missing.append(Self.configurationName) }
    if let container = Self.container(in: path) {
      missing += container.missingFiles(in: path)
    } else {
      missing.append("weights (\(Self.expectedWeights))")
    }
    if !Folder.exists(path + "/" + Self.tokenizerName) { missing.append(Self.tokenizerName) }
    return missing
  }

  /// Names of the files whose bytes are the model: those of its weights in order, then the
  /// configuration. Their digests identify it.
  public func identityFiles() throws(ModelError) -> [String] {
    do throws(StoreError) {
      var names: [String] = []
      for container in Self.containers { names += try container.files(in: path) }
      return names + [Self.configurationName]
    } catch {
      throw .file(error)
    }
  }

  /// Reads the model. Everything is checked before memory is taken: a folder whose tensors are not
  /// those of its configuration gives `ModelError.tensors` with every difference.
  public func load(
    precision: Precision = .f32, purpose: WorkspacePurpose = .training, compute: Compute
  ) throws -> any CausalLanguageModel {
    let configuration = try configuration()
    let weights = try FolderWeights(
      StoredWeights(
        try weights(), folder: path, names: type(of: configuration.architecture).weightNames),
      table: ParameterTable(configuration), ops: compute)
    let model = try StackedModel(
      configuration, source: weights, precision: precision, purpose: purpose, compute: compute)
    try weights.finish()
    return model
  }

  private static var expectedWeights: String {
    containers.map { $0.expectedFiles }.joined(separator: ", or ")
  }

  private static func container(in folder: String) -> (any WeightContainer.Type)? {
    containers.first { $0.isPresent(in: folder) }
  }

  /// Every stored tensor.
  private func weights() throws(ModelError) -> [any StoredTensor] {
    if let container = Self.container(in: path) { return try container.open(path) }
    for name in ["pytorch_model.bin", "pytorch_model.bin.index.json"]
    where Folder.exists(path + "/" + name) {
      throw .needsConversion(
        path: path + "/" + name,
        command: "python3 -c \"from transformers import AutoModelForCausalLM as M; "
          + "M.from_pretrained('\(path)').save_pretrained('\(path)-safetensors')\"")
    }
    throw .folder(path: path, found: "no weights", expected: Self.expectedWeights)
  }
}

// The tokens that end a text.
extension ModelFolder {
  /// The token that separates documents: the first that the configuration names.
  ///
  /// - Throws: `ModelError.noEndOfText` when it names none.
  public func endOfText() throws(ModelError) -> Int32 {
    guard let id = try configuration().specialTokens.end.first else {
      throw .noEndOfText(path: configurationFile)
    }
    return Int32(clamping: id)
  }

  /// Every token that ends a generated text: those of the configuration, and those of
  /// generation_config.json if there is one, as transformers generates.
  public func endsOfText() throws(ModelError) -> [Int32] {
    var ids = try configuration().specialTokens.end
    if Folder.exists(generationFile) {
      let values: [String: JSONValue]
      do throws(StoreError) {
        values = try JSONValue.readObject(generationFile)
      } catch {
        throw .file(error)
      }
      for id in try ConfigurationFields(values: values).tokenIDs("eos_token_id")
      where !ids.contains(id) {
        ids.append(id)
      }
    }
    return ids.map { Int32(clamping: $0) }
  }
}
