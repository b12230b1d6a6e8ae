import Store
public import Tokenizers

/// The tokenizer's files travel with a model folder.
enum TokenizerFiles {
  /// Writes the tokenizer of `source`, a folder, a tokenizer.json or a GGUF file, beside the model;
  /// nothing where there is none.
  static func write(
    from source: String, to target: String, for configuration: ModelConfiguration
  ) throws {
    let special = configuration.specialTokens
    var longest: Int?
    if case .integer(let length)? = configuration.json["max_position_embeddings"] {
      longest = length
    }
    try TokenizerExport.write(
      from: source, to: target,
      for: TokenizerExport.ModelTokens(
        beginning: special.beginning, end: special.end.first, padding: special.padding,
        longestText: longest))
  }
}

extension ModelFolder {
  /// What a person should know of this folder's tokenizer who loads it with transformers; nil where it
  /// gives the same ids there, or cannot be read.
  ///
  /// It reads the whole tokenizer, unless that is `loaded` already, and once more where a class of
  /// transformers makes another one of it.
  public func tokenizerWarning(loaded own: Tokenizer? = nil) -> String? {
    guard Folder.isFolder(path), let keys = try? ModelFile.object(configurationFile),
      case .text(let type)? = keys["model_type"]
    else { return nil }
    var named: String?
    if case .text(let name)? = keys["tokenizer_class"] { named = name }
    // What is wrong with a tokenizer is said where it is used.
    let loaded = try? TransformersTokenizer(
      folder: tokenizerFolder, modelType: type, namedClass: named, loaded: own)
    return loaded.flatMap { $0 }?.warning.map { "\(path): \($0)" }
  }
}
