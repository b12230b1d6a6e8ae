import Foundation
import Store
import Testing
import Tokenizers

/// The tokenizers of GGUF files give the ids of the tokenizer.json that they were made from.
@Suite struct GGUFTokenizerTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/gguf-\(UUID().uuidString)"

  /// Which pre-tokenizer a GGUF file of each fixture names.
  private static let names = [
    "qwen2": "qwen2", "gpt2": "gpt-2", "llama-bpe": "llama-bpe", "gpt-neox-20b": "mpt",
    "falcon": "falcon", "smollm2": "smollm",
  ]

  private func withFolder<Result>(_ body: () throws -> Result) throws -> Result {
    try Folder.make(folder)
    defer { try? Folder.remove(folder) }
    return try body()
  }

  private func load(_ metadata: [String: GGUFValue]) throws -> Tokenizer {
    try withFolder {
      let path = folder + "/model.gguf"
      try AtomicFile.write(GGUFBytes(metadata).bytes, to: path)
      return try Tokenizer.load(from: path)
    }
  }

  private func message(_ metadata: [String: GGUFValue]) throws -> String {
    let error = #expect(throws: TokenizerError.self) { try load(metadata) }
    return try #require(error?.description)
  }

  /// What a converter writes for a byte-level tokenizer.json.
  private func metadata(_ name: String) throws -> [String: GGUFValue] {
    let root = try JSONSerialization.jsonObject(with: Data(Fixture.json(name)))
    let file = try #require(root as? [String: Any])
    let model = try #require(file["model"] as? [String: Any])
    let vocabulary = try #require(model["vocab"] as? [String: Int])
    let added = try #require(file["added_tokens"] as? [[String: Any]])
    var tokens = vocabulary.map { (id: $0.value, text: $0.key) }
    var kinds: [Int: Int] = [:]
    let tokenizer = try Fixture.tokenizer(name)
    for token in added {
      let text = try #require(token["content"] as? String)
      let id = Int(try #require(tokenizer.id(of: text)))
      if vocabulary[text] == nil { tokens.append((id, text)) }
      kinds[id] = token["special"] as? Bool == true ? 3 : 4
    }
    tokens.sort { $0.id < $1.id }
    #expect(tokens.map(\.id) == Array(0..<tokens.count), "\(name) has gaps")
    let listed = try #require(model["merges"] as? [Any])
    let merges = listed.map { (merge: Any) -> String in
      (merge as? [String]).map { $0.joined(separator: " ") } ?? "\(merge)"
    }
    let end = try #require(tokenizer.endOfTextID)
    return [
      "general.architecture": .text("llama"), "general.name": .text(name),
      "tokenizer.ggml.model": .text("gpt2"),
      "tokenizer.ggml.pre": .text(try #require(Self.names[name])),
      "tokenizer.ggml.tokens": .texts(tokens.map(\.text)),
      "tokenizer.ggml.token_type": .integers(tokens.map { kinds[$0.id] ?? 1 }),
      "tokenizer.ggml.merges": .texts(merges), "tokenizer.ggml.eos_token_id": .integer(Int(end)),
      "tokenizer.chat_template": .text("{{ messages }}"),
    ]
  }

  @Test(arguments: Fixture.names) func idsAreThoseOfTheOriginal(name: String) throws {
    let original = try Fixture.tokenizer(name)
    let tokenizer = try load(metadata(name))
    let golden = try Fixture.golden(name)
    let encoder = TokenEncoder(tokenizer)
    for (text, ids) in zip(try Fixture.texts(), golden.ids) {
      #expect(encoder.encode(text) == ids, "\(text.debugDescription)")
      #expect(
        Array(tokenizer.decode(ids).unicodeScalars) == Array(original.decode(ids).unicodeScalars))
    }
    #expect(tokenizer.vocabularySize == original.vocabularySize)
    #expect(tokenizer.endOfTextID == original.endOfTextID)
    let (own, its) = (try tokenizer.identity(), try original.identity())
    #expect(own.digest != its.digest && own.isSame(as: its))
    #expect(TokenizerComparison(tokenizer, original).isSame)
  }

  private func object(_ name: String) throws -> [String: Any] {
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: Fixture.url(name)))
    return try #require(root as? [String: Any])
  }

  @Test func scoresGiveTheIDsOfLlama() throws {
    let fixture = try object("sentencepiece.json")
    let texts = try #require(fixture["texts"] as? [String])
    let cases = try #require(fixture["cases"] as? [[String: Any]])
    #expect(cases.count == 4 && texts.count > 100)
    for entry in cases {
      let metadata = try sentencePiece(fixture, entry)
      let tokenizer = try load(metadata)
      let ids = try #require(entry["ids"] as? [[Int]])
      let decoded = try #require(entry["decoded"] as? [String])
      for (index, text) in texts.enumerated() {
        #expect(
          tokenizer.encode(text).map(Int.init) == ids[index], "\(text.debugDescription)")
        let back = tokenizer.decode(ids[index].map(Int32.init), skipSpecialTokens: true)
        #expect(Array(back.unicodeScalars) == Array(decoded[index].unicodeScalars))
      }
      // Llama's put the beginning before a text unless the file says otherwise.
      #expect(tokenizer.encode("a", addSpecialTokens: true) == [1] + tokenizer.encode("a"))
    }
  }

  private func sentencePiece(
    _ fixture: [String: Any], _ entry: [String: Any]
  ) throws -> [String: GGUFValue] {
    let user = try #require(entry["userDefined"] as? [String])
    let scores = try #require(fixture["scores"] as? [Double])
    return [
      "tokenizer.ggml.model": .text("llama"), "tokenizer.ggml.pre": .text("default"),
      "tokenizer.ggml.tokens": .texts(try #require(fixture["tokens"] as? [String]) + user),
      "tokenizer.ggml.scores": .numbers(scores + user.map { _ in -1000 }),
      "tokenizer.ggml.token_type": .integers(
        try #require(fixture["kinds"] as? [Int]) + user.map { _ in 4 }),
      "tokenizer.ggml.bos_token_id": .integer(1), "tokenizer.ggml.eos_token_id": .integer(2),
      "tokenizer.ggml.unknown_token_id": .integer(0),
      "tokenizer.ggml.add_space_prefix": .flag(entry["addsSpace"] as? Bool == true),
    ]
  }

  @Test func specialTokensAroundATextAreAsTheFileSays() throws {
    var metadata = try metadata("llama-bpe")
    let plain = try load(metadata)
    let begin = Int(try #require(plain.id(of: "<|begin_of_text|>")))
    let end = try #require(plain.endOfTextID)
    metadata["tokenizer.ggml.bos_token_id"] = .integer(begin)
    let usual = try load(metadata)
    #expect(usual.encode("ab", addSpecialTokens: true) == [Int32(begin)] + usual.encode("ab"))
    metadata["tokenizer.ggml.add_bos_token"] = .flag(false)
    metadata["tokenizer.ggml.add_eos_token"] = .flag(true)
    let turned = try load(metadata)
    #expect(turned.encode("ab", addSpecialTokens: true) == turned.encode("ab") + [end])
    #expect(turned.encode("ab") == plain.encode("ab"))
  }

  /// The tokenizer.json that goes with a model from such a file is the same tokenizer.
  @Test(arguments: Fixture.names) func exportsAreTheSame(name: String) throws {
    var metadata = try metadata(name)
    if name == "llama-bpe" { metadata["tokenizer.ggml.bos_token_id"] = .integer(1) }
    try withFolder {
      let path = folder + "/model.gguf"
      try AtomicFile.write(GGUFBytes(metadata).bytes, to: path)
      let tokenizer = try Tokenizer.load(from: path)
      let target = folder + "/written"
      try Folder.make(target)
      try TokenizerExport.write(
        from: path, to: target, for: .init(end: tokenizer.endOfTextID.map(Int.init)))
      let written = try Tokenizer.load(from: target)
      #expect(written.digest == tokenizer.digest && written.endOfTextID == tokenizer.endOfTextID)
      #expect(Folder.exists(target + "/tokenizer_config.json"))
    }
  }

  /// Digests go into shards: they may not depend on what else a file holds, or on this program's
  /// version.
  @Test func digestsDependOnTheTokenizerOnly() throws {
    var metadata = try metadata("qwen2")
    let digest = try load(metadata).digest
    metadata["general.name"] = .text("another quantisation")
    metadata["tokenizer.chat_template"] = .text("other")
    #expect(try load(metadata).digest == digest)
    metadata["tokenizer.ggml.add_eos_token"] = .flag(true)
    #expect(try load(metadata).digest != digest)
    #expect(digest == Self.qwen2Digest)
  }

  private static let qwen2Digest =
    "9a1a8002d46736660a666f9d22f770f312f569b203f7ffd95fbcf7dd4ae85a16"

  @Test func paddingRowsAreLeftOut() throws {
    var metadata = try metadata("qwen2")
    let plain = try load(metadata)
    guard case .texts(let tokens)? = metadata["tokenizer.ggml.tokens"],
      case .integers(let kinds)? = metadata["tokenizer.ggml.token_type"]
    else { return #expect(Bool(false), "no tokens") }
    let padding = (tokens.count..<tokens.count + 30).map { "[PAD\($0)]" }
    metadata["tokenizer.ggml.tokens"] = .texts(tokens + padding)
    for kind in [4, 5] {
      metadata["tokenizer.ggml.token_type"] = .integers(kinds + padding.map { _ in kind })
      let padded = try load(metadata)
      #expect(padded.digest == plain.digest && padded.vocabularySize == plain.vocabularySize)
    }
  }

  /// Older files name no pre-tokenizer: only vocabularies that are known well are taken without.
  @Test(arguments: [nil, "default"]) func withoutANameNothingIsGuessed(name: String?) throws {
    var metadata = try metadata("qwen2")
    metadata["tokenizer.ggml.pre"] = name.map { .text($0) }
    let message = try message(metadata)
    #expect(message.contains("tokenizer.ggml.pre") && message.contains("--tokenizer"), "\(message)")
  }

  @Test func whatIsNotKnownIsNamed() throws {
    let metadata = try metadata("gpt2")
    let cases: [(String, GGUFValue?, [String])] = [
      ("pre", .text("viking"), ["\"viking\"", "llama-bpe", "--tokenizer"]),
      ("model", .text("t5"), ["\"t5\"", "gpt2"]), ("model", .text("bert"), ["\"bert\""]),
      ("model", .text("rwkv"), ["\"rwkv\""]), ("model", nil, ["nothing"]),
      ("tokens", nil, ["nothing", "a list of texts"]), ("tokens", .texts([]), ["token_type"]),
      ("token_type", nil, ["nothing", "one for each token"]),
      ("token_type", .integers([1, 2]), ["2 integers"]), ("merges", nil, ["nothing"]),
      ("merges", .texts(["a b c"]), ["model.merges[0]"]),
      ("eos_token_id", .integer(4_000_000), ["4000000", "below"]),
      ("add_bos_token", .text("yes"), ["true or false"]),
    ]
    for (name, value, words) in cases {
      var changed = metadata
      changed["tokenizer.ggml." + name] = value
      let message = try message(changed)
      for word in words { #expect(message.contains(word), "\(word) in \(message)") }
      #expect(message.contains("/model.gguf"), "\(message)")
    }
    #expect(try message([:]).contains("tokenizer.ggml.model"))
  }

  /// A folder's tokenizer.json comes first; else its one GGUF file, of a split one the first part.
  @Test func foldersAreRead() throws {
    let bytes = GGUFBytes(try metadata("gpt2")).bytes
    try withFolder {
      try AtomicFile.write(bytes, to: folder + "/model-00001-of-00002.gguf")
      try AtomicFile.write(bytes, to: folder + "/model-00002-of-00002.gguf")
      let tokenizer = try Tokenizer.load(from: folder)
      #expect(tokenizer.modelTitle == "byte-level BPE")
      try AtomicFile.write(bytes, to: folder + "/other.gguf")
      let error = #expect(throws: TokenizerError.self) { try Tokenizer.load(from: folder) }
      #expect(error?.description.contains("2 GGUF files") == true)
      try AtomicFile.write(Fixture.json("qwen2"), to: folder + "/tokenizer.json")
      #expect(try Tokenizer.load(from: folder).digest == Digest.sha256(Fixture.json("qwen2")))
    }
  }

  @Test func damagedFilesAreErrors() throws {
    let bytes = GGUFBytes(try metadata("gpt2")).bytes
    try withFolder {
      let path = folder + "/model.gguf"
      for length in stride(from: 4, to: bytes.count - 40, by: bytes.count / 40) {
        try AtomicFile.write(Array(bytes[..<length]), to: path)
        let error = #expect(throws: TokenizerError.self) { try Tokenizer.load(from: path) }
        #expect(error?.description.contains(path) == true)
      }
      var state: UInt64 = 5
      for _ in 0..<60 {
        var damaged = bytes
        for _ in 0..<3 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          damaged[Int(state >> 33) % damaged.count] = UInt8(truncatingIfNeeded: state >> 24)
        }
        try AtomicFile.write(damaged, to: path)
        if let tokenizer = try? Tokenizer.load(from: path) {
          _ = tokenizer.encode("Hello 12 \u{e9}")
        }
      }
    }
  }
}
