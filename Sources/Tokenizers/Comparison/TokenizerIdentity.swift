public import Store

/// A tokenizer in a record: the digest of its file, and what it is. Every comparison of tokenizers
/// that are not both at hand is one of these.
public struct TokenizerIdentity: Sendable, Hashable {
  /// `Tokenizer.digest`.
  public var digest: String
  /// Nil in records that were written without.
  public var fingerprint: TokenizerFingerprint?

  public init(digest: String, fingerprint: TokenizerFingerprint?) {
    self.digest = digest
    self.fingerprint = fingerprint
  }

  /// How two tokenizers compare by their records; nil where the files differ and one of the records
  /// says no more than that.
  public func compared(with other: Self) -> TokenizerComparison.Outcome? {
    if digest == other.digest { return .identical }
    guard let own = fingerprint, let its = other.fingerprint else { return nil }
    if own.content == its.content { return .identical }
    guard own.probe == its.probe else { return nil }
    return own.ids == its.ids ? .sameIDs : .different
  }

  /// Whether the records say that both give the same ids.
  public func isSame(as other: Self) -> Bool {
    [.identical, .sameIDs].contains(compared(with: other))
  }
}

extension Tokenizer {
  /// What stands in records; one pass over the vocabulary.
  public func identity() throws(StoreError) -> TokenizerIdentity {
    TokenizerIdentity(digest: digest, fingerprint: try fingerprint())
  }

  func fingerprint() throws(StoreError) -> TokenizerFingerprint {
    let core = coreBytes()
    var content = FingerprintBytes()
    for id in addedByID.keys.sorted() {
      guard let token = addedByID[id] else { continue }
      content.append([
        token.isSpecial, token.isSingleWord, token.stripsLeft, token.stripsRight,
        token.isNormalized,
      ])
    }
    content.append([splitsSpecialTokens])
    let parts = self.content
    for part in [parts.normalizer, parts.preTokenizer, parts.decoder, parts.model] {
      content.append(Array(part.utf8))
    }
    content.append(Array("\(template.items)".utf8))
    var probe = FingerprintBytes()
    let encoder = TokenEncoder(self, cache: .small)
    for text in ProbeText.pieces + addedStrings.sorted().flatMap(ProbeText.around) {
      probe.append(encoder.encode(text))
    }
    return TokenizerFingerprint(
      content: try Digest.sha256(core.bytes + content.bytes),
      ids: try Digest.sha256(core.bytes + probe.bytes), probe: ProbeText.version)
  }

  /// Added tokens without those that only fill the vocabulary up.
  private var addedByID: [Int32: AddedToken] {
    let tokens = added.tokens.filter { !ContentComparison.isPadding($0.content, $0.id) }
    return Dictionary(tokens.map { ($0.id, $0) }) { $1 }
  }

  /// Tokens, added tokens, merges and scores.
  private func coreBytes() -> FingerprintBytes {
    var bytes = FingerprintBytes()
    for id in 0..<Int32(vocabularySize) {
      guard let text = ContentComparison.string(id, of: self) else { continue }
      bytes.append(id)
      bytes.append(text)
    }
    bytes.append(addedByID.keys.sorted())
    for pair in ContentComparison.merges(self) {
      bytes.append(pair.left)
      bytes.append(pair.right)
    }
    if case .unigram(let model) = model {
      for id in 0..<model.scores.count { bytes.append(model.scores[id].bitPattern) }
    }
    return bytes
  }
}

/// Bytes of a digest: what has a length is preceded by it, so that no two contents run together.
private struct FingerprintBytes {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }

  mutating func append(_ text: some Collection<UInt8>) {
    append(UInt32(text.count))
    bytes += text
  }

  mutating func append(_ ids: [Int32]) {
    append(UInt32(ids.count))
    for id in ids { append(id) }
  }

  mutating func append(_ flags: [Bool]) { bytes += flags.map { $0 ? 1 : 0 } }
}
