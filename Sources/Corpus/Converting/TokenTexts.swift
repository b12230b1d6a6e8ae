public import Tokenizers

/// The text of tokens, with special ones or without, as decoding gives it. Safe to share.
///
/// Byte-level tokenizers decode token by token, from one table; others look at neighbours, and are
/// asked each time.
public struct TokenTexts: Sendable {
  private let tokenizer: Tokenizer
  private let bytes: [UInt8]
  /// Where the bytes of each token begin, and their end.
  private let starts: [UInt32]
  /// Whether the text of tokens is that of each in turn.
  private let isPlain: Bool
  private let skipsSpecialTokens: Bool

  /// The texts of a tokenizer's tokens.
  public init(_ tokenizer: Tokenizer, skipsSpecialTokens: Bool = false) {
    self.tokenizer = tokenizer
    self.skipsSpecialTokens = skipsSpecialTokens
    var bytes: [UInt8] = []
    var starts: [UInt32] = [0]
    starts.reserveCapacity(tokenizer.vocabularySize + 1)
    for id in 0..<Int32(tokenizer.vocabularySize) {
      if !(skipsSpecialTokens && tokenizer.isSpecial(id)) { bytes += tokenizer.bytes(of: id) }
      starts.append(UInt32(bytes.count))
    }
    self.bytes = bytes
    self.starts = starts
    isPlain = Self.decodesPlainly(tokenizer)
  }

  /// Appends the text of tokens; bytes that are no UTF-8 stay as they are in a plain table.
  public func append(_ tokens: UnsafeBufferPointer<Int32>, to text: inout [UInt8]) {
    guard isPlain else {
      text += tokenizer.decode(tokens, skipSpecialTokens: skipsSpecialTokens).utf8
      return
    }
    starts.withUnsafeBufferPointer { starts in
      bytes.withUnsafeBufferPointer { bytes in
        for token in tokens {
          let id = Int(token)
          guard id >= 0, id + 1 < starts.count else { continue }
          let range = Int(starts[id])..<Int(starts[id + 1])
          text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
        }
      }
    }
  }

  /// Compares both ways on pairs spread over the vocabulary; a decoder that strips or joins at
  /// borders of tokens shows in many of them.
  private static func decodesPlainly(_ tokenizer: Tokenizer) -> Bool {
    let size = tokenizer.vocabularySize
    for pair in 0..<min(512, size) {
      let ids = [Int32(pair * (size / min(512, size))), Int32((pair * 7919 + 1) % size)]
      let joined = ids.reduce(into: [UInt8]()) { $0 += tokenizer.bytes(of: $1) }
      if tokenizer.decode(ids) != String(decoding: joined, as: UTF8.self) { return false }
    }
    return true
  }
}
