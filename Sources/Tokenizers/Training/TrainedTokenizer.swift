public import Store

/// A byte-level BPE vocabulary fresh from training, and its tokenizer.json.
public struct TrainedTokenizer: Sendable {
  /// Two tokens, by id, that are merged; the place in the list is the rank.
  struct Merge: Sendable, Equatable {
    let left: Int32
    let right: Int32
  }

  /// How text is cut into words.
  public let preTokenization: PreTokenization
  /// Tokens with the first ids.
  public let specialTokens: [String]
  /// Bytes of the tokens that follow the special ones, in the order of their ids.
  public let tokens: [[UInt8]]
  let merges: [Merge]

  /// Number of tokens, special ones included.
  public var vocabularySize: Int { specialTokens.count + tokens.count }

  /// The tokenizer that `write(toFolder:)` writes.
  public func tokenizer() throws(TokenizerError) -> Tokenizer {
    try Tokenizer(json: Array(json.utf8), endOfText: specialTokens.first)
  }

  /// Writes tokenizer.json and tokenizer_config.json, as transformers' `AutoTokenizer` reads them.
  ///
  /// The configuration goes first, so that a folder with a tokenizer.json is complete.
  public func write(toFolder folder: String) throws(StoreError) {
    try Folder.make(folder)
    try AtomicFile.write(text: configuration, to: folder + "/tokenizer_config.json")
    try AtomicFile.write(text: json, to: folder + "/tokenizer.json")
  }

  /// The content of tokenizer_config.json.
  var configuration: String {
    var lines = [#"  "tokenizer_class": "PreTrainedTokenizerFast""#]
    if let name = specialTokens.first.map(JSONFile.quoted) {
      lines.append("  \"eos_token\": \(name)")
      lines.append("  \"pad_token\": \(name)")
    }
    lines.append(#"  "clean_up_tokenization_spaces": false"#)
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }

  /// The content of tokenizer.json.
  public var json: String {
    let alphabet = ByteAlphabet.shared
    let texts = tokens.map { String(decoding: alphabet.text(of: $0), as: UTF8.self) }
    let entries = specialTokens.enumerated().map { "      \(JSONFile.quoted($1)): \($0)" }
    let learned = texts.enumerated().map {
      "      \(JSONFile.quoted($1)): \($0 + specialTokens.count)"
    }
    // One string a merge is the form that every version of the library reads.
    let pairs = merges.map { merge in
      let left = texts[Int(merge.left) - specialTokens.count]
      let right = texts[Int(merge.right) - specialTokens.count]
      return "      " + JSONFile.quoted("\(left) \(right)")
    }
    let added = specialTokens.enumerated().map { id, content in
      """
          {"id": \(id), "content": \(JSONFile.quoted(content)), "single_word": false, \
      "lstrip": false, "rstrip": false, "normalized": false, "special": true}
      """
    }
    return """
      {
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [
      \(added.joined(separator: ",\n"))
        ],
        "normalizer": \(preTokenization.normalizesToNFC ? #"{"type": "NFC"}"# : "null"),
        "pre_tokenizer": \(preTokenizerJSON),
        "post_processor": null,
        "decoder": \(Self.byteLevelJSON(cutsWords: true)),
        "model": {
          "type": "BPE",
          "dropout": null,
          "unk_token": null,
          "continuing_subword_prefix": null,
          "end_of_word_suffix": null,
          "fuse_unk": false,
          "byte_fallback": false,
          "ignore_merges": false,
          "vocab": {
      \((entries + learned).joined(separator: ",\n"))
          },
          "merges": [
      \(pairs.joined(separator: ",\n"))
          ]
        }
      }

      """
  }

  private var preTokenizerJSON: String {
    switch preTokenization {
    case .gpt2: Self.byteLevelJSON(cutsWords: true)
    case .qwen2:
      """
      {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": \
      \(JSONFile.quoted(CL100KMatcher.pattern(numbers: #"\p{N}"#)))}, "behavior": "Isolated", \
      "invert": false}, \(Self.byteLevelJSON(cutsWords: false))]}
      """
    }
  }

  private static func byteLevelJSON(cutsWords: Bool) -> String {
    """
    {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, \
    "use_regex": \(cutsWords)}
    """
  }

  /// `text` as a JSON string.
}
