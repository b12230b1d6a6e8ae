import Corpus
import Foundation
import Store
import Testing
import Tokenizers

/// Shards that the published script made itself, by their digests (scripts/published_pack.py).
@Suite("Packing as the published script")
struct PublishedPackingTests {
  struct Case: Decodable {
    let preset: String
    let tokenizer: String
    let maximum_length: Int
    let shard_size: Int
    let sha256: [String: String]
  }

  static func fixture(_ name: String) throws -> String {
    try #require(
      Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures")
    ).path
  }

  /// A cut-down tokenizer, which the tests of the tokenizers keep.
  static func tokenizer(_ name: String) -> String {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    return tests.appendingPathComponent("TokenizersTests/Fixtures/\(name).tokenizer.json").path
  }

  @Test("The same documents give the same bytes, in one shard and in several")
  func bytes() throws {
    let cases = try JSONDecoder().decode(
      [Case].self, from: Data(contentsOf: URL(fileURLWithPath: Self.fixture("published.json"))))
    #expect(cases.count == 12)
    let input = try Self.fixture("published.jsonl")
    for one in cases {
      let path = Self.tokenizer(one.tokenizer)
      let tokenizer = try Tokenizer.load(from: path)
      let preset = try #require(PackingPreset(rawValue: one.preset))
      var settings = CorpusSettings()
      try preset.apply(to: &settings, tokenizer: tokenizer, path: path)
      #expect(settings.packing.maximumLength == 1025)
      #expect(settings.shards.chunksPerShard == 1_000_000)
      settings.packing.maximumLength = one.maximum_length
      settings.shards.chunksPerShard = one.shard_size
      settings.reader.keepsEmptyTexts = true
      let scratch = try ScratchFolder()
      let out = scratch.path + "/out"
      _ = try CorpusBuilder(
        inputs: [input], settings: settings, tokenizer: TokenizerEncoding(tokenizer)
      ).build(into: out)
      var found: [String: String] = [:]
      for name in try Folder.list(out) where name.hasSuffix(".bin") || name.hasSuffix(".idx") {
        found[name] = try Digest.sha256(file: out + "/" + name)
      }
      #expect(found == one.sha256, "\(one.preset), \(one.maximum_length), \(one.shard_size)")
    }
  }

  @Test("A preset that needs a beginning token asks the tokenizer for it")
  func beginning() throws {
    var settings = CorpusSettings()
    let llama = Self.tokenizer("llama-bpe")
    let tokenizer = try Tokenizer.load(from: llama)
    try PackingPreset.llama31.apply(to: &settings, tokenizer: tokenizer, path: llama)
    #expect(settings.packing.beginningOfSequence == tokenizer.id(of: "<|begin_of_text|>"))
    #expect(settings.shards.shuffle == .numpy(233))
    let qwen = Self.tokenizer("qwen2")
    #expect(
      try corpusError {
        try PackingPreset.llama31.apply(
          to: &settings, tokenizer: Tokenizer.load(from: qwen), path: qwen)
      } != nil)
    try PackingPreset.qwen.apply(
      to: &settings, tokenizer: Tokenizer.load(from: qwen), path: qwen)
    #expect(settings.packing.beginningOfSequence == nil)
    // A configuration beside the tokenizer decides.
    let scratch = try ScratchFolder()
    let data = try Data(contentsOf: URL(fileURLWithPath: llama))
    try scratch.write(data, to: "m/tokenizer.json")
    for name in ["\"<|end_of_text|>\"", "{\"content\": \"<|end_of_text|>\"}"] {
      try scratch.write("{\"bos_token\": \(name)}", to: "m/tokenizer_config.json")
      #expect(
        PackingPreset.beginningToken(of: tokenizer, path: scratch.path + "/m")
          == tokenizer.id(of: "<|end_of_text|>"))
    }
  }
}
