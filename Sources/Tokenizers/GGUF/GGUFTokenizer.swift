import Store

/// The tokenizer.json that the metadata of a GGUF file stand for, with the ids of the one that they
/// came from.
struct GGUFTokenizer {
  /// The content of a tokenizer.json. Equal metadata of the tokenizer give equal bytes, whatever else
  /// is in the file; it is what `Tokenizer.digest` is made of.
  let json: [UInt8]
  /// The string of the token that ends a text.
  let endOfText: String?
  let beginningOfText: String?

  /// Whether a file begins as GGUF files do.
  static func isGGUF(_ path: String) -> Bool {
    guard let file = try? PositionedFile(path: path) else { return false }
    var start = [UInt8](repeating: 0, count: GGUFFile.magic.count)
    let isRead = start.withUnsafeMutableBytes { (try? file.read(at: 0, into: $0)) != nil }
    return isRead && start == GGUFFile.magic
  }

  /// - Throws: `TokenizerError` for a file that cannot be read, and for a tokenizer that is not known
  ///   here.
  init(path: String) throws(TokenizerError) {
    let metadata: [String: GGUFValue]
    do throws(StoreError) {
      metadata = try GGUFFile(path: path).metadata
    } catch {
      throw .damagedGGUF(path: path, error)
    }
    do throws(TokenizerError) {
      try self.init(metadata)
    } catch {
      throw .inFile(path: path, error)
    }
  }

  init(_ metadata: [String: GGUFValue]) throws(TokenizerError) {
    let vocabulary = try GGUFVocabulary(metadata)
    endOfText = vocabulary.end.map { vocabulary.tokens[$0] }
    beginningOfText = vocabulary.beginning.map { vocabulary.tokens[$0] }
    json =
      switch vocabulary.model {
      case .gpt2: Self.byteLevel(vocabulary, try GGUFPreTokenizer.find(vocabulary))
      case .llama: Self.sentencePiece(vocabulary)
      }
  }

  private static func byteLevel(
    _ vocabulary: GGUFVocabulary, _ stages: GGUFPreTokenizer
  ) -> [UInt8] {
    var json = head(
      vocabulary, normalizer: stages.normalizer, preTokenizer: stages.preTokenizer,
      addsBeginning: vocabulary.addsBeginning ?? stages.addsBeginning,
      decoder: """
        {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}
        """)
    json += Array(model(unknown: nil, ignoresMerges: stages.ignoresMerges).utf8)
    append(tokensOf: vocabulary, to: &json)
    TokenizerJSON.append(lines: vocabulary.merges, to: &json) { merge, json in
      TokenizerJSON.append(quoted: merge, to: &json)
    }
    return json + Array("]\n  }\n}\n".utf8)
  }

  private static func sentencePiece(_ vocabulary: GGUFVocabulary) -> [UInt8] {
    let space = "\u{2581}"
    let prefix = vocabulary.addsSpace ? "{\"type\": \"Prepend\", \"prepend\": \"\(space)\"}, " : ""
    let strip =
      vocabulary.addsSpace
      ? #", {"type": "Strip", "content": " ", "start": 1, "stop": 0}"# : ""
    func replace(_ pattern: String, _ content: String) -> String {
      "{\"type\": \"Replace\", \"pattern\": {\"String\": \"\(pattern)\"}, "
        + "\"content\": \"\(content)\"}"
    }
    var json = head(
      vocabulary,
      normalizer: "{\"type\": \"Sequence\", \"normalizers\": [\(prefix)\(replace(" ", space))]}",
      preTokenizer: "null", addsBeginning: vocabulary.addsBeginning ?? true,
      decoder: """
        {"type": "Sequence", "decoders": [\(replace(space, " ")), {"type": "ByteFallback"}, \
        {"type": "Fuse"}\(strip)]}
        """)
    let unknown =
      vocabulary.unknown ?? vocabulary.kinds.firstIndex(of: .unknown)
    json += Array(
      model(unknown: unknown.map { vocabulary.tokens[$0] }, ignoresMerges: false, spellsBytes: true)
        .utf8)
    append(tokensOf: vocabulary, to: &json)
    TokenizerJSON.append(lines: GGUFMerges.pairs(vocabulary), to: &json) { pair, json in
      // Tokens may hold spaces: two strings instead of one.
      json.append(UInt8(ascii: "["))
      TokenizerJSON.append(quoted: vocabulary.tokens[Int(pair.left)], to: &json)
      json += Array(", ".utf8)
      TokenizerJSON.append(quoted: vocabulary.tokens[Int(pair.right)], to: &json)
      json.append(UInt8(ascii: "]"))
    }
    return json + Array("]\n  }\n}\n".utf8)
  }

  /// Everything before the model.
  private static func head(
    _ vocabulary: GGUFVocabulary, normalizer: String, preTokenizer: String, addsBeginning: Bool,
    decoder: String
  ) -> [UInt8] {
    var json = Array(
      """
      {
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [
      """
      .utf8)
    let added = vocabulary.tokens.indices.filter(vocabulary.isAdded)
    TokenizerJSON.append(lines: added, to: &json) { id, json in
      json += Array("{\"id\": \(id), \"content\": ".utf8)
      TokenizerJSON.append(quoted: vocabulary.tokens[id], to: &json)
      let flags =
        #", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "#
      json += Array("\(flags)\"special\": \(vocabulary.isSpecial(id))}".utf8)
    }
    json += Array(
      """
      ],
        "normalizer": \(normalizer),
        "pre_tokenizer": \(preTokenizer),
        "post_processor": \(template(vocabulary, addsBeginning: addsBeginning)),
        "decoder": \(decoder),

      """
      .utf8)
    return json
  }

  /// What goes around a text where special tokens are asked for.
  private static func template(_ vocabulary: GGUFVocabulary, addsBeginning: Bool) -> String {
    let beginning = addsBeginning ? vocabulary.beginning : nil
    let end = vocabulary.addsEnd ? vocabulary.end : nil
    if beginning == nil, end == nil { return "null" }
    func items(_ text: String, _ type: Int) -> String {
      func special(_ id: Int) -> String {
        "{\"SpecialToken\": {\"id\": \(TokenizerJSON.quoted(vocabulary.tokens[id])), "
          + "\"type_id\": \(type)}}"
      }
      let sequence = "{\"Sequence\": {\"id\": \"\(text)\", \"type_id\": \(type)}}"
      return ([beginning.map(special), sequence, end.map(special)].compactMap { $0 })
        .joined(separator: ", ")
    }
    let tokens = Set([beginning, end].compactMap { $0 }).sorted()
      .map { id in
        let text = TokenizerJSON.quoted(vocabulary.tokens[id])
        return "\(text): {\"id\": \(text), \"ids\": [\(id)], \"tokens\": [\(text)]}"
      }
    return """
      {"type": "TemplateProcessing", "single": [\(items("A", 0))], "pair": [\(items("A", 0)), \
      \(items("B", 1))], "special_tokens": {\(tokens.joined(separator: ", "))}}
      """
  }

  /// The model up to its vocabulary.
  private static func model(
    unknown: String?, ignoresMerges: Bool, spellsBytes: Bool = false
  ) -> String {
    """
      "model": {
        "type": "BPE",
        "dropout": null,
        "unk_token": \(unknown.map(TokenizerJSON.quoted) ?? "null"),
        "continuing_subword_prefix": null,
        "end_of_word_suffix": null,
        "fuse_unk": \(spellsBytes),
        "byte_fallback": \(spellsBytes),
        "ignore_merges": \(ignoresMerges),
        "vocab": {
    """
  }

  /// Appends the vocabulary, and the name of the merges behind it.
  private static func append(tokensOf vocabulary: GGUFVocabulary, to json: inout [UInt8]) {
    TokenizerJSON.append(lines: 0..<modelSize(vocabulary), to: &json) { id, json in
      TokenizerJSON.append(quoted: vocabulary.tokens[id], to: &json)
      json += Array(": \(id)".utf8)
    }
    json += Array("},\n    \"merges\": [".utf8)
  }

  /// How many tokens the model itself has. Added tokens behind all others are no part of it, as in the
  /// files of published models; they get the ids from its size on.
  private static func modelSize(_ vocabulary: GGUFVocabulary) -> Int {
    var count = vocabulary.tokens.count
    while count > 0, vocabulary.isAdded(count - 1) { count -= 1 }
    // Equal strings would move those ids.
    let isPlain = Set(vocabulary.tokens.map { Array($0.utf8) }).count == vocabulary.tokens.count
    return isPlain && count > 0 ? count : vocabulary.tokens.count
  }
}
