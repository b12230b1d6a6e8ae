/// Encodes texts with memory that it keeps from one to the next; one encoder per thread.
public final class TokenEncoder {
  private let tokenizer: Tokenizer
  private let memory: EncoderMemory
  private let scratch = PreTokenizer.Scratch()
  private let normalizing = Normalizer.Scratch()

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
    var tokens: [Int32] = []
    var text = text
    tokenizer.template.append(to: &tokens, addingSpecial: addSpecialTokens) { tokens in
      text.withUTF8 { encode(validated: $0, into: &tokens) }
    }
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
    let (tokenizer, memory) = (self.tokenizer, self.memory)
    withExtendedLifetime(tokenizer) {
      let mapsBytes = tokenizer.preTokenizer.mapsBytes
      switch tokenizer.model {
      case .bytePairs(let model):
        encode(text, WordEncoder(model, memory), into: &tokens)
      case .characterPairs(let model):
        let view = model.view(memory.merger)
        encode(text, PieceEncoder(view, memory, mapsBytes: mapsBytes), into: &tokens)
      case .wordLevel(let model):
        encode(text, PieceEncoder(model.view, memory, mapsBytes: mapsBytes), into: &tokens)
      case .wordPiece(let model):
        encode(text, PieceEncoder(model.view, memory, mapsBytes: mapsBytes), into: &tokens)
      case .unigram(let model):
        let view = model.view(memory.lattice)
        encode(text, PieceEncoder(view, memory, mapsBytes: mapsBytes), into: &tokens)
      }
    }
  }

  private func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ sink: some TokenSink, into tokens: inout [Int32]
  ) {
    var words = sink
    if tokenizer.rawTokens.isEmpty {
      normalizeAndEncode(text, isStart: true, &words)
    } else {
      tokenizer.rawTokens.forEachPart(of: text) { token, range in
        if let token {
          words.append(token)
        } else {
          let part = UnsafeBufferPointer(rebasing: text[range])
          normalizeAndEncode(part, isStart: range.lowerBound == 0, &words)
        }
      }
    }
    words.finish(&tokens)
  }

  /// - Parameter isStart: whether the part stands at the start of the text.
  private func normalizeAndEncode(
    _ text: UnsafeBufferPointer<UInt8>, isStart: Bool, _ words: inout some TokenSink
  ) {
    let normalizer = tokenizer.normalizer
    if normalizer.isComposition {
      let composer = CanonicalComposer.shared
      if composer.isPlainlyComposed(text) {
        encodeNormalized(text, leading: leading(text, isStart), &words)
      } else {
        composer.composed(text).withUnsafeBufferPointer {
          encodeNormalized($0, leading: leading($0, isStart), &words)
        }
      }
      return
    }
    let result = normalizer.normalize(text, leading: leading(text, isStart), normalizing)
    encodeNormalized(result.text, leading: result.leading, &words)
  }

  /// How many bytes of a part come from the start of the text: its first character, if that counts.
  @inline(__always)
  private func leading(_ text: UnsafeBufferPointer<UInt8>, _ isStart: Bool) -> Int {
    guard isStart, tokenizer.preTokenizer.marksStart, let first = text.first else { return 0 }
    return CharacterCount.width(first)
  }

  private func encodeNormalized(
    _ text: UnsafeBufferPointer<UInt8>, leading: Int, _ words: inout some TokenSink
  ) {
    let preTokenizer = tokenizer.preTokenizer
    if tokenizer.normalizedTokens.isEmpty {
      preTokenizer.forEachWord(of: text, leading: leading, scratch: scratch, into: &words)
      return
    }
    tokenizer.normalizedTokens.forEachPart(of: text) { token, range in
      if let token {
        words.append(token)
      } else {
        preTokenizer.forEachWord(
          of: UnsafeBufferPointer(rebasing: text[range]),
          leading: max(0, leading - range.lowerBound), scratch: scratch, into: &words)
      }
    }
  }
}
