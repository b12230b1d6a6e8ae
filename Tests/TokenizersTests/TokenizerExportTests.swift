import Foundation
import Store
import Testing
import Tokenizers

/// Tokenizers in model folders that are written, and what transformers makes of them.
@Suite struct TokenizerExportTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/export-\(UUID().uuidString)"
  private var source: String { folder + "/source" }
  private var target: String { folder + "/target" }

  private func withFolders(_ body: () throws -> Void) throws {
    try Folder.make(source)
    try Folder.make(target)
    defer { try? Folder.remove(folder) }
    try body()
  }

  private func write(_ model: TokenizerExport.ModelTokens, from path: String? = nil) throws {
    try TokenizerExport.write(from: path ?? source, to: target, for: model)
  }

  private func configuration() throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: target + "/tokenizer_config.json"))
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test(arguments: Fixture.names) func aMissingConfigurationIsMade(name: String) throws {
    try withFolders {
      try AtomicFile.write(Fixture.json(name), to: source + "/tokenizer.json")
      let original = try Tokenizer.load(from: source)
      let end = try #require(original.endOfTextID)
      try write(.init(end: Int(end), longestText: 512))
      let keys = try configuration()
      #expect(keys["tokenizer_class"] as? String == "PreTrainedTokenizerFast")
      #expect(keys["clean_up_tokenization_spaces"] as? Bool == false)
      #expect(keys["eos_token"] as? String == original.token(of: end))
      #expect(keys["pad_token"] as? String == original.token(of: end))
      #expect(keys["bos_token"] is NSNull && keys["model_max_length"] as? Int == 512)
      // Nothing that it names changes what the tokenizer is.
      let written = try Tokenizer.load(from: target)
      #expect(written.digest == original.digest && written.endOfTextID == end)
    }
  }

  /// A token that is none of the special ones would become one by being named.
  @Test func tokensThatAreNotSpecialAreNotNamed() throws {
    try withFolders {
      try AtomicFile.write(Fixture.json("gpt2"), to: source + "/tokenizer.json")
      let plain = Int(try #require(try Tokenizer.load(from: source).id(of: "a")))
      try write(.init(beginning: plain, end: 1 << 40, padding: -1))
      let keys = try configuration()
      #expect(["bos_token", "eos_token", "pad_token"].allSatisfy { keys[$0] is NSNull })
    }
  }

  @Test func filesThatAreThereStay() throws {
    try withFolders {
      let json = try Fixture.json("qwen2")
      let own = "{\"eos_token\": \"<|im_end|>\"}"
      try AtomicFile.write(json, to: source + "/tokenizer.json")
      try AtomicFile.write(text: own, to: source + "/tokenizer_config.json")
      try AtomicFile.write(text: "#version: 0.2\n", to: source + "/merges.txt")
      // The file itself may be named, too.
      for path in [source, source + "/tokenizer.json"] {
        try write(.init(end: 0), from: path)
        #expect(FileManager.default.contents(atPath: target + "/tokenizer.json") == Data(json))
        let config = FileManager.default.contents(atPath: target + "/tokenizer_config.json")
        #expect(config == Data(own.utf8))
        #expect(Folder.exists(target + "/merges.txt"))
      }
    }
  }

  @Test func withoutATokenizerNothingIsWritten() throws {
    try withFolders {
      try write(.init(end: 0))
      try write(.init(end: 0), from: folder + "/none")
      #expect(try Folder.list(target).isEmpty)
    }
  }

  private func warning(
    _ name: String, type: String, configuration: String? = nil, namedClass: String? = nil
  ) throws -> String? {
    var warning: String?
    try withFolders {
      try AtomicFile.write(Fixture.json(name), to: source + "/tokenizer.json")
      if let configuration {
        try AtomicFile.write(text: configuration, to: source + "/tokenizer_config.json")
      }
      warning =
        try TransformersTokenizer(folder: source, modelType: type, namedClass: namedClass)?.warning
    }
    return warning
  }

  /// transformers 5.24 was asked for the ids of every one of these folders.
  @Test func whatTransformersReplacesIsKnown() throws {
    let fast = #"{"tokenizer_class": "PreTrainedTokenizerFast"}"#
    let kept: [(String, String, String?)] = [
      ("qwen2", "qwen2", nil), ("qwen2", "qwen3", nil), ("qwen2", "qwen2", fast),
      ("gpt-neox-20b", "mamba", nil), ("falcon", "mamba", fast), ("gpt2", "qwen3", fast),
      ("llama-bpe", "llama", nil), ("gpt2", "llama", nil),
      ("llama-bpe", "llama", #"{"tokenizer_class": "LlamaTokenizerFast"}"#),
      ("gpt2", "llama", #"{"tokenizer_class": "GPT2Tokenizer"}"#),
    ]
    for (name, type, configuration) in kept {
      let warning = try warning(name, type: type, configuration: configuration)
      #expect(warning == nil, "\(name) as \(type): \(warning ?? "")")
    }
    let replaced: [(String, String, String?, String)] = [
      ("gpt2", "qwen2", fast, "PreTrainedTokenizerFast.from_pretrained"),
      ("llama-bpe", "qwen2", nil, "PreTrainedTokenizerFast.from_pretrained"),
      ("gpt2", "qwen3", nil, "in tokenizer_config.json keeps it"),
      ("falcon", "mamba", nil, "GPTNeoXTokenizer"),
      ("falcon", "llama", #"{"tokenizer_class": "GPTNeoXTokenizerFast"}"#, "GPTNeoXTokenizer"),
      ("llama-bpe", "qwen3", #"{"tokenizer_class": "Qwen2TokenizerFast"}"#, "Qwen2Tokenizer"),
    ]
    for (name, type, configuration, words) in replaced {
      let warning = try warning(name, type: type, configuration: configuration)
      #expect(warning?.contains(words) == true, "\(name) as \(type): \(warning ?? "nothing")")
    }
    #expect(try warning("falcon", type: "mamba", namedClass: "PreTrainedTokenizerFast") == nil)
  }
}
