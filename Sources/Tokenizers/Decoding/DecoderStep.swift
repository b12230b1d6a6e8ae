/// A step of the decoder of a tokenizer.json: makes new strings of those that the step before gave.
enum DecoderStep: Sendable {
  /// Joins the bytes that characters of the byte-level alphabet stand for.
  case byteLevel
  /// Marks become spaces; those of the first token go, unless the scheme is "never".
  case metaspace(Metaspace)
  /// `<0x41>` becomes the byte 0x41; bytes that make no UTF-8 become U+FFFD each.
  case byteFallback
  /// Joins all strings.
  case fuse
  case replace(TextReplacement)
  /// Takes a character off both ends, so many times at most.
  case strip(UInt32, start: Int, stop: Int)
  /// Takes the prefix of continuing tokens off and puts a space in front of others.
  case wordPiece(prefix: [UInt8], cleansUp: Bool)
  /// The suffix of a word's last token becomes a space, or nothing at the end.
  case wordEnds(suffix: [UInt8])
  /// Connectionist temporal classification: repeated tokens and pads go.
  case temporal(pad: [UInt8], delimiter: [UInt8], cleansUp: Bool)

  private static let space = UInt8(ascii: " ")
  private static let replacementCharacter: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// The strings that the step makes.
  func apply(to list: TokenList, searcher: RegexSearcher?) -> TokenList {
    switch self {
    case .fuse: return list.fused
    case .byteLevel: return Self.joinedBytes(list)
    case .byteFallback: return Self.withBytes(list)
    case .temporal(let pad, let delimiter, let cleansUp):
      return Self.collapsed(list, pad, delimiter, cleansUp)
    default:
      var result = TokenList()
      for index in 0..<list.count {
        let place = TokenPlace(isFirst: index == 0, isLast: index == list.count - 1)
        result.append(converted(Array(list[index]), place, searcher))
      }
      return result
    }
  }

  /// What a step that takes one string at a time makes of it.
  func converted(_ text: [UInt8], _ place: TokenPlace, _ searcher: RegexSearcher?) -> [UInt8] {
    switch self {
    case .metaspace(let metaspace):
      let drops = place.isFirst && metaspace.prepends != .never
      return ByteReplacement.replaced(text, metaspace.replacement, drops ? [] : [Self.space])
    case .replace(let replacement):
      let output = ByteBuffer()
      let changed = text.withUnsafeBufferPointer {
        replacement.convert($0, into: output, searcher: searcher)
      }
      return changed ? Array(output.bytes) : text
    case .strip(let content, let start, let stop):
      return Self.stripped(text, content, start, stop)
    case .wordPiece(let prefix, let cleansUp):
      var result = text
      if !place.isFirst {
        result = text.starts(with: prefix) ? Array(text[prefix.count...]) : [Self.space] + text
      }
      return cleansUp ? EnglishCleanup.cleaned(result) : result
    case .wordEnds(let suffix):
      return ByteReplacement.replaced(text, suffix, place.isLast ? [] : [Self.space])
    case .temporal(let pad, let delimiter, let cleansUp):
      let bare = ByteReplacement.replaced(text, pad, [])
      if !cleansUp { return bare }
      return ByteReplacement.replaced(EnglishCleanup.cleaned(bare), delimiter, [Self.space])
    case .byteLevel:
      return ByteAlphabet.shared.bytes(of: text) ?? text
    case .byteFallback:
      return Self.byte(text[...]).map { [$0] } ?? text
    case .fuse: return text
    }
  }

  private static func joinedBytes(_ list: TokenList) -> TokenList {
    var bytes: [UInt8] = []
    for index in 0..<list.count {
      let text = list[index]
      if !ByteAlphabet.shared.appendBytes(of: text, to: &bytes) { bytes.append(contentsOf: text) }
    }
    var result = TokenList()
    result.append(String(decoding: bytes, as: UTF8.self).utf8)
    return result
  }

  /// The byte that a token such as `<0x0A>` stands for; nil for other tokens.
  private static func byte(_ text: ArraySlice<UInt8>) -> UInt8? {
    guard text.count == 6, text.starts(with: "<0x".utf8), text.last == UInt8(ascii: ">") else {
      return nil
    }
    // The number parser of the library takes a plus sign too, but no minus.
    if text.dropFirst(3).first == UInt8(ascii: "-") { return nil }
    return UInt8(String(decoding: text.dropFirst(3).dropLast(), as: UTF8.self), radix: 16)
  }

  private static func withBytes(_ list: TokenList) -> TokenList {
    var result = TokenList()
    var pending: [UInt8] = []
    func flush() {
      if pending.isEmpty { return }
      if pending.withUnsafeBufferPointer(UTF8Decoding.isValid) {
        result.append(pending)
      } else {
        for _ in pending { result.append(replacementCharacter) }
      }
      pending.removeAll(keepingCapacity: true)
    }
    for index in 0..<list.count {
      if let byte = byte(list[index]) {
        pending.append(byte)
      } else {
        flush()
        result.append(list[index])
      }
    }
    flush()
    return result
  }

  private static func collapsed(
    _ list: TokenList, _ pad: [UInt8], _ delimiter: [UInt8], _ cleansUp: Bool
  ) -> TokenList {
    let step = DecoderStep.temporal(pad: pad, delimiter: delimiter, cleansUp: cleansUp)
    var result = TokenList()
    for index in 0..<list.count {
      if index > 0, list[index].elementsEqual(list[index - 1]) { continue }
      let text = step.converted(Array(list[index]), .middle, nil)
      if !text.isEmpty { result.append(text) }
    }
    return result
  }

  private static func stripped(
    _ text: [UInt8], _ content: UInt32, _ start: Int, _ stop: Int
  ) -> [UInt8] {
    var mark: [UInt8] = []
    UTF8Decoding.append(content, to: &mark)
    var range = 0..<text.count
    for _ in 0..<start {
      guard text[range].starts(with: mark) else { break }
      range = (range.lowerBound + mark.count)..<range.upperBound
    }
    for _ in 0..<stop {
      guard range.count >= mark.count, text[range].suffix(mark.count).elementsEqual(mark) else {
        break
      }
      range = range.lowerBound..<(range.upperBound - mark.count)
    }
    return Array(text[range])
  }
}

/// Where a token stands among those that are decoded.
struct TokenPlace {
  let isFirst: Bool
  let isLast: Bool

  static let middle = TokenPlace(isFirst: false, isLast: false)
  static let only = TokenPlace(isFirst: true, isLast: true)
}

/// Replacing strings of bytes.
enum ByteReplacement {
  static func replaced(_ text: [UInt8], _ key: [UInt8], _ content: [UInt8]) -> [UInt8] {
    let output = ByteBuffer()
    let replacement = TextReplacement(pattern: .literal(key), content: content)
    let changed = text.withUnsafeBufferPointer {
      replacement.convert($0, into: output, searcher: nil)
    }
    return changed ? Array(output.bytes) : text
  }
}

/// Takes out the spaces that English tokenizers leave before punctuation and short forms.
enum EnglishCleanup {
  private static let rules: [(from: [UInt8], to: [UInt8])] = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

  static func cleaned(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(UInt8(ascii: " ")) else { return text }
    return rules.reduce(text) { ByteReplacement.replaced($0, $1.from, $1.to) }
  }
}
