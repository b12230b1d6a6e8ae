import Store

/// What transformers' `AutoTokenizer` makes of the tokenizer in a model's folder.
///
/// It chooses a class by the model's type and by tokenizer_config.json. Some classes take only
/// vocabulary and merges of tokenizer.json and bring a normalizer and a pre-tokenizer of their own.
/// Source: transformers 5.24, models/auto/tokenization_auto.py and the classes named here.
public struct TransformersTokenizer: Sendable {
  /// Classes with stages of their own.
  private enum Rebuilding: String {
    case qwen2 = "Qwen2Tokenizer"
    case gptNeoX = "GPTNeoXTokenizer"
    case gpt2 = "GPT2Tokenizer"
    case llama = "LlamaTokenizer"

    /// Why the class cannot be made with these keys; nil where it can.
    func refusal(_ keys: TokenizerConfiguration) -> String? {
      switch (self, keys.prefixSpace) {
      case (_, .absent), (_, .flag), (.llama, _), (.qwen2, .null): return nil
      case (_, .null): return "null"
      case (_, .other(let found, _)): return found
      }
    }

    /// Those stages, as a tokenizer.json has them.
    func stages(_ keys: TokenizerConfiguration) -> String {
      func bytes(_ usesRegex: Bool) -> String {
        let prefix = keys.prefixSpace.isTrue ?? false
        return """
          {"type": "ByteLevel", "add_prefix_space": \(prefix), "use_regex": \(usesRegex)}
          """
      }
      let decoder = #""decoder": {"type": "ByteLevel"}"#
      let nfc = #""normalizer": {"type": "NFC"}"#
      switch self {
      case .qwen2:
        let pattern = JSONFile.quoted(CL100KMatcher.pattern(numbers: #"\p{N}"#))
        return """
          {\(nfc), "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Split", \
          "pattern": {"Regex": \(pattern)}, "behavior": "Isolated", "invert": false}, \
          \(bytes(false))]}, \(decoder)}
          """
      case .gptNeoX: return "{\(nfc), \"pre_tokenizer\": \(bytes(true)), \(decoder)}"
      case .gpt2: return "{\"pre_tokenizer\": \(bytes(true)), \(decoder)}"
      case .llama:
        let prefix = keys.prefixSpace.isTrue ?? true
        let scheme = !prefix ? "never" : keys.isLegacy.isTrue ?? false ? "always" : "first"
        let strip = prefix ? #", {"type": "Strip", "content": " ", "start": 1, "stop": 0}"# : ""
        return """
          {"pre_tokenizer": {"type": "Metaspace", "replacement": "\u{2581}", \
          "prepend_scheme": "\(scheme)", "split": false}, "decoder": {"type": "Sequence", \
          "decoders": [{"type": "Replace", "pattern": {"String": "\u{2581}"}, "content": " "}, \
          {"type": "ByteFallback"}, {"type": "Fuse"}\(strip)]}}
          """
      }
    }
  }

  /// The class that a type of model has where its files name none.
  private static let registered: [String: Rebuilding] = [
    "mamba": .gptNeoX, "mamba2": .gptNeoX, "falcon_mamba": .gptNeoX, "gpt_neox": .gptNeoX,
    "qwen2": .qwen2, "qwen2_moe": .qwen2, "qwen3": .qwen2, "qwen3_moe": .qwen2, "gpt2": .gpt2,
  ]
  /// Types whose files are not believed: they get the class that is registered, whatever is named.
  private static let forced: Set<String> = ["qwen2"]

  /// The class that is taken.
  public let className: String
  /// Whether another class could be named in tokenizer_config.json.
  public let isForced: Bool
  /// What that class makes of the files; nil where it fails at them.
  public let tokenizer: Tokenizer?
  /// What it is given for `add_prefix_space` and does not take; nil where it does.
  public let refusedPrefix: String?
  /// A text with other ids there than here; nil where none was found.
  public let example: TokenizerComparison.Difference?

  /// What becomes of the tokenizer in a folder; nil where tokenizer.json is taken as it stands, and
  /// where none is there.
  ///
  /// - Parameters:
  ///   - modelType: `model_type` of the model's configuration.
  ///   - namedClass: its `tokenizer_class`, which tokenizer_config.json goes before.
  ///   - loaded: the tokenizer of the folder, where it was read already.
  /// - Throws: `TokenizerError` for files that cannot be read.
  public init?(
    folder: String, modelType: String, namedClass: String? = nil, loaded: Tokenizer? = nil
  ) throws(TokenizerError) {
    guard let file = try Tokenizer.file(at: folder), !GGUFTokenizer.isGGUF(file) else { return nil }
    let own = if let loaded { loaded } else { try Tokenizer.load(from: file) }
    let keys = try TokenizerConfiguration(folder: Folder.parent(of: file))
    guard let kind = Self.kind(modelType, named: keys.className ?? namedClass, own) else {
      return nil
    }
    className = kind.rawValue
    isForced = Self.forced.contains(modelType)
    switch own.model {
    case .bytePairs, .characterPairs:
      refusedPrefix = kind.refusal(keys)
      tokenizer = refusedPrefix == nil ? try Self.rebuilt(file, kind.stages(keys), kind) : nil
      example = tokenizer.flatMap { Self.difference(own, $0) }
    // These classes make BPE models only, and fail at others.
    case .wordLevel, .wordPiece, .unigram: (tokenizer, refusedPrefix, example) = (nil, nil, nil)
    }
  }

  private static func kind(
    _ modelType: String, named: String?, _ tokenizer: Tokenizer
  ) -> Rebuilding? {
    let registered = registered[modelType]
    guard let named else { return registered }
    if forced.contains(modelType) { return registered }
    let name = named.hasSuffix("Fast") ? String(named.dropLast(4)) : named
    // Of byte-level files this class would make nonsense, so that they are taken as they stand.
    let isByteLevel =
      tokenizer.content.preTokenizer.contains("ByteLevel")
      || tokenizer.content.decoder.contains("ByteLevel")
    if name == Rebuilding.llama.rawValue, isByteLevel { return nil }
    return Rebuilding(rawValue: name)
  }

  private static func rebuilt(
    _ file: String, _ stages: String, _ kind: Rebuilding
  ) throws(TokenizerError) -> Tokenizer {
    let document: JSONDocument
    do throws(JSONDocument.Failure) {
      document = try JSONDocument(parsing: Array(stages.utf8))
    } catch {
      throw .malformedJSON(path: kind.rawValue, offset: error.offset, reason: error.reason)
    }
    return try Tokenizer.load(from: file, replacing: document)
  }

  private static func difference(
    _ own: Tokenizer, _ rebuilt: Tokenizer
  ) -> TokenizerComparison.Difference? {
    // Words that are whole tokens only where merges are ignored, which these classes never do.
    let whole = own.content.model.contains("ignore_merges") ? own.allTexts : []
    return TokenizerComparison.difference(own, rebuilt, extra: whole)
  }

  /// A sentence for a person whose folder is changed by it; nil where no text was found to change.
  public var warning: String? {
    if let refusedPrefix {
      return """
        transformers' AutoTokenizer takes \(className) for this folder, and fails: add_prefix_space \
        in tokenizer_config.json is \(refusedPrefix), where that class takes true or false
        """
    }
    guard let example else { return nil }
    func shown(_ ids: [Int32]) -> String { "\(ids.prefix(8).map(Int.init))" }
    let way =
      isForced
      ? "load it with PreTrainedTokenizerFast.from_pretrained"
      : "\"tokenizer_class\": \"PreTrainedTokenizerFast\" in tokenizer_config.json keeps it"
    return """
      transformers' AutoTokenizer takes \(className) for this folder, which replaces the normalizer \
      and the pre-tokenizer of tokenizer.json: \(String(reflecting: example.text)) is \
      \(shown(example.second)) there and \(shown(example.first)) here; \(way)
      """
  }
}

extension Tokenizer {
  /// What every token stands for, where it is text.
  var allTexts: [String] {
    (0..<Int32(vocabularySize))
      .compactMap { id in
        let bytes = bytes(of: id)
        guard !bytes.isEmpty, bytes.withUnsafeBufferPointer(UTF8Decoding.isValid) else {
          return nil
        }
        return String(decoding: bytes, as: UTF8.self)
      }
  }
}
