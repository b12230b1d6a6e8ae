import Foundation
import Testing
import Tokenizers

/// Files under Fixtures, made by scripts/make_tokenizer_fixtures.py.
enum Fixture {
  /// Cut-down forms of published tokenizers.
  static let names = ["qwen2", "gpt2", "llama-bpe", "gpt-neox-20b", "falcon", "smollm2"]

  struct Golden: Decodable {
    /// Of every text of `texts`.
    let ids: [[Int32]]
    /// Of the first texts, with the tokens that the post-processor adds.
    let withSpecialTokens: [[Int32]]
    /// Of the first texts, without their last token and without special tokens.
    let decodedWithoutLast: [String]
  }

  static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: "Fixtures/" + name, withExtension: nil))
  }

  static func json(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: url(name + ".tokenizer.json")))
  }

  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(json: json(name))
  }

  static func golden(_ name: String) throws -> Golden {
    try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url(name + ".golden.json")))
  }

  static func texts() throws -> [String] {
    try JSONDecoder().decode([String].self, from: Data(contentsOf: url("texts.json")))
  }
}
