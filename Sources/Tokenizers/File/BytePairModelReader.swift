import Store

/// Reads `model` when it is a BPE model.
struct BytePairModelReader {
  private let fields: JSONFields
  private let vocabulary: TokenVocabulary
  /// Longer affixes would only fill memory: each character of a word may be spelt with its own.
  private static let longestAffix = 64

  init(_ fields: JSONFields, _ vocabulary: TokenVocabulary) throws(TokenizerError) {
    self.fields = fields
    self.vocabulary = vocabulary
    if let rate = try fields.optionalNumber("dropout"), rate != 0 {
      throw .unusable(
        field: fields.path(of: "dropout"), found: "\(rate)",
        expected: "null, because text would be cut at random",
        advice: "Set it to null in the file: dropout is meant for training only.")
    }
  }

  /// - Parameter isByteLevel: words come as bytes that a ByteLevel stage would have mapped.
  func model(
    isByteLevel: Bool, mayIgnoreMerges: Bool
  ) throws(TokenizerError) -> TokenModel {
    var options = try options()
    if !mayIgnoreMerges { options.ignoresMerges = false }
    let merges = try merges(prefixLength: options.prefix.count)
    if isByteLevel, options.prefix.isEmpty, options.suffix.isEmpty {
      let model = BytePairModel(
        vocabulary: vocabulary, merges: merges, ignoresMerges: options.ignoresMerges,
        unknownToken: options.unknownToken, fusesUnknown: options.fusesUnknown)
      if !model.coversAllBytes, !options.fallsBackToBytes { try checkUnknownToken(options) }
      // With every byte in the vocabulary the fallback is never used.
      if model.coversAllBytes || !options.fallsBackToBytes { return .bytePairs(model) }
    }
    if !options.fallsBackToBytes || ByteFallback.tokens(of: vocabulary).contains(where: { $0 < 0 })
    {
      try checkUnknownToken(options)
    }
    return .characterPairs(
      CharacterPairModel(vocabulary: vocabulary, merges: merges, options: options))
  }

  private func options() throws(TokenizerError) -> CharacterPairModel.Options {
    var options = CharacterPairModel.Options()
    options.unknownToken = try fields.optionalString("unk_token")
      .flatMap { vocabulary.id(of: $0.utf8) }
    options.fusesUnknown = try fields.bool("fuse_unk", default: false)
    options.fallsBackToBytes = try fields.bool("byte_fallback", default: false)
    options.ignoresMerges = try fields.bool("ignore_merges", default: false)
    options.prefix = try affix("continuing_subword_prefix")
    options.suffix = try affix("end_of_word_suffix")
    return options
  }

  /// Without the token that the file names, unknown characters would be left out without a word.
  private func checkUnknownToken(_ options: CharacterPairModel.Options) throws(TokenizerError) {
    guard options.unknownToken == nil, let name = try fields.optionalString("unk_token") else {
      return
    }
    throw .unknownToken(name, field: fields.path(of: "unk_token"))
  }

  private func affix(_ name: String) throws(TokenizerError) -> [UInt8] {
    let text = try fields.optionalString(name) ?? ""
    guard text.utf8.count <= Self.longestAffix else {
      throw .unsupported(
        field: fields.path(of: name), found: "a string of \(text.utf8.count) bytes",
        supported: "at most \(Self.longestAffix)")
    }
    return Array(text.utf8)
  }

  /// - Parameter prefixLength: how many bytes of a right token the merged one leaves out.
  private func merges(
    prefixLength: Int
  ) throws(TokenizerError) -> [(left: Int32, right: Int32, merged: Int32)] {
    var result: [(left: Int32, right: Int32, merged: Int32)] = []
    let elements = try fields.requiredArray("merges")
    result.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard let pair = pair(element) else {
        if isVersionLine(element) { continue }
        throw .malformed(
          field: "\(fields.path).merges[\(index)]", found: fields.shown(element),
          expected: "two tokens, \"a b\" or [\"a\", \"b\"]")
      }
      guard let left = vocabulary.id(of: pair.left), let right = vocabulary.id(of: pair.right),
        pair.right.count >= prefixLength,
        let merged = vocabulary.id(of: pair.left + pair.right.dropFirst(prefixLength))
      else {
        throw .malformed(
          field: "\(fields.path).merges[\(index)]",
          found: String(decoding: pair.left + " ".utf8 + pair.right, as: UTF8.self),
          expected: "tokens of model.vocab that join to a token")
      }
      result.append((left, right, merged))
    }
    return result
  }

  private func isVersionLine(_ element: JSONDocument.Value) -> Bool {
    guard case .string(let range) = element else { return false }
    return fields.document.bytes(range).starts(with: "#version".utf8)
  }

  private func pair(
    _ element: JSONDocument.Value
  ) -> (left: ArraySlice<UInt8>, right: ArraySlice<UInt8>)? {
    switch element {
    case .string(let range):
      let text = fields.document.bytes(range)
      if text.starts(with: "#version".utf8) { return nil }
      let parts = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    case .array(let list):
      guard let parts = fields.document.pair(of: list), case .string(let left) = parts.first,
        case .string(let right) = parts.second
      else { return nil }
      return (fields.document.bytes(left), fields.document.bytes(right))
    default:
      return nil
    }
  }
}
