import Store

/// What the files beside a tokenizer.json add to it, as transformers reads them: the name of the
/// end-of-text token, and added tokens, whose flags count before those of tokenizer.json.
struct TokenizerConfiguration {
  /// Names to try when no file says which token ends a text.
  static let endOfTextNames = ["<|endoftext|>", "<|end_of_text|>", "</s>", "<|im_end|>"]

  static let none = TokenizerConfiguration()

  /// The end-of-text token; nil when no file names one.
  private(set) var endOfText: String?
  /// In the order in which they are added.
  private(set) var addedTokens: [AddedToken] = []
  /// Whether special tokens are not looked for in texts.
  private(set) var splitsSpecialTokens = false

  private init() {}

  /// Reads tokenizer_config.json, special_tokens_map.json and added_tokens.json of a folder.
  init(folder: String) throws(TokenizerError) {
    let config = try Self.file("\(folder)/tokenizer_config.json") { (root) throws(TokenizerError) in
      (
        name: try Self.name("eos_token", root), tokens: try Self.tokens(root),
        splits: try root.bool("split_special_tokens", default: false)
      )
    }
    let map = try Self.file("\(folder)/special_tokens_map.json") { (root) throws(TokenizerError) in
      try Self.name("eos_token", root)
    }
    splitsSpecialTokens = config?.splits ?? false
    if let tokens = config?.tokens {
      // The list makes the other two files superfluous.
      addedTokens = tokens
      endOfText = config?.name ?? map ?? nil
      return
    }
    endOfText = (map ?? nil) ?? config?.name
    let added = try Self.file("\(folder)/added_tokens.json") { (root) throws(TokenizerError) in
      try Self.oldTokens(root)
    }
    addedTokens = added ?? []
  }

  private static func file<Result>(
    _ path: String, _ read: (JSONFields) throws(TokenizerError) -> Result
  ) throws(TokenizerError) -> Result? {
    guard let bytes = try TokenizerSource.contentIfThere(path) else { return nil }
    let document = try TokenizerSource.document(bytes, at: path)
    do throws(TokenizerError) {
      return try read(JSONFields(document.root, of: document, at: ""))
    } catch {
      throw .inFile(path: path, error)
    }
  }

  /// A token's name: the string itself, or an added token with its content.
  private static func name(
    _ name: String, _ root: JSONFields
  ) throws(TokenizerError) -> String? {
    guard case .object? = root.value(name) else { return try root.optionalString(name) }
    return try root.object(name).string("content")
  }

  /// `added_tokens_decoder`: tokens by their ids.
  private static func tokens(_ root: JSONFields) throws(TokenizerError) -> [AddedToken]? {
    guard let list = try root.optionalObject("added_tokens_decoder") else { return nil }
    var tokens: [(id: Int, token: AddedToken)] = []
    for member in list.members {
      let name = list.document.string(member.name)
      guard let id = Int(name), id >= 0 else {
        throw .malformed(field: list.path, found: "\"\(name)\"", expected: "ids as names")
      }
      let fields = try JSONFields(member.value, of: list.document, at: list.path(of: name))
      tokens.append((id: id, token: try AddedTokenReader.token(fields)))
    }
    return tokens.sorted { $0.id < $1.id }.map(\.token)
  }

  /// added_tokens.json: ids by tokens.
  private static func oldTokens(_ root: JSONFields) throws(TokenizerError) -> [AddedToken] {
    var tokens: [(id: Double, token: AddedToken)] = []
    for member in root.members {
      guard let id = root.number(member.value) else {
        throw .malformed(
          field: root.document.string(member.name), found: root.shown(member.value),
          expected: "a token id")
      }
      let token = AddedToken(
        id: -1, content: Array(root.document.bytes(member.name)), isSpecial: false,
        isSingleWord: false, stripsLeft: false, stripsRight: false, isNormalized: true)
      tokens.append((id: id, token: token))
    }
    return tokens.sorted { $0.id < $1.id }.map(\.token)
  }
}
