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

  /// Whether there is a model here: its configuration. A folder that a crash left aside while it was
  /// replaced is put back first.
  public var isPresent: Bool {
    FolderReplacement.recover(path)
    return Folder.exists(configurationFile)
  }

  /// Whether weights lie here, with or without a configuration.
  public var hasWeights: Bool { Folder.isFolder(path) && Self.container(in: path) != nil }

  /// What config.json says, whatever the weights are.
  public func statedConfiguration() throws(ModelError) -> ModelConfiguration {
    try requireModel()
    return try ModelConfiguration(file: configurationFile)
  }

  /// Refuses, by name, what is no folder with a model.
  private func requireModel() throws(ModelError) {
    FolderReplacement.recover(path)
    let expected = "a folder that holds \(Self.configurationName) and the weights"
    if Folder.exists(path), !Folder.isFolder(path) {
      throw .unusable(
        path: path, found: FileNature(of: path)?.words ?? "a file", expected: expected,
        advice: "Give the folder of the model, not one of its files.")
    }
    if Folder.exists(path + "/" + AdapterFiles.configuration)
      || (!isPresent && AdapterFiles.weights.contains { Folder.exists(path + "/" + $0) })
    {
      throw .unusable(
        path: path, found: "an adapter (\(AdapterFiles.configuration)), not a whole model",
        expected: expected, advice: AdapterFiles.advice)
    }
    guard Folder.isFolder(path), !isPresent else { return }
    if Self.container(in: path) != nil {
      throw .unusable(
        path: path, found: "weights, but no \(Self.configurationName)", expected: expected,
        advice: "Copy the \(Self.configurationName) of the model beside its weights.")
    }
    let other = Self.otherWeights(in: path)
    throw .unusable(
      path: path,
      found: other.map { "\($0.words) and no \(Self.configurationName)" }
        ?? "no \(Self.configurationName)",
      expected: expected, advice: other?.advice ?? "Give the folder of a model, with both.")
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
    var names: [String] = []
    for container in Self.containers { names += try container.files(in: path) }
    return names + [Self.configurationName]
  }

  /// Reads the model. Everything is checked before memory is taken, as `examine` does: a folder whose
  /// tensors are not those of its configuration gives `ModelError.tensors` with every difference.
  public func load(
    precision: Precision = .f32, purpose: WorkspacePurpose = .training, compute: Compute
  ) throws -> any CausalLanguageModel {
    try compute.require(precision, for: purpose)
    let examined = try examine()
    let weights = FolderWeights(examined.weights, table: examined.table, ops: compute)
    let model = try StackedModel(
      examined.configuration, source: weights, precision: precision, purpose: purpose,
      compute: compute)
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
  func tensors() throws(ModelError) -> [any StoredTensor] {
    if let container = Self.container(in: path) { return try container.open(path) }
    guard let other = Self.otherWeights(in: path) else {
      throw .folder(path: path, found: "no weights", expected: Self.expectedWeights)
    }
    if let pickled = other.pickled {
      throw .needsConversion(
        path: path + "/" + pickled, command: PickledWeights.conversion(path))
    }
    throw .unusable(
      path: path, found: other.words, expected: Self.expectedWeights, advice: other.advice)
  }

  /// Weights in a form that is not read, if there are any.
  private static func otherWeights(
    in path: String
  ) -> (words: String, advice: String, pickled: String?)? {
    let names = (try? Folder.list(path)) ?? []
    if let name = names.first(where: { $0.hasSuffix(".gguf") }) {
      return ("a GGUF file (\(name))", GGUFAdvice.words, nil)
    }
    let isPickled = { (name: String) in
      [".bin", ".bin.index.json", ".pt", ".pth", ".ckpt"].contains { name.hasSuffix($0) }
        && !["training_args.bin", "optimizer.pt", "scheduler.pt"].contains(name)
    }
    if let name = names.first(where: { $0.hasPrefix("pytorch_model") && isPickled($0) })
      ?? names.first(where: isPickled)
    {
      return ("pickled weights (\(name))", "Convert: \(PickledWeights.conversion(path))", name)
    }
    if let name = names.first(where: { $0.hasSuffix(".safetensors") }) {
      return (
        "weights under another name (\(name))",
        "Name the file \(SafetensorsWeights.fileName), or restore the index that lists it.", nil
      )
    }
    for suffix in [".h5", ".msgpack", ".onnx", ".tflite"] {
      if let name = names.first(where: { $0.hasSuffix(suffix) }) {
        return (
          "weights of another library (\(name))", "Give the model's safetensors weights.", nil
        )
      }
    }
    return nil
  }
}

// The tokens that end a text.
extension ModelFolder {
  /// The token that separates documents: the first that the configuration names.
  ///
  /// - Throws: `ModelError.noEndOfText` when it names none.
  public func endOfText() throws(ModelError) -> Int32 {
    let configuration = try statedConfiguration()
    guard let id = configuration.specialTokens.end.first else {
      throw .noEndOfText(path: configurationFile)
    }
    // A token that never comes would mask nothing, and change every mean without a word.
    guard (0..<configuration.vocabularySize).contains(id) else {
      throw .configuration(
        key: "eos_token_id", found: "\(id)",
        expected: "an id below vocab_size (\(configuration.vocabularySize))",
        path: configurationFile)
    }
    return Int32(id)
  }

  /// Every token that ends a generated text: those of the configuration, and those of
  /// generation_config.json if there is one, as transformers generates.
  public func endsOfText() throws(ModelError) -> [Int32] {
    var ids = try statedConfiguration().specialTokens.end
    if Folder.exists(generationFile) {
      let fields = ConfigurationFields(values: try ModelFile.object(generationFile))
      do throws(ModelError) {
        for id in try fields.tokenIDs("eos_token_id") where !ids.contains(id) { ids.append(id) }
      } catch {
        throw error.located(at: generationFile)
      }
    }
    return ids.map { Int32($0) }
  }
}
