import Store

/// What the metadata of a GGUF file say of its tokenizer, checked.
struct GGUFVocabulary {
  /// How texts become tokens: `tokenizer.ggml.model`.
  enum Model: String {
    /// Byte-level BPE with merges.
    case gpt2
    /// SentencePiece's BPE: scores instead of merges, and tokens of bytes.
    case llama
  }

  /// `tokenizer.ggml.token_type`, as llama.h numbers them.
  enum Kind: Int {
    case undefined = 0
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case unused = 5
    case byte = 6
  }

  let model: Model
  /// Without the rows at the end that only fill the vocabulary up.
  let tokens: [String]
  let kinds: [Kind]
  /// "left right", the first to go first; empty where there are scores.
  let merges: [String]
  /// Empty where there are merges.
  let scores: [Double]
  /// Names what cuts words; nil where the file says nothing.
  let preTokenizer: String?
  let beginning: Int?
  let end: Int?
  let unknown: Int?
  /// Whether these go around a text when special tokens are asked for; nil: as the model has it.
  let addsBeginning: Bool?
  let addsEnd: Bool
  /// Whether a space goes before a text.
  let addsSpace: Bool

  /// What to do where a file's tokenizer cannot be used.
  static let advice =
    "Give the tokenizer.json of the model that the file was made from, with --tokenizer."

  /// - Throws: `TokenizerError` for metadata that are missing, contradict each other or name a kind of
  ///   tokenizer that is not known here.
  init(_ metadata: [String: GGUFValue]) throws(TokenizerError) {
    let fields = GGUFFields(metadata)
    let name = try fields.text("model")
    guard let model = Model(rawValue: name) else {
      throw fields.unusable(
        "model", "\"\(name)\"",
        "gpt2 (byte-level BPE) or llama (SentencePiece with scores), which are read here")
    }
    self.model = model
    let tokens = try fields.texts("tokens")
    let kinds = try Self.kinds(fields, count: tokens.count)
    var count = tokens.count
    while count > 0, Self.isPadding(tokens[count - 1], count - 1, kinds[count - 1]) { count -= 1 }
    guard count > 0 else { throw fields.unusable("tokens", "no token", "a vocabulary") }
    self.tokens = Array(tokens.prefix(count))
    self.kinds = Array(kinds.prefix(count))
    merges = model == .gpt2 ? try fields.texts("merges") : []
    scores = model == .llama ? try fields.numbers("scores", count: tokens.count) : []
    preTokenizer = try fields.optionalText("pre")
    beginning = try fields.id("bos_token_id", below: count)
    end = try fields.id("eos_token_id", below: count)
    unknown = try fields.id("unknown_token_id", below: count)
    addsBeginning = try fields.flag("add_bos_token")
    addsEnd = try fields.flag("add_eos_token") ?? false
    addsSpace = try fields.flag("add_space_prefix") ?? true
  }

  private static func kinds(
    _ fields: GGUFFields, count: Int
  ) throws(TokenizerError) -> [Kind] {
    let numbers = try fields.integers("token_type", count: count)
    var kinds: [Kind] = []
    kinds.reserveCapacity(count)
    for (id, number) in numbers.enumerated() {
      guard let kind = Kind(rawValue: number) else {
        throw fields.unusable("token_type[\(id)]", "\(number)", "a number from 0 to 6")
      }
      kinds.append(kind)
    }
    return kinds
  }

  /// Whether a converter put a row in, so that there are as many as the embeddings have.
  private static func isPadding(_ text: String, _ id: Int, _ kind: Kind) -> Bool {
    (kind == .unused || kind == .userDefined) && text == "[PAD\(id)]"
  }

  /// Whether a token is looked for in texts before words are cut.
  func isAdded(_ id: Int) -> Bool {
    switch kinds[id] {
    case .control, .userDefined, .unknown: true
    case .undefined, .normal, .unused, .byte: id == beginning || id == end
    }
  }

  /// Whether a token is left out by decoding that skips special ones.
  func isSpecial(_ id: Int) -> Bool { kinds[id] != .userDefined && isAdded(id) }
}

/// The metadata of a tokenizer by their names behind `tokenizer.ggml.`.
struct GGUFFields {
  static let prefix = "tokenizer.ggml."
  private let values: [String: GGUFValue]

  init(_ values: [String: GGUFValue]) { self.values = values }

  private func value(_ name: String) -> GGUFValue? { values[Self.prefix + name] }

  func unusable(_ name: String, _ found: String, _ expected: String) -> TokenizerError {
    .unusable(
      field: Self.prefix + name, found: found, expected: expected, advice: GGUFVocabulary.advice)
  }

  private func mismatch(_ name: String, _ expected: String) -> TokenizerError {
    unusable(name, value(name)?.shown ?? "nothing", expected)
  }

  func optionalText(_ name: String) throws(TokenizerError) -> String? {
    guard let value = value(name) else { return nil }
    guard case .text(let text) = value else { throw mismatch(name, "a text") }
    return text
  }

  func text(_ name: String) throws(TokenizerError) -> String {
    guard let text = try optionalText(name) else { throw mismatch(name, "a text") }
    return text
  }

  func texts(_ name: String) throws(TokenizerError) -> [String] {
    guard case .texts(let texts)? = value(name) else { throw mismatch(name, "a list of texts") }
    guard texts.count <= Int(TokenVocabulary.largestID) + 1 else {
      throw mismatch(name, "at most \(TokenVocabulary.largestID + 1)")
    }
    return texts
  }

  func integers(_ name: String, count: Int) throws(TokenizerError) -> [Int] {
    guard case .integers(let numbers)? = value(name), numbers.count == count else {
      throw mismatch(name, "\(count) integers, one for each token")
    }
    return numbers
  }

  func numbers(_ name: String, count: Int) throws(TokenizerError) -> [Double] {
    guard case .numbers(let numbers)? = value(name), numbers.count == count,
      numbers.allSatisfy(\.isFinite)
    else { throw mismatch(name, "\(count) finite numbers, one for each token") }
    return numbers
  }

  func flag(_ name: String) throws(TokenizerError) -> Bool? {
    guard let value = value(name) else { return nil }
    guard case .flag(let flag) = value else { throw mismatch(name, "true or false") }
    return flag
  }

  /// The id of a token; nil where none is named, for which some converters write -1, or the largest
  /// number.
  func id(_ name: String, below count: Int) throws(TokenizerError) -> Int? {
    guard let value = value(name) else { return nil }
    guard case .integer(let id) = value else { throw mismatch(name, "a token id") }
    if id == -1 || id == Int(UInt32.max) { return nil }
    guard (0..<count).contains(id) else { throw mismatch(name, "a token id below \(count)") }
    return id
  }
}
