/// Tokens at which a long document may be cut, by the rule of the published MiniPLM packer.
///
/// Source: thu-coai/MiniPLM, tools/process_data/get_end_sent_tokens.py.
extension Tokenizer {
  /// Ids, ascending, of tokens whose text holds one of `. ! ? ;` or a line feed, unless it opens a
  /// bracket without closing it; `endOfText` comes last.
  public func sentenceEndTokenIDs(endOfText: Int32) -> [Int32] {
    var ids: [Int32] = []
    for id in 0..<Int32(vocabularySize) where id != endOfText {
      if tokenBytes.withBytes(of: id, SentenceEnd.isSentenceEnd) { ids.append(id) }
    }
    return ids + [endOfText]
  }

  /// Whether the text of two tokens holds a space because of one of them, the first or the second.
  ///
  /// The two differ where decoding drops the space before the first word, or adds spaces itself.
  public func holdsSpace(_ id: Int32, isFirst: Bool) -> Bool {
    let space = UInt8(ascii: " ")
    if decoder.joinsBytes { return tokenBytes.withBytes(of: id) { $0.contains(space) } }
    // Without a decoder a space stands between all tokens.
    guard decoder.steps != nil else { return true }
    guard let token = text(of: id) else { return false }
    let place = TokenPlace(isFirst: isFirst, isLast: !isFirst)
    return decoder.bytes(of: Array(token), place).contains(space)
  }
}

enum SentenceEnd {
  /// What ends a sentence.
  private static let marks: [UInt8] = Array(".!?;\n".utf8)
  /// Openers with their closers. The last pair is as published: the escaped braces of the script
  /// are a backslash and a brace, and a token counts as open when it has the backslash and no
  /// opening brace.
  private static let brackets: [(opener: UInt8, closer: UInt8)] = [
    (UInt8(ascii: "["), UInt8(ascii: "]")), (UInt8(ascii: "("), UInt8(ascii: ")")),
    (UInt8(ascii: "<"), UInt8(ascii: ">")), (UInt8(ascii: "\\"), UInt8(ascii: "{")),
  ]

  /// Whether the text of a token ends a sentence. All marks are ASCII, so that its bytes tell it.
  static func isSentenceEnd(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.contains(where: { marks.contains($0) }) else { return false }
    return !brackets.contains { text.contains($0.opener) && !text.contains($0.closer) }
  }
}
