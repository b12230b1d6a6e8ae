/// Encodes texts with memory that it keeps from one to the next; one encoder per thread.
public final class TokenEncoder {
  private let tokenizer: Tokenizer
  private var merger = WordMerger()
  private var scratch = PreTokenizer.Scratch()

  public init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
  }

  /// Tokens of `text`; with `addSpecialTokens` also those that tokenizer.json puts around a text.
  public func encode(_ text: String, addSpecialTokens: Bool = false) -> [Int32] {
    var tokens: [Int32] = addSpecialTokens ? tokenizer.template.prefix : []
    var text = text
    text.withUTF8 { encodeValid($0, into: &tokens) }
    if addSpecialTokens { tokens += tokenizer.template.suffix }
    return tokens
  }

  /// Appends the tokens of a text to `tokens`; bytes that are no UTF-8 count as U+FFFD.
  public func encode(utf8 text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    if UTF8Decoding.isValid(text) {
      encodeValid(text, into: &tokens)
    } else {
      var repaired = String(decoding: text, as: UTF8.self)
      repaired.withUTF8 { encodeValid($0, into: &tokens) }
    }
  }

  private func encodeValid(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    if tokenizer.rawTokens.isEmpty {
      normalizeAndEncode(text, into: &tokens)
      return
    }
    for part in tokenizer.rawTokens.parts(of: text) {
      if let token = part.token {
        tokens.append(token)
      } else {
        normalizeAndEncode(UnsafeBufferPointer(rebasing: text[part.range]), into: &tokens)
      }
    }
  }

  private func normalizeAndEncode(
    _ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]
  ) {
    let composer = CanonicalComposer.shared
    if !tokenizer.normalizesToNFC || composer.isPlainlyComposed(text) {
      encodeNormalized(text, into: &tokens)
    } else {
      composer.composed(text).withUnsafeBufferPointer { encodeNormalized($0, into: &tokens) }
    }
  }

  private func encodeNormalized(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    if tokenizer.normalizedTokens.isEmpty {
      encodeWords(text, into: &tokens)
      return
    }
    for part in tokenizer.normalizedTokens.parts(of: text) {
      if let token = part.token {
        tokens.append(token)
      } else {
        encodeWords(UnsafeBufferPointer(rebasing: text[part.range]), into: &tokens)
      }
    }
  }

  private func encodeWords(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    let model = tokenizer.model
    let tables = model.tables
    let wholeWords = model.wholeWords.view
    withExtendedLifetime(model) {
      tokenizer.preTokenizer.forEachWord(of: text, scratch: &scratch) { word in
        if let token = wholeWords.value(of: word) {
          tokens.append(token)
        } else {
          merger.merge(word, tables, into: &tokens)
        }
      }
    }
  }
}
