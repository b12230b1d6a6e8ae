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

  @Test(arguments: [
    #"\p{Han}+"#, #"\w+"#, #"\bx"#, "(?<=a)b", "(a)\\1", "a**", "(?:a*)*", "a|", "", "[", "[]", "(",
    ")", "(?i:é)", "a{3,2}", "a{999}", "a{1,2}?", "[a-z&&[^b]]", "[b-a]", "\\", "\\p{", "\\p{Xx}",
    "^a", "a$", "(?>a)", "(?i)a", "[[:alpha:]]", "\\u12", "*a",
    String(repeating: "(", count: 5000), "((((((a{200}){200}){200}){200}){200}){200})",
  ])
  func unsupportedPatternsAreNamed(pattern: String) throws {
    #expect(
      throws: TokenizerError.unsupportedPattern(
        field: "pre_tokenizer.pretokenizers[0].pattern.Regex", pattern: pattern)
    ) { try tokenizer(pattern) }
  }

  @Test(arguments: ["(?:a|a)+b", "(?:a+)+b", "(?:a|aa)+(?=b)", "(?:(?:a|b)+c?)+d"])
  func backtrackingIsBounded(pattern: String) throws {
    let tokenizer = try tokenizer(pattern)
    let text = String(repeating: "a", count: 2000)
    let clock = ContinuousClock()
    var tokens: [Int32] = []
    let time = clock.measure { tokens = tokenizer.encode(text) }
    // Without bounds these take 2 to the 2000 steps.
    #expect(time < .seconds(10))
    #expect(tokenizer.decode(tokens) == text)
  }
}
