/// The tokens `<0x00>` to `<0xFF>` of a vocabulary, which spell characters that it lacks.
enum ByteFallback {
  /// Token of each byte; -1 where the vocabulary has none.
  static func tokens(of vocabulary: TokenVocabulary) -> [Int32] {
    (0..<256).map { vocabulary.id(of: text(of: UInt8($0)).utf8) ?? -1 }
  }

  /// How a byte is written as a token.
  static func text(of byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x" + (digits.count == 1 ? "0" : "") + digits + ">"
  }
}
