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

  /// The bytes that a token gives to a text in which it stands at `place`.
  ///
  /// Those of tokens in the middle are what ``TokenBytes`` holds: put together they are the decoded
  /// text but for what decoders do to its ends, such as taking the first space away.
  func bytes(of token: [UInt8], _ place: TokenPlace = .middle) -> [UInt8] {
    var bytes = token
    var isFused = false
    for step in steps ?? [] {
      switch step {
      case .fuse, .byteLevel:
        if !isFused { bytes = step.converted(bytes, place, nil) }
        isFused = true
      case .strip(let content, let start, let stop) where isFused:
        // Only the ends of the whole text.
        let own = DecoderStep.strip(
          content, start: place.isFirst ? start : 0, stop: place.isLast ? stop : 0)
        bytes = own.converted(bytes, place, nil)
      case .byteFallback, .strip: bytes = step.converted(bytes, place, nil)
      case .metaspace, .wordPiece, .wordEnds, .temporal:
        // All of a text in one string is its first token and its last.
        bytes = step.converted(bytes, isFused ? .only : place, nil)
      case .replace:
        // Expressions cannot look into a character of which the token is a part.
        if bytes.withUnsafeBufferPointer(UTF8Decoding.isValid) {
          bytes = step.converted(bytes, place, step.searcher)
        }
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
