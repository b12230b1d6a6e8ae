public import Tokenizers

/// The text of a sequence that grows token by token, in pieces that end at whole characters.
public struct GrowingText {
  private let tokenizer: Tokenizer
  private var tokens: [Int32] = []
  /// UTF-8 bytes given out so far.
  private var given = 0

  public init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  /// Adds a token and gives the characters that are whole now; special tokens have no text.
  public mutating func append(_ token: Int32) -> String {
    tokens.append(token)
    let text = tokenizer.decode(tokens, skipSpecialTokens: true)
    // A character whose bytes are not all there decodes to U+FFFD at the end.
    var end = text.endIndex
    while end > text.startIndex,
      text.unicodeScalars[text.unicodeScalars.index(before: end)] == "\u{FFFD}"
    {
      end = text.unicodeScalars.index(before: end)
    }
    return take(text[..<end])
  }

  /// What is left when no token follows.
  public mutating func finish() -> String {
    take(tokenizer.decode(tokens, skipSpecialTokens: true)[...])
  }

  private mutating func take(_ text: Substring) -> String {
    let bytes = text.utf8.dropFirst(given)
    given += bytes.count
    return String(decoding: bytes, as: UTF8.self)
  }
}
