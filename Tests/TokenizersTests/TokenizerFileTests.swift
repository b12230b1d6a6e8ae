import Foundation
import Store
import Testing
import Tokenizers

/// What files give, and what becomes of files that are not right.
@Suite struct TokenizerFileTests {
  private func object(_ name: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(Fixture.json(name)))
    return try #require(value as? [String: Any])
  }

  /// The error that a tokenizer.json changed by `change` gives.
  private func failure(_ change: (inout [String: Any]) throws -> Void) throws -> TokenizerError? {
    var file = try object("gpt2")
    try change(&file)
    let json = Array(try JSONSerialization.data(withJSONObject: file))
    do throws(TokenizerError) {
      _ = try Tokenizer(json: json)
      return nil
    } catch {
      return error
    }
  }

  private func change(_ part: String, _ key: String, _ value: Any) throws -> TokenizerError? {
    try failure { file in
      var inner = try #require(file[part] as? [String: Any])
      inner[key] = value
      file[part] = inner
    }
  }

  @Test func unchangedFileIsRead() throws {
    #expect(try failure { _ in } == nil)
  }

  @Test func unknownModelsAreNamed() throws {
    let error = try #require(try change("model", "type", "WordTree"))
    #expect(
      error
        == .unsupported(
          field: "model.type", found: "WordTree",
          supported: "BPE, WordPiece, WordLevel and Unigram"))
    #expect(error.message.contains("WordTree"))
    #expect(!error.hint.isEmpty)
  }

  @Test func modelsWithoutTheirPartsAreNamed() throws {
    #expect(try change("model", "type", "Unigram")?.message.contains("model.vocab") == true)
    #expect(try change("model", "type", "WordLevel")?.message.contains("unk_token") == true)
    let prefix = try change("model", "type", "WordPiece")
    #expect(prefix?.message.contains("continuing_subword_prefix") == true)
  }

  @Test func unsupportedPartsAreNamed() throws {
    let normalizer = try failure { $0["normalizer"] = ["type": "Uppercase"] }
    #expect(normalizer?.message.contains("Uppercase") == true)
    let preTokenizer = try failure { $0["pre_tokenizer"] = ["type": "Words"] }
    #expect(preTokenizer?.message.contains("Words") == true)
    let decoder = try failure { $0["decoder"] = ["type": "Reverse"] }
    #expect(decoder?.message.contains("Reverse") == true)
    let processor = try failure { $0["post_processor"] = ["type": "PairProcessing"] }
    #expect(processor?.message.contains("PairProcessing") == true)
    let map = try failure {
      $0["normalizer"] = ["type": "Precompiled", "precompiled_charsmap": "AAAA"]
    }
    #expect(map?.message.contains("precompiled_charsmap") == true)
    let template = try failure {
      $0["post_processor"] = [
        "type": "TemplateProcessing", "single": [["SpecialToken": ["id": "[CLS]", "type_id": 0]]],
        "pair": [], "special_tokens": [String: Any](),
      ]
    }
    #expect(template?.message.contains("[CLS]") == true)
    #expect(try change("model", "dropout", 0.1)?.message.contains("dropout") == true)
  }

  @Test func unknownPatternIsNamed() throws {
    let pattern = #"\p{Hann}+|x"#
    let stage: [String: Any] = [
      "type": "Split", "pattern": ["Regex": pattern], "behavior": "Isolated", "invert": false,
    ]
    let byteLevel: [String: Any] = ["type": "ByteLevel", "use_regex": false]
    let error = try failure {
      $0["pre_tokenizer"] = ["type": "Sequence", "pretokenizers": [stage, byteLevel]]
    }
    #expect(
      error
        == .unsupportedPattern(
          field: "pre_tokenizer.pretokenizers[0].pattern.Regex", pattern: pattern,
          reason: #"it names the unknown property \p{Hann}"#))
  }

  @Test func damagedVocabulariesAreNamed() throws {
    #expect(try change("model", "vocab", ["a": -1])?.message.contains("model.vocab.a") == true)
    #expect(try change("model", "vocab", ["a": 4_000_000_000])?.message.contains("vocab.a") == true)
    #expect(try change("model", "vocab", ["a": "b"])?.message.contains("\"b\"") == true)
    #expect(try change("model", "vocab", [String: Any]())?.message.contains("vocab") == true)
    #expect(try change("model", "merges", ["a b c"])?.message.contains("merges[0]") == true)
    #expect(try change("model", "merges", ["\u{119} q"])?.message.contains("merges[0]") == true)
    #expect(try change("model", "merges", [["a"]])?.message.contains("merges[0]") == true)
    #expect(try change("model", "merges", 7)?.message.contains("an array") == true)
    #expect(try change("model", "unk_token", 3)?.message.contains("unk_token") == true)
  }

  @Test func everyTruncationIsAnError() throws {
    let json = try Fixture.json("gpt2")
    for length in stride(from: 0, to: json.count - 2, by: json.count / 150) {
      #expect(throws: TokenizerError.self) { try Tokenizer(json: Array(json[..<length])) }
    }
  }

  @Test func flippedBytesNeverCrash() throws {
    let json = try Fixture.json("qwen2")
    var state: UInt64 = 7
    for _ in 0..<150 {
      var damaged = json
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        damaged[Int(state >> 33) % damaged.count] = UInt8(truncatingIfNeeded: state >> 24)
      }
      // Some flips stay valid; then encoding must work too.
      if let tokenizer = try? Tokenizer(json: damaged) { _ = tokenizer.encode("Hello 12 \u{e9}") }
    }
  }

  @Test(arguments: [
    "", "{", "[]", "null", "{\"model\":", "{\"a\":1}x", "\u{feff}{}", "{\"a\":\"\\ud800\"}",
    "{\"a\":\"\\u12\"}", "{\"a\":tru}", "{\"a\":01e}", "{'a':1}", "{\"a\":1,}", "[1,]",
  ])
  func malformedJSONIsAnError(text: String) {
    #expect(throws: TokenizerError.self) { try Tokenizer(json: Array(text.utf8)) }
  }

  @Test func deepNestingIsAnError() {
    let text = String(repeating: "[", count: 200_000)
    #expect(throws: TokenizerError.self) { try Tokenizer(json: Array(text.utf8)) }
  }

  @Test func foldersAndFilesAreRead() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/tokenizer-\(UUID().uuidString)"
    try Folder.make(folder)
    defer { try? Folder.remove(folder) }
    let json = try Fixture.json("qwen2")
    try AtomicFile.write(json, to: folder + "/tokenizer.json")
    let tokenizer = try Tokenizer.load(from: folder)
    #expect(tokenizer.endOfTextID == tokenizer.id(of: "<|endoftext|>"))
    #expect(tokenizer.digest == (try Digest.sha256(json)))
    try AtomicFile.write(
      text: #"{"eos_token": {"content": "<|im_end|>"}}"#, to: folder + "/tokenizer_config.json")
    let configured = try Tokenizer.load(from: folder + "/tokenizer.json")
    #expect(configured.endOfTextID == configured.id(of: "<|im_end|>"))
    #expect(throws: TokenizerError.self) { try Tokenizer.load(from: folder + "/missing") }
  }
}
