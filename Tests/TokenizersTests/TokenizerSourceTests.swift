import Foundation
import Store
import Testing
import Tokenizers

/// What people give instead of a tokenizer.json: each message names the file, what it is and what to
/// do.
@Suite struct TokenizerSourceTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/source-\(UUID().uuidString)"

  private func withFolder(_ body: () throws -> Void) throws {
    try Folder.make(folder)
    defer { try? Folder.remove(folder) }
    try body()
  }

  private func message(_ path: String) throws -> String {
    let error = #expect(throws: TokenizerError.self) { try Tokenizer.load(from: path) }
    return try #require(error?.description)
  }

  /// A tokenizer of a few tokens, with changes.
  private func json(
    _ model: [String: Any] = [:], _ others: [String: Any] = [:]
  ) throws -> [UInt8] {
    let tokens = ["<unk>", "<s>", "</s>", "a", "b", "c", "ab", "\u{2581}", "x", "A"]
    let vocab = Dictionary(uniqueKeysWithValues: zip(tokens, 0...))
    var bpe: [String: Any] = [
      "type": "BPE", "unk_token": "<unk>", "vocab": vocab, "merges": [["a", "b"]],
    ]
    bpe.merge(model) { $1 }
    var file: [String: Any] = [
      "version": "1.0", "model": bpe,
      "added_tokens": ["<unk>", "<s>", "</s>", "<mask>"].map {
        ["id": vocab[$0] ?? 10, "content": $0, "special": true]
      },
    ]
    file.merge(others) { $1 }
    return Array(try JSONSerialization.data(withJSONObject: file))
  }

  static let others: [(content: [UInt8], found: String, advice: String)] = [
    (
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n".utf8), "git-LFS",
      "git lfs pull"
    ),
    (Array("\n<!DOCTYPE html><html></html>".utf8), "web page", "download"),
    ([], "empty file", "again"),
    (Array(" \n".utf8), "white space", "again"),
    ([0xEF, 0xBB, 0xBF] + Array("{}".utf8), "byte order mark", "sed"),
    ([0xFF, 0xFE, 0x7B, 0], "UTF-16", "iconv"), ([0x1F, 0x8B, 8, 0], "gzip", "gunzip"),
    (Array("GGUF\u{3}".utf8), "GGUF", "tokenizer.json of the model"),
    (Array("#version: 0.2\na b\n".utf8), "merges", "save_pretrained"),
    (Array("ISEh 0\nIiIi 1\n".utf8), "tiktoken", "save_pretrained"),
    ([0x0A, 0x0E, 0x0A, 5] + Array("<unk>".utf8), "SentencePiece", "save_pretrained"),
    (Array(#"{"a": 1, "model": 2}"#.utf8), "vocab.json", "folder"),
    (Array(#"{"tokenizer_class": "X", "eos_token": "y"}"#.utf8), "tokenizer_config.json", "folder"),
    (Array(#"{"model_type": "qwen2"}"#.utf8), "config.json", "folder"),
    (Array(#"{"model": {"type": "BPE", "dropout": NaN}}"#.utf8), "NaN at byte", "null"),
    (Array(#"{"model": {"type": "BPE", "dropout": -Infinity}}"#.utf8), "Infinity", "null"),
    (Array(#"{"model": {"type": "BPE", "vocab": {"a": 0"#.utf8), "no valid JSON", "cut short"),
  ]

  @Test(arguments: others.indices)
  func otherFilesAreNamed(index: Int) throws {
    let (content, found, advice) = Self.others[index]
    try withFolder {
      let path = folder + "/tokenizer.json"
      try AtomicFile.write(content, to: path)
      for given in [path, folder, folder + "/"] {
        let message = try message(given)
        #expect(message.hasPrefix(path), "\(message)")
        #expect(message.contains(found) && message.contains(advice), "\(message)")
      }
    }
  }

  /// The word is not what is wrong where more is.
  @Test func wordsOfPythonAreNotBlamedForOtherErrors() throws {
    try withFolder {
      let path = folder + "/tokenizer.json"
      try AtomicFile.write(text: #"{"NaN": tru}"#, to: path)
      let message = try message(path)
      #expect(message.contains("no valid JSON") && !message.contains("Python"), "\(message)")
    }
  }

  @Test(arguments: ["tokenizer_config.json", "special_tokens_map.json"])
  func filesBesideItAreNamed(name: String) throws {
    try withFolder {
      try AtomicFile.write(json(), to: folder + "/tokenizer.json")
      let path = folder + "/" + name
      try AtomicFile.write(text: "", to: path)
      let empty = try message(folder)
      #expect(empty.hasPrefix(path + ": found an empty file, expected a JSON"), "\(empty)")
      try Folder.remove(path)
      try Folder.make(path)
      let made = try message(folder)
      #expect(made.hasPrefix(path + ": found a folder"), "\(made)")
      #expect(!(empty + made).contains("is no tokenizer.json"))
    }
  }

  @Test func pipesAndFoldersDoNotHang() throws {
    try withFolder {
      mkfifo(folder + "/tokenizer.json", 0o600)
      #expect(try message(folder).contains("a pipe or device"))
      try Folder.make(folder + "/in/tokenizer.json")
      #expect(try message(folder + "/in").contains("a folder"))
      #expect(try message(folder + "/none").contains("No such file"))
    }
  }

  @Test(arguments: ["tokenizer.model", "cl100k.tiktoken", "tekken.json", "merges.txt", "vocab.txt"])
  func otherFormsAreNamed(name: String) throws {
    try withFolder {
      try AtomicFile.write(Array("x".utf8), to: folder + "/" + name)
      let message = try message(folder)
      #expect(message.contains(folder + "/tokenizer.json") && message.contains(name), "\(message)")
      #expect(message.contains("save_pretrained"))
    }
  }

  @Test func messagesNameTheFileAndTheValue() throws {
    try withFolder {
      let path = folder + "/my.json"
      let cases: [([String: Any], [String: Any], [String])] = [
        (["dropout": 0.1], [:], ["model.dropout", "0.1", "null"]),
        (["unk_token": "<nope>"], [:], ["model.unk_token", "<nope>", "Add it"]),
        (["merges": NSNull()], [:], ["model.merges", "a list"]),
        (["vocab": ["a": 5_000_000]], [:], ["model.vocab.a", "5000000", "4194303"]),
        (["vocab": ["a": -1]], [:], ["model.vocab.a", "-1"]),
        (["vocab": ["a": 1.5]], [:], ["model.vocab.a", "1.5"]),
        (["type": "XYZ"], [:], ["model.type", "XYZ", "Unigram"]),
        (["type": "WordLevel", "unk_token": "q"], [:], ["model.unk_token", "q", "Add it"]),
        (["type": "Unigram", "vocab": [["a", -1.0]]], [:], ["model.unk_id", "the id"]),
        ([:], ["pre_tokenizer": ["type": "Sequence"]], ["pretokenizers", "a list"]),
        ([:], ["added_tokens": [["id": -4, "content": "x"]]], ["added_tokens[0].id", "-4"]),
        (["continuing_subword_prefix": String(repeating: "#", count: 100)], [:], ["100 bytes"]),
      ]
      for (model, others, words) in cases {
        try AtomicFile.write(json(model, others), to: path)
        let message = try message(path)
        #expect(message.hasPrefix(path + ", "), "\(message)")
        for word in words { #expect(message.contains(word), "\(word) in \(message)") }
      }
    }
  }

  /// The ids of added tokens count for nothing, so no memory is taken for them.
  @Test func idsOfAddedTokensMayBeFar() throws {
    let tokens = [["id": 4_000_000_000, "content": "<far>", "special": true]]
    let tokenizer = try Tokenizer(json: json([:], ["added_tokens": tokens]))
    #expect(tokenizer.encode("a<far>b") == [3, 10, 4])
    #expect(tokenizer.vocabularySize == 11)
    #expect(tokenizer.decode([3, 99, -7, Int32.max, 10]) == "a <far>")
  }

  /// transformers asks for no truncation and no padding, whatever tokenizer.json says.
  @Test func truncationAndPaddingAreLeftOut() throws {
    let changed = try Tokenizer(
      json: json(
        [:],
        [
          "truncation": [
            "direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0,
          ],
          "padding": ["strategy": ["Fixed": 8], "direction": "Right", "pad_id": 0],
        ]))
    #expect(changed.encode("abcx") == [6, 5, 8])
  }

  /// Of equal strings the last one counts, and the id of the first stands for nothing.
  @Test func equalStringsKeepTheLastID() throws {
    let text = String(decoding: try json(), as: UTF8.self)
    let twice = text.replacingOccurrences(of: #""vocab":{"#, with: #""vocab":{"c":15,"#)
    let tokenizer = try Tokenizer(json: Array(twice.utf8))
    #expect(tokenizer.encode("c") == [5])
    #expect(tokenizer.decode([15, 5]) == "c")
  }

  /// The ids are those of transformers 5.24 on the same folders.
  @Test func filesBesideItChangeAddedTokens() throws {
    try withFolder {
      let mask =
        #"{"content": "<mask>", "lstrip": true, "rstrip": true, "normalized": false, "special": true}"#
      let new = #"{"content": "<new>", "normalized": false, "special": true}"#
      try AtomicFile.write(json(), to: folder + "/tokenizer.json")
      #expect(try Tokenizer.load(from: folder).encode("ab <mask> x") == [6, 0, 10, 0, 8])
      let config = folder + "/tokenizer_config.json"
      try AtomicFile.write(
        text: #"{"eos_token": "</s>", "added_tokens_decoder": {"10": \#(mask), "50": \#(new)}}"#,
        to: config)
      let tokenizer = try Tokenizer.load(from: folder)
      #expect(tokenizer.encode("ab <mask> x") == [6, 10, 8])
      #expect(tokenizer.encode("ab<new>b") == [6, 11, 4])
      #expect(tokenizer.endOfTextID == 2)
      try AtomicFile.write(text: #"{"split_special_tokens": true}"#, to: config)
      #expect(try Tokenizer.load(from: folder).encode("<s>ab") == [0, 0, 0, 6])
      try AtomicFile.write(text: #"{"eos_token": "</s>"}"#, to: config)
      try AtomicFile.write(text: #"{"eos_token": "<s>"}"#, to: folder + "/special_tokens_map.json")
      #expect(try Tokenizer.load(from: folder).endOfTextID == 1)
      try AtomicFile.write(text: #"{"<new>": 11}"#, to: folder + "/added_tokens.json")
      #expect(try Tokenizer.load(from: folder).encode("ab<new>b") == [6, 11, 4])
      try AtomicFile.write(text: #"{"eos_token": 7}"#, to: config)
      let message = try message(folder)
      #expect(message.hasPrefix(config) && message.contains("eos_token"), "\(message)")
      try AtomicFile.write(text: #"{"eos_token": "x", "pad_token": "[PAD]"}"#, to: config)
      try Folder.remove(folder + "/special_tokens_map.json")
      // A token that ends texts is special and found in them, whether listed or not.
      let named = try Tokenizer.load(from: folder)
      #expect(named.encode("ab x") == [6, 0, 8] && named.isSpecial(8))
      #expect(named.encode("abx[PAD]").count == 7)
    }
  }

  /// What shards record of their tokenizer has to differ where its ids do.
  @Test func theDigestTellsWhatFilesBesideChange() throws {
    try withFolder {
      let content = try json()
      try AtomicFile.write(ContiguousArray(content), to: folder + "/tokenizer.json")
      let plain = try Tokenizer.load(from: folder)
      #expect(plain.digest == (try Digest.sha256(content)))
      func digest(_ configuration: String) throws -> String {
        try AtomicFile.write(text: configuration, to: folder + "/tokenizer_config.json")
        return try Tokenizer.load(from: folder).digest
      }
      func listed(_ content: String, _ flags: String = "") -> String {
        "{\"added_tokens_decoder\": {\"2\": {\"content\": \"\(content)\", \"special\": true, "
          + "\"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false"
          + "\(flags)}}}"
      }
      let repeated = try digest(listed("</s>"))
      let another = try digest(listed("<more>"))
      let splitting = try digest("{\"split_special_tokens\": true}")
      #expect(repeated == plain.digest)
      #expect(Set([plain.digest, another, splitting]).count == 3)
      #expect(try digest("{\"eos_token\": \"</s>\", \"model_max_length\": 8}") == plain.digest)
    }
  }
}
