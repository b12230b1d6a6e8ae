public import Store

/// A tokenizer as the metadata of a GGUF file, such that llama.cpp gives its ids: byte-level BPE, and
/// whatever another GGUF file holds.
public struct GGUFVocabularyExport: Sendable {
  /// Entries under `tokenizer.`.
  public private(set) var entries: [GGUFWriter.Entry] = []
  /// What a person should know, a sentence each.
  public private(set) var remarks: [String] = []

  /// - Parameters:
  ///   - path: a folder, a tokenizer.json or a GGUF file.
  ///   - rows: of the embeddings; ids beyond the tokenizer's get tokens that fill up.
  ///   - beginning: the model's beginning-of-text token.
  ///   - ends: tokens that end a text: the first that of documents, the others those of turns.
  /// - Throws: `TokenizerError` for a kind that has no such metadata, or a tokenizer with more ids than
  ///   the embeddings have rows.
  public init(
    path: String, rows: Int, beginning: Int?, ends: [Int]
  ) throws(TokenizerError) {
    guard let file = try Tokenizer.file(at: path) else {
      leaveOut()
      return
    }
    do throws(TokenizerError) {
      if GGUFTokenizer.isGGUF(file) {
        try copy(file, rows: rows)
      } else {
        try make(file, rows: rows, beginning: beginning, ends: ends)
      }
    } catch {
      throw .inFile(path: file, error)
    }
  }

  /// The entries of a GGUF file as they stand.
  private mutating func copy(_ path: String, rows: Int) throws(TokenizerError) {
    let metadata: [String: GGUFValue]
    do throws(StoreError) {
      metadata = try GGUFFile(path: path).metadata
    } catch {
      throw .damagedGGUF(path: path, error)
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key })
    where key.hasPrefix("tokenizer.") {
      if key == GGUFFields.prefix + "tokens", case .texts(let tokens) = value,
        tokens.count != rows
      {
        throw Self.refusal(
          key, "\(tokens.count) tokens", "\(rows), the rows of the model's embeddings",
          advice: "Take the tokenizer of this very model.")
      }
      if let plain = Self.plain(value) { entries.append(.init(key, plain)) }
    }
    if entries.isEmpty { leaveOut() }
  }

  private mutating func leaveOut() {
    entries = [GGUFWriter.Entry("tokenizer.ggml.model", .text("none"))]
    remarks = ["there is no tokenizer beside the model, and none in the file"]
  }

  private static func plain(_ value: GGUFValue) -> GGUFWriter.Value? {
    switch value {
    case .text(let text): .text(text)
    case .integer(let number): .uint32(UInt32(truncatingIfNeeded: number))
    case .number(let number): .float32(Float(number))
    case .flag(let flag): .flag(flag)
    case .texts(let texts): .texts(texts)
    case .integers(let numbers): .int32s(numbers.map { Int32(truncatingIfNeeded: $0) })
    case .numbers(let numbers): .float32s(numbers.map { Float($0) })
    case .flags: nil
    }
  }

  private mutating func make(
    _ file: String, rows: Int, beginning: Int?, ends: [Int]
  ) throws(TokenizerError) {
    let tokenizer = try Tokenizer.load(from: file)
    guard case .bytePairs = tokenizer.model else {
      throw Self.refusal(
        "model", tokenizer.modelTitle, "byte-level BPE",
        advice:
          "Export without it (--no-tokenizer), or take the GGUF file of a model that has it as "
          + "the tokenizer.")
    }
    guard tokenizer.vocabularySize <= rows else {
      throw Self.refusal(
        "model.vocab", "\(tokenizer.vocabularySize) ids",
        "at most \(rows), the rows of the model's embeddings",
        advice: "Take the tokenizer of this very model.")
    }
    let (pre, remark) = try GGUFPreTokenizer.name(of: tokenizer)
    if let remark { remarks.append(remark) }
    func add(_ name: String, _ value: GGUFWriter.Value) {
      entries.append(.init(GGUFFields.prefix + name, value))
    }
    let tokens = try Self.tokens(tokenizer, rows: rows)
    add("model", .text("gpt2"))
    add("pre", .text(pre))
    add("tokens", .texts(tokens.map(\.text)))
    add("token_type", .int32s(tokens.map { Int32($0.kind.rawValue) }))
    add("merges", .texts(try Self.merges(file)))
    let around = try Self.around(tokenizer, &remarks)
    if let id = around.beginning ?? beginning, (0..<rows).contains(id) {
      add("bos_token_id", .uint32(UInt32(id)))
    }
    for (name, id) in zip(["eos", "eot", "eom"], ends) where (0..<rows).contains(id) {
      add("\(name)_token_id", .uint32(UInt32(id)))
    }
    add("add_bos_token", .flag(around.beginning != nil))
    add("add_eos_token", .flag(around.end != nil && around.end == ends.first))
    if let template = Self.chatTemplate(beside: file) {
      entries.append(.init("tokenizer.chat_template", .text(template)))
    }
  }

  static func refusal(
    _ field: String, _ found: String, _ expected: String, advice: String
  ) -> TokenizerError {
    .unusable(field: field, found: found, expected: expected, advice: advice)
  }
}

// The parts.
extension GGUFVocabularyExport {
  /// Every row's string and kind. llama.cpp wants every string once.
  private static func tokens(
    _ tokenizer: Tokenizer, rows: Int
  ) throws(TokenizerError) -> [(text: String, kind: GGUFVocabulary.Kind)] {
    let added = Dictionary(
      tokenizer.added.tokens.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var seen: [String: Int] = [:]
    var tokens: [(text: String, kind: GGUFVocabulary.Kind)] = []
    tokens.reserveCapacity(rows)
    for row in 0..<rows {
      let id = Int32(row)
      let text = tokenizer.token(of: id)
      let kind: GGUFVocabulary.Kind =
        if text == nil {
          .unused
        } else if let token = added[id] {
          token.isSpecial ? .control : .userDefined
        } else {
          .normal
        }
      let name = text ?? "[PAD\(row)]"
      if let other = seen.updateValue(row, forKey: name) {
        throw refusal(
          "model.vocab", "token \(row) with the string of token \(other)",
          "every string once, as llama.cpp needs",
          advice: "Export without the tokenizer (--no-tokenizer).")
      }
      tokens.append((name, kind))
    }
    return tokens
  }

  /// "left right", as the file has them.
  private static func merges(_ file: String) throws(TokenizerError) -> [String] {
    let document = try TokenizerSource.document(try TokenizerSource.content(file), at: file)
    let model = try JSONFields(document.root, of: document, at: "").object("model")
    var merges: [String] = []
    for element in try model.requiredArray("merges") {
      switch element {
      case .string(let range):
        let text = document.string(range)
        if !text.hasPrefix("#version") { merges.append(text) }
      case .array(let list):
        guard let pair = document.pair(of: list), case .string(let left) = pair.first,
          case .string(let right) = pair.second
        else { continue }
        merges.append("\(document.string(left)) \(document.string(right))")
      default: continue
      }
    }
    return merges
  }

  /// The tokens that go around a text, as far as the metadata can say it.
  private static func around(
    _ tokenizer: Tokenizer, _ remarks: inout [String]
  ) throws(TokenizerError) -> (beginning: Int?, end: Int?) {
    let items = tokenizer.template.items
    let text = items.firstIndex(of: .text) ?? 0
    func tokens(_ items: some Sequence<SpecialTokenTemplate.Item>) -> [Int] {
      items.compactMap { if case .token(let id) = $0 { Int(id) } else { nil } }
    }
    let (before, after) = (tokens(items.prefix(text)), tokens(items.dropFirst(text)))
    if before.count > 1 || after.count > 1 {
      remarks.append(
        "the tokenizer puts \(before.count + after.count) special tokens around a text, of which "
          + "such a file can say the innermost only")
    }
    return (before.last, after.first)
  }

  /// What tokenizer_config.json, or a file of its own, has for conversations.
  private static func chatTemplate(beside file: String) -> String? {
    let folder = Folder.parent(of: file)
    if let data = try? FileContents.readIfPresent("\(folder)/chat_template.jinja") {
      return String(decoding: data, as: UTF8.self)
    }
    guard let data = try? FileContents.readIfPresent("\(folder)/tokenizer_config.json"),
      case .object(let keys)? = try? JSONValue(python: Array(data)),
      case .text(let template)? = keys["chat_template"]
    else { return nil }
    return template
  }
}

extension GGUFPreTokenizer {
  /// The names that are looked at, the best known of equal ones first.
  private static let order = [
    "gpt-2", "qwen2", "llama-bpe", "smaug-bpe", "smollm", "falcon", "olmo", "command-r", "qwen35",
    "gpt-4o", "tekken", "deepseek-llm", "deepseek-coder", "deepseek-v3",
  ]

  /// What llama.cpp calls the way in which a tokenizer cuts words, and what is to be known of it.
  ///
  /// - Throws: `TokenizerError.unusable` for one that it has no name for.
  static func name(
    of tokenizer: Tokenizer
  ) throws(TokenizerError) -> (name: String, remark: String?) {
    let content = tokenizer.content
    let ignoresMerges = content.model.contains("ignore_merges: true")
    var sameWords: String?
    for name in order {
      guard let known = known[name], known.ignoresMerges == ignoresMerges else { continue }
      let stages = try Self.spelt(known)
      guard stages.preTokenizer == content.preTokenizer else { continue }
      if stages.normalizer == content.normalizer { return (name, normalizing(content)) }
      if sameWords == nil { sameWords = name }
    }
    if let sameWords {
      return (
        sameWords,
        "the normalizer of the tokenizer (\(content.normalizer.prefix(60))) has no place in such a "
          + "file: texts that it would change get other ids"
      )
    }
    throw .unusable(
      field: "pre_tokenizer", found: String(content.preTokenizer.prefix(160)),
      expected: "one that llama.cpp has a name for: " + order.joined(separator: ", "),
      advice: "Export without the tokenizer (--no-tokenizer).")
  }

  /// llama.cpp normalises nothing.
  private static func normalizing(_ content: TokenizerContent) -> String? {
    content.normalizer == "none"
      ? nil
      : "llama.cpp does not normalise texts, which the tokenizer does: texts that are not in NFC get "
        + "other ids there"
  }

  private static func spelt(
    _ stages: GGUFPreTokenizer
  ) throws(TokenizerError) -> (normalizer: String, preTokenizer: String) {
    let json =
      "{\"normalizer\": \(stages.normalizer), \"pre_tokenizer\": \(stages.preTokenizer), "
      + "\"model\": {}}"
    let document = try TokenizerSource.document(Array(json.utf8), at: "tokenizer.json")
    let content = try TokenizerContent(document)
    return (content.normalizer, content.preTokenizer)
  }
}
