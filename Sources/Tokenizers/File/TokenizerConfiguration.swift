import Store

/// What the files beside a tokenizer.json add to it, as transformers reads them: the name of the
/// end-of-text token, and added tokens, whose flags count before those of tokenizer.json.
struct TokenizerConfiguration {
  static let none = TokenizerConfiguration()

  /// The end-of-text token and the file that names it; nil when none does.
  private(set) var endOfText: (token: String, file: String)?
  /// In the order in which they are added.
  private(set) var addedTokens: [AddedToken] = []
  /// Tokens that have a part, such as ending a text; special where they are not listed otherwise.
  private(set) var namedTokens: [AddedToken] = []
  /// Whether special tokens are not looked for in texts.
  private(set) var splitsSpecialTokens = false
  /// The string of the token that begins texts; nil where none is named.
  private(set) var beginningOfText: String?
  /// Tokens of the longest text; nil where none or a boundless one is stated.
  private(set) var longestText: Int?

  /// The class of transformers that tokenizer_config.json names.
  private(set) var className: String?
  /// `add_prefix_space` and `legacy`, which some classes of transformers make their stages by.
  private(set) var prefixSpace = ConfigurationFlag.absent
  private(set) var isLegacy = ConfigurationFlag.absent

  private init() {}

  /// The added tokens of tokenizer.json and those of these files.
  ///
  /// A token that has a part is one of them too. One that the model does not know would be a new
  /// token: that is so for the end of text only, without which nothing goes.
  func tokens(
    after listed: [AddedToken], vocabulary: TokenVocabulary
  ) -> [AddedToken] {
    let tokens = listed + addedTokens
    let known = Set(tokens.map(\.content))
    let end = endOfText.map { Array($0.token.utf8) }
    return tokens
      + namedTokens.filter { token in
        !known.contains(token.content)
          && (token.content == end || vocabulary.id(of: token.content) != nil)
      }
  }

  /// What these files change of a tokenizer.json, as bytes for its digest: none where they repeat it.
  func identity(of added: AddedVocabulary, in file: TokenizerFile) -> [UInt8] {
    let own = AddedVocabulary(file.addedTokens, vocabulary: file.vocabulary) {
      file.normalizer.normalized($0)
    }
    if own.tokens == added.tokens, !splitsSpecialTokens { return [] }
    var bytes: [UInt8] = [splitsSpecialTokens ? 1 : 0]
    for token in added.tokens {
      let flags = [
        token.isSpecial, token.isSingleWord, token.stripsLeft, token.stripsRight,
        token.isNormalized,
      ]
      bytes += Array("\(token.id) \(token.content.count) ".utf8) + token.content
      bytes += flags.map { $0 ? 1 : 0 }
    }
    return bytes
  }

  /// Reads tokenizer_config.json, special_tokens_map.json and added_tokens.json of a folder.
  init(folder: String) throws(TokenizerError) {
    let config = try Self.file("\(folder)/tokenizer_config.json") { (root) throws(TokenizerError) in
      (
        named: try Self.named(root), tokens: try Self.tokens(root),
        splits: try root.bool("split_special_tokens", default: false),
        longest: root.value("model_max_length").flatMap { root.number($0) },
        className: (try? root.optionalString("tokenizer_class")) ?? nil,
        prefixSpace: ConfigurationFlag(root, "add_prefix_space"),
        isLegacy: ConfigurationFlag(root, "legacy")
      )
    }
    className = config?.className
    prefixSpace = config?.prefixSpace ?? .absent
    isLegacy = config?.isLegacy ?? .absent
    let map = try Self.file("\(folder)/special_tokens_map.json") { (root) throws(TokenizerError) in
      try Self.named(root)
    }
    splitsSpecialTokens = config?.splits ?? false
    // The list of added tokens makes the other two files superfluous.
    let isListed = config?.tokens != nil
    let files = [("tokenizer_config.json", config?.named), ("special_tokens_map.json", map)]
    var byPart: [String: AddedToken] = [:]
    for (file, tokens) in isListed ? files.reversed() : files {
      byPart.merge(tokens ?? [:]) { $1 }
      if let end = tokens?["eos_token"] {
        endOfText = (String(decoding: end.content, as: UTF8.self), file)
      }
    }
    beginningOfText = byPart["bos_token"].map { String(decoding: $0.content, as: UTF8.self) }
    // transformers writes 1e30 where there is no bound.
    longestText = config?.longest.flatMap { $0 >= 1 && $0 < 1e18 ? Int($0) : nil }
    namedTokens = byPart.sorted { $0.key < $1.key }.map(\.value)
    if let tokens = config?.tokens {
      addedTokens = tokens
      return
    }
    let added = try Self.file("\(folder)/added_tokens.json") { (root) throws(TokenizerError) in
      try Self.oldTokens(root)
    }
    addedTokens = added ?? []
  }

  private static func file<Result>(
    _ path: String, _ read: (JSONFields) throws(TokenizerError) -> Result
  ) throws(TokenizerError) -> Result? {
    let content: [UInt8]?
    do throws(TokenizerError) {
      content = try TokenizerSource.contentIfThere(path)
    } catch {
      throw error.besideTokenizer(advice: "Put the file there that comes with the tokenizer.")
    }
    guard let bytes = content else { return nil }
    let document: JSONDocument
    do throws(TokenizerError) {
      document = try TokenizerSource.document(bytes, at: path)
    } catch {
      throw error.besideTokenizer()
    }
    do throws(TokenizerError) {
      return try read(JSONFields(document.root, of: document, at: ""))
    } catch {
      throw .inFile(path: path, error)
    }
  }

  /// Tokens by their parts: each is the string itself, or an added token with its flags.
  private static func named(_ root: JSONFields) throws(TokenizerError) -> [String: AddedToken] {
    var tokens: [String: AddedToken] = [:]
    for part in ["bos", "eos", "unk", "sep", "pad", "cls", "mask"].map({ $0 + "_token" }) {
      if case .object? = root.value(part) {
        tokens[part] = try AddedTokenReader.token(root.object(part), isSpecial: true)
      } else if let name = try root.optionalString(part), !name.isEmpty {
        tokens[part] = AddedToken(
          id: -1, content: Array(name.utf8), isSpecial: true, isSingleWord: false,
          stripsLeft: false, stripsRight: false, isNormalized: false)
      }
    }
    return tokens
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
