/// Encodes texts with memory that it keeps from one to the next; one encoder per thread.
public final class TokenEncoder {
  private let tokenizer: Tokenizer
  private let memory: EncoderMemory
  private let scratch = PreTokenizer.Scratch()

  public init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    memory = EncoderMemory(.standard)
  }

  /// - Parameter size: how many words to remember.
  init(_ tokenizer: Tokenizer, cache size: WordCache.Size) {
    self.tokenizer = tokenizer
    memory = EncoderMemory(size)
  }

  /// Tokens of `text`; with `addSpecialTokens` also those that tokenizer.json puts around a text.
  public func encode(_ text: String, addSpecialTokens: Bool = false) -> [Int32] {
    var tokens: [Int32] = addSpecialTokens ? tokenizer.template.prefix : []
    var text = text
    text.withUTF8 { encode(validated: $0, into: &tokens) }
    if addSpecialTokens { tokens += tokenizer.template.suffix }
    return tokens
  }

  /// Appends the tokens of a text to `tokens`; bytes that are no UTF-8 count as U+FFFD.
  public func encode(utf8 text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    if UTF8Decoding.isValid(text) {
      encode(validated: text, into: &tokens)
    } else {
      var repaired = String(decoding: text, as: UTF8.self)
      repaired.withUTF8 { encode(validated: $0, into: &tokens) }
    }
  }

  /// Appends the tokens of a text that is known to be valid UTF-8, such as what a JSON parser gives.
  ///
  /// Spares the pass that checks it; bytes that are no UTF-8 would be read past their end.
  public func encode(validated text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    let tokenizer = self.tokenizer
    withExtendedLifetime(tokenizer) {
      var words = WordEncoder(tokenizer.model, memory)
      if tokenizer.rawTokens.isEmpty {
        normalizeAndEncode(text, &words)
      } else {
        tokenizer.rawTokens.forEachPart(of: text) { token, range in
          if let token {
            words.append(token)
          } else {
            normalizeAndEncode(UnsafeBufferPointer(rebasing: text[range]), &words)
          }
        }
      }
      words.finish(&tokens)
    }
  }

  private func normalizeAndEncode(_ text: UnsafeBufferPointer<UInt8>, _ words: inout WordEncoder) {
    let composer = CanonicalComposer.shared
    if !tokenizer.normalizesToNFC || composer.isPlainlyComposed(text) {
      encodeNormalized(text, &words)
    } else {
      composer.composed(text).withUnsafeBufferPointer { encodeNormalized($0, &words) }
    }
  }

  private func encodeNormalized(_ text: UnsafeBufferPointer<UInt8>, _ words: inout WordEncoder) {
    if tokenizer.normalizedTokens.isEmpty {
      tokenizer.preTokenizer.forEachWord(of: text, scratch: scratch, into: &words)
      return
    }
    tokenizer.normalizedTokens.forEachPart(of: text) { token, range in
      if let token {
        words.append(token)
      } else {
        let part = UnsafeBufferPointer(rebasing: text[range])
        tokenizer.preTokenizer.forEachWord(of: part, scratch: scratch, into: &words)
      }
    }
  }
}
