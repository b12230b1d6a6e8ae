/// Where a chunk may be cut, as one small set of flags for every token id.
///
/// Source: method.md 1.2 (MiniPLM, tokenize_pile.py). Testing whether two decoded tokens contain a
/// space needs only two flags for each: whether it brings a space as the first and as the second.
public struct SentenceEnds: Sendable {
  private struct Flags: OptionSet {
    let rawValue: UInt8
    static let sentenceEnd = Flags(rawValue: 1)
    static let newline = Flags(rawValue: 2)
    static let space = Flags(rawValue: 4)
    static let followingSpace = Flags(rawValue: 8)
  }

  private let flags: [UInt8]
  private let endOfText: Int32

  /// Flags from the decoded text of every token.
  ///
  /// - Parameters:
  ///   - sentenceEndTokens: ids that may end a sentence.
  ///   - bytes: the bytes that a token decodes to.
  ///   - holdsSpace: whether a token brings a space to the text of two, as the first or the second;
  ///     without it, whether its bytes have one.
  public init(
    vocabularySize: Int, endOfText: Int32, sentenceEndTokens: [Int32],
    bytes: (Int32) -> [UInt8], holdsSpace: ((_ token: Int32, _ isFirst: Bool) -> Bool)? = nil
  ) {
    var flags = [UInt8](repeating: 0, count: vocabularySize)
    for id in 0..<vocabularySize {
      let token = Int32(id)
      var found: Flags = []
      let text = bytes(token)
      if text.contains(0x0A) { found.insert(.newline) }
      let hasSpace = text.contains(0x20)
      if holdsSpace?(token, true) ?? hasSpace { found.insert(.space) }
      if holdsSpace?(token, false) ?? hasSpace { found.insert(.followingSpace) }
      flags[id] = found.rawValue
    }
    for token in sentenceEndTokens where flags.indices.contains(Int(token)) {
      flags[Int(token)] |= Flags.sentenceEnd.rawValue
    }
    self.flags = flags
    self.endOfText = endOfText
  }

  /// Flags of a tokenizer's vocabulary.
  public init(of tokenizer: some TokenEncoding) {
    self.init(
      vocabularySize: tokenizer.vocabularySize, endOfText: tokenizer.endOfText,
      sentenceEndTokens: tokenizer.sentenceEndTokens, bytes: tokenizer.bytes(of:),
      holdsSpace: tokenizer.holdsSpace(_:isFirst:))
  }

  /// Length of the longest prefix of `tokens[..<limit]` that ends a sentence; nil if none does.
  ///
  /// The token behind the prefix may lie at or behind `limit`.
  func cut(_ tokens: UnsafeBufferPointer<Int32>, limit: Int) -> Int? {
    flags.withUnsafeBufferPointer { flags in
      func flag(_ token: Int32) -> Flags {
        let id = Int(token)
        return id >= 0 && id < flags.count ? Flags(rawValue: flags[id]) : []
      }
      var index = limit - 1
      while index >= 0 {
        let token = tokens[index]
        if token == endOfText { return index + 1 }
        let own = flag(token)
        if own.contains(.sentenceEnd) {
          if own.contains(.newline) || own.contains(.space) { return index + 1 }
          if index + 1 >= tokens.count { return index + 1 }
          if flag(tokens[index + 1]).contains(.followingSpace) { return index + 1 }
        }
        index -= 1
      }
      return nil
    }
  }
}
