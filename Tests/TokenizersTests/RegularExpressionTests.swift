import Foundation
import Testing
import Tokenizers

/// Patterns without a scanner of their own; their ids are among the variants of `GoldenTests`.
@Suite struct RegularExpressionTests {
  /// GPT-2's cut-down tokenizer with one Split stage for `pattern`.
  private func tokenizer(_ pattern: String) throws -> Tokenizer {
    let value = try JSONSerialization.jsonObject(with: Data(Fixture.json("gpt2")))
    var file = try #require(value as? [String: Any])
    let stage: [String: Any] = [
      "type": "Split", "pattern": ["Regex": pattern], "behavior": "Isolated", "invert": false,
    ]
    let byteLevel: [String: Any] = [
      "type": "ByteLevel", "add_prefix_space": false, "use_regex": false,
    ]
    file["pre_tokenizer"] = ["type": "Sequence", "pretokenizers": [stage, byteLevel]]
    return try Tokenizer(json: Array(JSONSerialization.data(withJSONObject: file)))
  }

  @Test(arguments: [
    #"(?:'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"#,
    #"'s|'t|'re|'ve|'m|'ll|'d|[ ]?\p{L}+|[ ]?\p{N}+|[ ]?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
  ])
  func engineAgreesWithScanner(pattern: String) throws {
    let engine = try tokenizer(pattern)
    let scanner = try Fixture.tokenizer("gpt2")
    for text in try Fixture.texts() where !text.contains("<|endoftext|>") {
      #expect(engine.encode(text) == scanner.encode(text), "\(text.debugDescription)")
    }
  }

  /// Each with a word of the reason that the message gives.
  static let unsupported: [(pattern: String, reason: String)] = [
    (#"\p{Hann}+"#, #"\p{Hann}"#), (#"\Ka"#, #"\K"#), (#"\Xa"#, #"\X"#), (#"\Ga"#, #"\G"#),
    ("(a)\\1", #"\1"#), (#"(?<n>a)\k<n>"#, #"\k"#), ("(?:a*)*?", "match nothing"),
    ("(?:|a)+", "match nothing"), ("(?:(?!b)a?)+", "match nothing"), ("[", "not closed"),
    ("[]", "empty"), ("(", "not closed"), (")", "no opening"), ("a{999999}", "100000"),
    ("[b-a]", "wrong end"), (#"[a-\d]"#, "wrong end"), ("\\", "backslash"), (#"\p{"#, "property"),
    (#"\pL"#, "braces"), (#"\p{Xx}"#, #"\p{Xx}"#), ("(?~a)", "absent"),
    ("(a)?(?(1)b|c)", "condition"),
    ("(?{a})b", "callout"), ("(?W)a", "(?W"), ("(?P<n>a)", "(?P"), ("(?<1>a)", "name"),
    ("[[:alfa:]]", "alfa"), (#"\u12"#, "digits"), ("*a", "nothing to repeat"),
    ("^*", "match nothing"),
    (#"\xe9"#, "byte by byte"), (#"\x{110000}"#, "digits"), (#"\x{e9 ea}"#, "digits"),
    (#"\cA"#, #"\c"#), ("(?<=(?=a)b)c", "lookbehind"), ("(?<=(?>a+))c", "lookbehind"),
    ("(?<=a++)c", "lookbehind"), (String(repeating: "(", count: 5000), "nested"),
    (String(repeating: "[", count: 5000), "nested"),
    ("a" + String(repeating: "+", count: 5000), "loops"),
    (String(repeating: "ab|", count: 5000) + "a", "characters"),
    ("((((((a{200}){200}){200}){200}){200}){200})", "4096"),
  ]

  @Test(arguments: unsupported.indices)
  func unsupportedPatternsAreNamed(index: Int) throws {
    let (pattern, reason) = Self.unsupported[index]
    let error = #expect(throws: TokenizerError.self) { try tokenizer(pattern) }
    let message = try #require(error?.message)
    #expect(message.contains("pre_tokenizer.pretokenizers[0].pattern.Regex"), "\(message)")
    #expect(message.contains(reason), "\(message)")
    #expect(message.count < 500)
  }

  /// Patterns that make a search come back to the same text again and again.
  static let expensive: [(pattern: String, unit: String)] = [
    ("(?:a|a)+b", "a"), ("(?:a+)+b", "a"), ("(?:a|aa)+(?=b)", "a"), ("(?:(?:a|b)+c?)+d", "a"),
    ("a+b|a", "a"), ("(?:aa)+b|a", "a"), (#"\s+\S"#, " "), ("a*?b|a", "a"), ("a{1,200}b|a", "a"),
    (#"\d{1,3}(?=(?:\d{3})*(?!\d))"#, "7"), (#"\d{1,3}(?=(?:\d{3})*(?:\D|$))"#, "7"),
    ("(?:(?>a)a?)+b|a", "a"), ("(?=a+bb)a|a", "a"), ("(?<=a+)b|a", "a"), ("(?<=a*b|a)a", "a"),
    ("(?<!ba*)a", "a"), ("(?=a*b)", "a"), ("(?i)(?<=s+)ß|s", "s"),
  ]

  /// Twice the text may cost twice the steps, and a little more for what is noted on the way.
  @Test(arguments: expensive.indices)
  func stepsAreLinear(index: Int) throws {
    let (pattern, unit) = Self.expensive[index]
    let short = try #require(
      RegularExpressionSteps(pattern, in: String(repeating: unit, count: 6_000)))
    let long = try #require(
      RegularExpressionSteps(pattern, in: String(repeating: unit, count: 12_000)))
    #expect(long.steps < 3 * short.steps)
    #expect(long.steps < 12_000 * 600)
  }

  @Test func stagesOfRegularExpressionsKeepTheText() throws {
    for (pattern, unit) in Self.expensive {
      let tokenizer = try tokenizer(pattern)
      let text = String(repeating: unit, count: 3_000) + "!"
      #expect(tokenizer.decode(tokenizer.encode(text)) == text, "\(pattern)")
    }
  }
}
