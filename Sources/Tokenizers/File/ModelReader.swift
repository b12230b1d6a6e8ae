import Store

/// Reads `model`: which kind it is, its vocabulary and its settings.
struct ModelReader {
  private enum Kind: String {
    case bytePair = "BPE"
    case wordPiece = "WordPiece"
    case wordLevel = "WordLevel"
    case unigram = "Unigram"
  }

  private let fields: JSONFields
  private let kind: Kind
  let vocabulary: TokenVocabulary
  /// Scores of a Unigram vocabulary, by id.
  private let scores: [Double]

  init(_ fields: JSONFields) throws(TokenizerError) {
    self.fields = fields
    let name = try fields.optionalString("type") ?? Self.untaggedType(fields)
    guard let kind = Kind(rawValue: name) else {
      throw .unsupported(
        field: fields.path(of: "type"), found: name,
        supported: "BPE, WordPiece, WordLevel and Unigram")
    }
    self.kind = kind
    if kind == .unigram {
      (vocabulary, scores) = try UnigramVocabularyReader.read(fields)
    } else {
      vocabulary = try Self.vocabulary(fields)
      scores = []
    }
  }

  /// Files of old versions leave the type out; the first kind whose fields are all there is meant.
  private static func untaggedType(_ fields: JSONFields) -> String {
    func has(_ names: String...) -> Bool { names.allSatisfy { fields.value($0) != nil } }
    if has("merges") { return Kind.bytePair.rawValue }
    if has("unk_token", "continuing_subword_prefix", "max_input_chars_per_word") {
      return Kind.wordPiece.rawValue
    }
    if has("unk_token") { return Kind.wordLevel.rawValue }
    if case .array? = fields.value("vocab") { return Kind.unigram.rawValue }
    return "none"
  }

  private static func vocabulary(_ fields: JSONFields) throws(TokenizerError) -> TokenVocabulary {
    let vocab = try fields.object("vocab")
    var entries: [(text: ArraySlice<UInt8>, id: Int32)] = []
    entries.reserveCapacity(vocab.members.count)
    for member in vocab.members {
      let id = try vocab.id(
        member.value, at: "\(vocab.path).\(vocab.document.string(member.name))")
      entries.append((text: vocab.document.bytes(member.name), id: id))
    }
    if entries.isEmpty {
      throw .malformed(field: vocab.path, found: "no token", expected: "a vocabulary")
    }
    return TokenVocabulary(entries)
  }

  /// - Parameter isByteLevel: words come as bytes that a ByteLevel stage would have mapped.
  func model(
    isByteLevel: Bool, mayIgnoreMerges: Bool
  ) throws(TokenizerError) -> TokenModel {
    switch kind {
    case .bytePair:
      return try BytePairModelReader(fields, vocabulary)
        .model(isByteLevel: isByteLevel, mayIgnoreMerges: mayIgnoreMerges)
    case .wordLevel:
      return .wordLevel(
        WordLevelModel(vocabulary: vocabulary, unknownToken: try unknownToken()))
    case .wordPiece:
      let prefix = try fields.string("continuing_subword_prefix")
      return .wordPiece(
        WordPieceModel(
          vocabulary: vocabulary, prefix: Array(prefix.utf8), unknownToken: try unknownToken(),
          longestWord: try fields.count("max_input_chars_per_word")))
    case .unigram:
      var unknown: Int32?
      if fields.value("unk_id") != nil {
        let id = try fields.id("unk_id")
        guard Int(id) < vocabulary.count else {
          throw .malformed(
            field: fields.path(of: "unk_id"), found: "\(id)",
            expected: "an id below \(vocabulary.count), the number of tokens")
        }
        unknown = id
      }
      let fallsBack = try fields.bool("byte_fallback", default: false)
      if unknown == nil,
        !fallsBack || ByteFallback.tokens(of: vocabulary).contains(where: { $0 < 0 })
      {
        throw .unusable(
          field: fields.path(of: "unk_id"), found: "nothing",
          expected: "the id of the token for characters that the vocabulary lacks",
          advice: "Set it in the file to the id of such a token, which is often 0.")
      }
      return .unigram(
        UnigramModel(
          vocabulary: vocabulary, scores: scores, unknownToken: unknown,
          fallsBackToBytes: fallsBack))
    }
  }

  /// The token of unknown words, which would be left out without it.
  private func unknownToken() throws(TokenizerError) -> Int32 {
    let name = try fields.string("unk_token")
    guard let id = vocabulary.id(of: name.utf8) else {
      throw .unknownToken(name, field: fields.path(of: "unk_token"))
    }
    return id
  }
}

/// Reads the vocabulary of a Unigram model: a list of tokens with their scores.
enum UnigramVocabularyReader {
  static func read(
    _ fields: JSONFields
  ) throws(TokenizerError) -> (vocabulary: TokenVocabulary, scores: [Double]) {
    let path = fields.path(of: "vocab")
    var entries: [(text: ArraySlice<UInt8>, id: Int32)] = []
    var scores: [Double] = []
    for (index, element) in try fields.array("vocab").enumerated() {
      guard case .array(let list) = element, let parts = fields.document.pair(of: list),
        case .string(let text) = parts.first, let score = fields.number(parts.second)
      else {
        throw .malformed(
          field: "\(path)[\(index)]", found: fields.shown(element),
          expected: "a token and its score, a finite number")
      }
      guard index <= Int(TokenVocabulary.largestID) else {
        throw .malformed(
          field: path, found: "more tokens",
          expected: "at most \(TokenVocabulary.largestID + 1)")
      }
      entries.append((text: fields.document.bytes(text), id: Int32(index)))
      scores.append(score)
    }
    if entries.isEmpty {
      throw .malformed(field: path, found: "no token", expected: "a vocabulary")
    }
    return (TokenVocabulary(entries, isList: true), scores)
  }
}
