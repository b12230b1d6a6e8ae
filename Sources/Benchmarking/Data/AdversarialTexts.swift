import Tokenizers

/// Time of one text that is hard on tokenizers, at one length and at twice that.
public struct AdversarialMeasurement: Encodable, Sendable {
  public var bench = "tokenizer-adversarial"
  public var tokenizer: String
  /// What the text is made of.
  public var text: String
  /// Bytes of the longer text.
  public var bytes: Int
  public var tokens: Int
  public var seconds: Double
  public var megabytesPerSecond: Double
  /// Seconds of the longer text by those of one half as long: 2 when the cost is linear.
  public var ratio: Double
}

/// Texts without the breaks that tokenizers count on: each must cost time in proportion to length.
public enum AdversarialTexts {
  /// Names of the texts, with a maker of `count` bytes or a few fewer.
  static let makers: [(name: String, make: @Sendable (_ count: Int) -> String)] = [
    ("one letter", { String(repeating: "a", count: $0) }),
    ("spaces", { String(repeating: " ", count: $0) }),
    ("spaces, then a letter", { String(repeating: " ", count: $0 - 1) + "x" }),
    ("line feeds", { String(repeating: "\n", count: $0) }),
    ("line feeds and spaces", { String(repeating: "\n ", count: $0 / 2) }),
    ("one mark", { String(repeating: "!", count: $0) }),
    ("apostrophes", { String(repeating: "'", count: $0) }),
    ("digits", { String(repeating: "1234567", count: $0 / 7) }),
    ("one digit", { String(repeating: "0", count: $0) }),
    ("one word of random letters", { randomLetters($0, from: 0x61, count: 26, width: 1) }),
    ("one word of two-byte letters", { randomLetters($0, from: 0x430, count: 32, width: 2) }),
    ("one word of three-byte letters", { randomLetters($0, from: 0x4E00, count: 5000, width: 3) }),
    ("combining marks", { "e" + String(repeating: "\u{301}", count: $0 / 2) }),
    ("beginnings of special tokens", { String(repeating: "<|", count: $0 / 2) }),
    ("emoji", { String(repeating: "\u{1F600}", count: $0 / 4) }),
  ]

  private static func randomLetters(
    _ bytes: Int, from first: UInt32, count: UInt32, width: Int
  ) -> String {
    var state: UInt64 = 9
    var scalars = String.UnicodeScalarView()
    for _ in 0..<bytes / width {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let letter = first + UInt32(truncatingIfNeeded: state >> 33) % count
      if let scalar = Unicode.Scalar(letter) { scalars.append(scalar) }
    }
    return String(scalars)
  }

  /// Encodes every text at `bytes` and at half of that.
  public static func run(
    tokenizer path: String, bytes: Int, policy: RepeatPolicy,
    _ report: (AdversarialMeasurement) throws -> Void
  ) throws {
    let tokenizer = try Tokenizer.load(from: path)
    for (name, make) in makers {
      let (half, _, _) = measure(tokenizer, make(bytes / 2), policy)
      let (seconds, tokens, size) = measure(tokenizer, make(bytes), policy)
      try report(
        AdversarialMeasurement(
          tokenizer: path, text: name, bytes: size, tokens: tokens, seconds: seconds,
          megabytesPerSecond: Double(size) * 1e-6 / seconds, ratio: seconds / half))
    }
  }

  private static func measure(
    _ tokenizer: Tokenizer, _ text: String, _ policy: RepeatPolicy
  ) -> (seconds: Double, tokens: Int, bytes: Int) {
    let encoder = TokenEncoder(tokenizer)
    let bytes = Array(text.utf8)
    var tokens: [Int32] = []
    let timing = Timing.measureWarm(policy) {
      tokens.removeAll(keepingCapacity: true)
      bytes.withUnsafeBufferPointer { encoder.encode(utf8: $0, into: &tokens) }
    }
    return (timing.best, tokens.count, bytes.count)
  }
}
