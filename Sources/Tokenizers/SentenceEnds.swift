/// Tokens at which a long document may be cut, by the rule of the published MiniPLM packer.
///
/// Source: thu-coai/MiniPLM, tools/process_data/get_end_sent_tokens.py.
extension Tokenizer {
  /// Ids, ascending, of tokens whose text holds one of `. ! ? ;` or a line feed, unless it opens a
  /// bracket without closing it; `endOfText` comes last.
  public func sentenceEndTokenIDs(endOfText: Int32) -> [Int32] {
    var ids: [Int32] = []
    for id in 0..<Int32(vocabularySize) where id != endOfText {
      if token(of: id) != nil, SentenceEnd.isSentenceEnd(decode([id])) { ids.append(id) }
    }
    return ids + [endOfText]
  }

  /// Whether the text of a token holds a line feed.
  public func containsLineFeed(_ id: Int32) -> Bool {
    bytes(of: id).contains(UInt8(ascii: "\n"))
  }
}

enum SentenceEnd {
  /// Openers with their closers. The last pair is as published: the escaped braces of the script
  /// are a backslash and a brace, and a token counts as open when it has the backslash and no
  /// opening brace.
  private static let brackets: [(opener: Character, closer: Character)] = [
    ("[", "]"), ("(", ")"), ("<", ">"), ("\\", "{"),
  ]

  static func isSentenceEnd(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard scalars.contains(where: { ".!?;\n".unicodeScalars.contains($0) }) else { return false }
    return !brackets.contains { opener, closer in
      scalars.contains { Character($0) == opener } && !scalars.contains { Character($0) == closer }
    }
  }
}
