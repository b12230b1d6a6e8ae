/// Turns the strings of tokens back into text, as the decoder of a tokenizer.json says.
struct TokenDecoder: Sendable {
  /// In order; nil without a decoder: then a space stands between tokens.
  let steps: [DecoderStep]?

  /// Whether tokens are joined as bytes and nothing else, for which there is a faster way.
  var joinsBytes: Bool {
    guard let steps, steps.count == 1, case .byteLevel = steps[0] else { return false }
    return true
  }

  /// The text of tokens.
  func text(_ tokens: TokenList) -> String {
    guard let steps else {
      var bytes: [UInt8] = []
      for index in 0..<tokens.count {
        if index > 0 { bytes.append(UInt8(ascii: " ")) }
        bytes += tokens[index]
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    let result = steps.reduce(tokens) { $1.apply(to: $0, searcher: $1.searcher) }
    return String(decoding: result.bytes, as: UTF8.self)
  }

  /// The bytes that a token stands for in the middle of a text, for ``TokenBytes``.
  func bytes(of token: [UInt8]) -> [UInt8] {
    var bytes = token
    var isFused = false
    for step in steps ?? [] {
      switch step {
      case .fuse: isFused = true
      // What is done to the ends of the whole text is not done to this token.
      case .strip, .metaspace, .wordPiece, .wordEnds, .temporal:
        if !isFused { bytes = step.converted(bytes, .middle, nil) }
      case .replace:
        if bytes.withUnsafeBufferPointer(UTF8Decoding.isValid) {
          bytes = step.converted(bytes, .middle, step.searcher)
        }
      case .byteLevel, .byteFallback:
        if !isFused { bytes = step.converted(bytes, .middle, nil) }
        if case .byteLevel = step { isFused = true }
      }
    }
    return bytes
  }
}

extension DecoderStep {
  /// What searches for the expression of the step; nil without one.
  var searcher: RegexSearcher? {
    guard case .replace(let replacement) = self,
      case .expression(let expression) = replacement.pattern
    else { return nil }
    return expression.searcher()
  }
}
