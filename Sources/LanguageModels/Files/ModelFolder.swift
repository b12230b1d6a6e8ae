import Store
public import TensorKit

/// Where a model lies: a folder as transformers saves it, with configuration, weights and, often, the
/// tokenizer; or a GGUF file, which holds all three. The one place that knows the names of the files.
public struct ModelFolder: Sendable, Hashable {
  /// The folder or the GGUF file, without a slash at the end.
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

  /// The folder's own name, or that of the file without its ending.
  public var name: String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(GGUFParts.suffix) && name.count > GGUFParts.suffix.count
      ? String(name.dropLast(GGUFParts.suffix.count)) : name
  }

  public var configurationFile: String { path + "/" + Self.configurationName }
  var generationFile: String { path + "/" + Self.generationName }

  /// Where the tokenizer's files lie, if the model brings them: a folder, or the GGUF file.
  public var tokenizerFolder: String {
    Folder.exists(path + "/" + Self.tokenizerName) ? path : ggufFile ?? path
  }

  /// What holds the tokenizer, tokenizer.json or the GGUF file; nil for a model that brings none.
  public var tokenizerFile: String? {
    let file = path + "/" + Self.tokenizerName
    if Folder.exists(file) { return file }
    return ggufFile.flatMap { GGUFModel.hasTokenizer($0) ? $0 : nil }
  }

  /// Whether there is a model here: its configuration, or a GGUF file. A folder that a crash left
  /// aside while it was replaced is put back first.
  public var isPresent: Bool {
    FolderReplacement.recover(path)
    return Folder.exists(configurationFile) || ggufFile.map { Folder.exists($0) } ?? false
  }

  /// Whether weights lie here, with or without a configuration.
  public var hasWeights: Bool {
    Folder.isFolder(path) ? Self.container(in: path) != nil || ggufFile != nil : isPresent
  }

  /// What config.json or the metadata of a GGUF file says, whatever the weights are.
  public func statedConfiguration() throws(ModelError) -> ModelConfiguration {
    if let ggufFile { return try GGUFModel(ggufFile).configuration() }
    try requireModel()
    return try ModelConfiguration(file: configurationFile)
  }

  /// Refuses, by name, what is no folder with a model.
  private func requireModel() throws(ModelError) {
    FolderReplacement.recover(path)
    let expected = "a folder that holds \(Self.configurationName) and the weights"
    if Folder.exists(path), !Folder.isFolder(path) {
      throw .unusable(
        path: path, found: FileNature(of: path)?.words ?? "a file",
        expected: "\(expected), or a GGUF file",
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
    if let ggufFile {
      missing = GGUFParts.paths(ggufFile).filter { !Folder.exists($0) }
      return missing + (tokenizerFile == nil ? ["a tokenizer"] : [])
    }
    if !isPresent { missing.append(Self.configurationName) }
    if let container = Self.container(in: path) {
      missing += container.missingFiles(in: path)
    } else {
      missing.append("weights (\(Self.expectedWeights))")
    }
    if !Folder.exists(path + "/" + Self.tokenizerName) { missing.append(Self.tokenizerName) }
    return missing
  }

  /// Where `identityFiles` lie.
  public var identityFolder: String {
    ggufFile.map { Folder.parent(of: $0) } ?? path
  }

  /// Names of the files whose bytes are the model: those of its weights in order, then the
  /// configuration. Their digests identify it.
  public func identityFiles() throws(ModelError) -> [String] {
    if let ggufFile {
      return GGUFParts.paths(ggufFile).map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    }
    var names: [String] = []
    for container in Self.containers { names += try container.files(in: path) }
    return names + [Self.configurationName]
  }

  /// Reads the model. Everything is checked before memory is taken, as `examine` does: a folder whose
  /// tensors are not those of its configuration gives `ModelError.tensors` with every difference.
  ///
  /// - Throws: also what `progress` throws.
  public func load(
    precision: Precision = .f32, purpose: WorkspacePurpose = .training, compute: Compute,
    progress: LoadingProgress? = nil
  ) throws -> any CausalLanguageModel {
    try compute.require(precision, for: purpose)
    let examined = try examine()
    let weights = FolderWeights(
      examined.weights, table: examined.table, ops: compute, progress: progress)
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

  /// The GGUF file that holds the model: the path itself, whatever its name, or the only one of a
  /// folder without other weights (of a model in parts the first).
  public var ggufFile: String? {
    guard Folder.isFolder(path) else { return GGUFParts.isFile(path) ? path : nil }
    guard Self.container(in: path) == nil else { return nil }
    let names = Self.ggufNames(in: path)
    return names.count == 1 ? path + "/" + names[0] : nil
  }

  /// Names of the models in GGUF files of a folder.
  private static func ggufNames(in folder: String) -> [String] {
    ((try? Folder.list(folder)) ?? []).filter {
      $0.hasSuffix(GGUFParts.suffix) && !GGUFParts.isLaterPart($0) && !$0.contains("mmproj")
    }
  }

  /// What the model says of itself, and every stored tensor.
  func contents() throws(ModelError) -> (ModelConfiguration, [any StoredTensor]) {
    guard let ggufFile else { return (try statedConfiguration(), try tensors()) }
    let model = try GGUFModel(ggufFile)
    return (try model.configuration(), try model.tensors())
  }

  /// Every tensor that the weights of a folder have.
  private func tensors() throws(ModelError) -> [any StoredTensor] {
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
    let models = ggufNames(in: path)
    if models.count > 1 {
      return (
        "\(models.count) GGUF files (\(models.prefix(3).joined(separator: ", "))"
          + "\(models.count > 3 ? ", ..." : ""))",
        "Name the one that is meant: \(path)/\(models[0]).", nil
      )
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
      throw .noEndOfText(path: ggufFile ?? configurationFile)
    }
    // A token that never comes would mask nothing, and change every mean without a word.
    guard (0..<configuration.vocabularySize).contains(id) else {
      throw .configuration(
        key: "eos_token_id", found: "\(id)",
        expected: "an id below vocab_size (\(configuration.vocabularySize))",
        path: ggufFile ?? configurationFile)
    }
    return Int32(id)
  }

  /// Every token that ends a generated text: those of the configuration, and those of
  /// generation_config.json if there is one, as transformers generates.
  public func endsOfText() throws(ModelError) -> [Int32] {
    var ids = try statedConfiguration().specialTokens.end
    if let ggufFile {
      for id in try GGUFModel(ggufFile).endsOfText where !ids.contains(id) { ids.append(id) }
    } else if Folder.exists(generationFile) {
      let fields = ConfigurationFields(values: try ModelFile.object(generationFile))
      do throws(ModelError) {
        for id in try fields.tokenIDs("eos_token_id") where !ids.contains(id) { ids.append(id) }
      } catch {
        throw error.located(at: generationFile)
      }
    }
    return ids.map { Int32($0) }
  }

  /// The ids that end a text by config.json and generation_config.json, or by the metadata of a GGUF
  /// file, in order, and what names each. A file that cannot be read names none.
  public func statedEnds() -> [(id: Int32, file: String)] {
    if let ggufFile {
      let ids = (try? GGUFModel(ggufFile))?.endsOfText ?? []
      let name = ggufFile.split(separator: "/").last.map(String.init) ?? ggufFile
      return ids.map { (Int32(clamping: $0), "the metadata of \(name)") }
    }
    return [(configurationFile, Self.configurationName), (generationFile, Self.generationName)]
      .flatMap { path, name -> [(id: Int32, file: String)] in
        guard Folder.exists(path), let values = try? ModelFile.object(path) else { return [] }
        let ids = (try? ConfigurationFields(values: values).tokenIDs("eos_token_id")) ?? []
        return ids.map { (Int32(clamping: $0), name) }
      }
  }
}
