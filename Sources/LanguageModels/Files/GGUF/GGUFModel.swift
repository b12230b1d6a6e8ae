import Store

/// A model in a GGUF file: what its metadata says as a configuration, and its tensors under the names
/// of transformers.
struct GGUFModel {
  /// The file, or the first of several parts.
  let path: String
  let family: Family
  private let parts: [GGUFFile]
  private let configurationKeys: GGUFConfiguration

  /// Checks what the file is.
  ///
  /// - Throws: `ModelError` for what is damaged, no model, or none of a known family.
  init(_ path: String) throws(ModelError) {
    self.path = path
    parts = try GGUFParts.open(path)
    let metadata = parts[0].metadata
    try Self.requireModel(metadata, hasTensors: parts.contains { !$0.tensors.isEmpty }, path)
    family = try Self.family(metadata, path)
    configurationKeys = try GGUFConfiguration(metadata, parts, family: family, path: path)
  }

  /// What the metadata says.
  func configuration() throws(ModelError) -> ModelConfiguration {
    do throws(ModelError) {
      return try ModelConfiguration(ConfigurationFields(values: configurationKeys.values))
    } catch {
      throw configurationKeys.translated(error)
    }
  }

  /// Every tensor, under its name in transformers where it has one.
  func tensors() throws(ModelError) -> [any StoredTensor] {
    let shape = try configuration().architecture.shape
    let names = GGUFNames(family)
    var tensors: [any StoredTensor] = []
    for file in parts {
      for info in file.tensors where !configurationKeys.readTensors.contains(info.name) {
        tensors.append(GGUFTensor(file: file, info: info, names.place(of: info, shape)))
      }
    }
    return tensors
  }

  /// Every token that ends a generated text: that of a turn is another one in models that chat.
  var endsOfText: [Int] {
    ["eos", "eot", "eom"].compactMap { (kind) -> Int? in
      guard case .integer(let id)? = parts[0].metadata["tokenizer.ggml.\(kind)_token_id"] else {
        return nil
      }
      return id
    }
  }

  /// Whether a GGUF file brings a tokenizer.
  static func hasTokenizer(_ path: String) -> Bool {
    guard let file = try? GGUFFile(path: path, readsTextLists: false),
      case .text(let kind)? = file.metadata["tokenizer.ggml.model"]
    else { return false }
    return kind != "none" && kind != "no_vocab"
  }

  /// Refuses, by name, files that hold something else than a whole model.
  private static func requireModel(
    _ metadata: [String: GGUFValue], hasTensors: Bool, _ path: String
  ) throws(ModelError) {
    func refuse(_ found: String, _ advice: String) -> ModelError {
      .unusable(path: path, found: found, expected: "a whole language model", advice: advice)
    }
    let architecture = metadata["general.architecture"]
    var kind = "model"
    if case .text(let text)? = metadata["general.type"] { kind = text }
    switch kind {
    case "model": break
    case "adapter":
      throw refuse(
        "an adapter (LoRA), not a whole model",
        "Merge the adapter into its model (llama-export-lora), and give the result.")
    case "mmproj", "clip":
      throw refuse(
        "the projector of images or sound (mmproj), not a language model",
        "Give the file of the language model, which lies beside it.")
    case "vocab":
      throw refuse("a vocabulary alone", "Give the file with the model's weights.")
    default:
      throw refuse(
        "a file of general.type \"\(kind.prefix(40))\"", "Give the file with the model's weights.")
    }
    if architecture == .text("clip") {
      throw refuse(
        "the projector of images or sound (mmproj), not a language model",
        "Give the file of the language model, which lies beside it.")
    }
    guard hasTensors else {
      throw refuse(
        metadata["tokenizer.ggml.model"] != nil
          ? "a vocabulary alone, without weights" : "no tensors",
        "Give the file with the model's weights.")
    }
  }

  private static func family(
    _ metadata: [String: GGUFValue], _ path: String
  ) throws(ModelError) -> Family {
    let key = "general.architecture"
    // Files of Mistral models call themselves llama.
    if case .text(let text)? = metadata[key], let family = Family(rawValue: text),
      family != .mistral
    {
      return family
    }
    throw .unusable(
      path: path, found: "\(key) \(metadata[key]?.shown ?? "missing")",
      expected: "one of \(Family.list)",
      advice: "Use a model of a family that is known: "
        + Family.allCases.map(\.name).joined(separator: ", ") + ".")
  }
}
