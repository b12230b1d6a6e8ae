import Store

/// The files of a tokenizer as they go with a model that is written.
public enum TokenizerExport {
  /// Ids that the model's configuration names, and how many tokens it takes.
  public struct ModelTokens {
    public var beginning: Int?
    public var end: Int?
    public var padding: Int?
    public var longestText: Int?

    public init(
      beginning: Int? = nil, end: Int? = nil, padding: Int? = nil, longestText: Int? = nil
    ) {
      self.beginning = beginning
      self.end = end
      self.padding = padding
      self.longestText = longestText
    }
  }

  private static let fileName = "tokenizer.json"
  private static let configurationName = "tokenizer_config.json"
  /// What may lie beside a tokenizer.json.
  private static let otherNames = [
    configurationName, "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
  ]

  /// Writes the tokenizer that lies at `source` (a folder, a tokenizer.json or a GGUF file) into
  /// `folder`, in the form of Hugging Face: nothing where there is none.
  ///
  /// A tokenizer_config.json that is missing is made: without one, transformers takes another class
  /// for some kinds of model, and with it other ids.
  ///
  /// - Throws: `TokenizerError`, and `StoreError` where it cannot be written.
  public static func write(from source: String, to folder: String, for model: ModelTokens) throws {
    guard let file = try Tokenizer.file(at: source) else { return }
    let target = "\(folder)/\(fileName)"
    if GGUFTokenizer.isGGUF(file) {
      try AtomicFile.write(GGUFTokenizer(path: file).json, to: target)
    } else {
      try AtomicFile.write(TokenizerSource.content(file), to: target)
      for name in otherNames {
        if let content = try TokenizerSource.contentIfThere("\(Folder.parent(of: file))/\(name)") {
          try AtomicFile.write(content, to: "\(folder)/\(name)")
        }
      }
    }
    let configuration = "\(folder)/\(configurationName)"
    if Folder.exists(configuration) { return }
    try AtomicFile.write(text: Self.configuration(of: target, model), to: configuration)
  }

  /// The content of a tokenizer_config.json that changes no id of the tokenizer.json beside it.
  private static func configuration(of file: String, _ model: ModelTokens) -> String {
    // One that only others can read goes along all the same.
    let tokenizer = try? Tokenizer.load(from: file)
    /// A token that is not special already would become so by being named.
    func name(_ id: Int?) -> JSONValue {
      guard let id = id.flatMap(Int32.init(exactly:)), let tokenizer, tokenizer.isSpecial(id),
        let text = tokenizer.token(of: id)
      else { return .null }
      return .text(text)
    }
    var keys: [String: JSONValue] = [
      "tokenizer_class": .text("PreTrainedTokenizerFast"),
      "clean_up_tokenization_spaces": .flag(false),
      "bos_token": name(model.beginning), "eos_token": name(model.end),
      "pad_token": name(model.padding ?? model.end), "unk_token": .null,
    ]
    if let length = model.longestText { keys["model_max_length"] = .integer(length) }
    return JSONValue.object(keys).json() + "\n"
  }
}

extension Tokenizer {
  /// The file that `load(from:)` reads for a path: a tokenizer.json, or a GGUF file; nil where nothing
  /// lies there.
  ///
  /// - Throws: `TokenizerError` where a folder holds several, or only forms that are not read.
  public static func file(at path: String) throws(TokenizerError) -> String? {
    do throws(TokenizerError) {
      let file = try TokenizerSource.file(at: path)
      return Folder.exists(file) ? file : nil
    } catch {
      if case .file = error { return nil }
      throw error
    }
  }
}
