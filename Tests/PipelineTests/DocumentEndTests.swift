import Corpus
import Foundation
import LanguageModels
import Pipeline
import Store
import Testing
import Tokenizers

/// Which token ends documents, and what names it.
@Suite struct DocumentEndTests {
  let inputs: TextInputs

  init() throws { inputs = try TextInputs() }

  /// A tokenizer with the tokens of a model that chats, in a folder with files that name one.
  private func folder(_ files: [String: String], without missing: String? = nil) throws -> String {
    _ = try inputs.tokenizer()
    let file = inputs.path("tokenizer") + "/tokenizer.json"
    var value = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file)))
        as? [String: Any])
    var added = try #require(value["added_tokens"] as? [[String: Any]])
    for (id, name) in [(280, "<|im_end|>"), (281, "<|other|>")] {
      added.append(["id": id, "content": name, "special": true, "normalized": false])
    }
    value["added_tokens"] = added
    var text = String(
      decoding: try JSONSerialization.data(
        withJSONObject: value, options: [.withoutEscapingSlashes]), as: UTF8.self)
    if let missing { text = text.replacingOccurrences(of: missing, with: "<|gone|>") }
    try AtomicFile.write(text: text, to: file)
    for name in ["tokenizer_config", "special_tokens_map", "config", "generation_config"] {
      try Folder.remove(inputs.path("tokenizer") + "/\(name).json")
    }
    for (name, content) in files {
      try AtomicFile.write(text: content, to: inputs.path("tokenizer") + "/" + name)
    }
    return inputs.path("tokenizer")
  }

  private func end(
    _ files: [String: String], without missing: String? = nil
  ) throws -> DocumentEnd {
    let place = try folder(files, without: missing)
    let tokenizer = try Tokenizer.load(from: place)
    let end = try #require(tokenizer.documentEnd(at: place))
    // The file is the same place as its folder.
    #expect(tokenizer.documentEnd(at: place + "/tokenizer.json") == end)
    return end
  }

  @Test func theTokenizersFilesComeFirst() throws {
    let found = try end([
      "tokenizer_config.json": #"{"eos_token": "<|other|>"}"#,
      "config.json": #"{"eos_token_id": 0}"#,
    ])
    #expect(found == DocumentEnd(id: 281, token: "<|other|>", source: "tokenizer_config.json"))
  }

  /// The published corpora end documents with the token of pre-training.
  @Test func theEndOfATurnEndsNoDocument() throws {
    let found = try end(["tokenizer_config.json": #"{"eos_token": "<|im_end|>"}"#])
    #expect(found.id == 0 && found.token == "<|endoftext|>" && !found.isGuess)
    #expect(found.source.contains("tokenizer_config.json names <|im_end|>"))
    // Where there is no other, it does.
    let alone = try end(
      ["tokenizer_config.json": #"{"eos_token": "<|im_end|>"}"#], without: "<|endoftext|>")
    #expect(alone.id == 280 && alone.source == "tokenizer_config.json")
  }

  @Test func theModelsFilesNameItWhereTheTokenizersDoNot() throws {
    let stated = try end(["config.json": #"{"eos_token_id": [281, 0]}"#])
    #expect(stated.id == 281 && stated.source == "config.json")
    let generated = try end([
      "config.json": #"{"eos_token_id": null}"#,
      "generation_config.json": #"{"eos_token_id": 281}"#,
    ])
    #expect(generated.id == 281 && generated.source == "generation_config.json")
    let turn = try end(["config.json": #"{"eos_token_id": 280}"#])
    #expect(turn.id == 0 && turn.source.contains("config.json names <|im_end|>"))
    let guessed = try end(["config.json": "{}"])
    #expect(guessed.id == 0 && guessed.isGuess)
  }

  @Test func packingSaysWhatNamedIt() throws {
    let place = try folder(["config.json": #"{"eos_token_id": 281}"#])
    let tokenizer = try Tokenizer.load(from: place)
    let watcher = Watcher()
    let encoding = try Pack.encoding(tokenizer, at: place, endOfText: nil, watcher.work)
    #expect(encoding.endOfText == 281)
    #expect(watcher.notes.map(\.text) == ["documents end with 281 (<|other|>), by config.json"])
    let given = try Pack.encoding(tokenizer, at: place, endOfText: 7, watcher.work)
    #expect(given.endOfText == 7 && watcher.notes.count == 1)
    // The same texts with another end are another corpus.
    func pack(_ encoding: TokenizerEncoding) throws -> CorpusManifest {
      try Pack(
        Pack.Input([inputs.documents()]), tokenizer: encoding, into: inputs.path("shards"),
        Pack.Settings(corpus: TextInputs.settings, pipeline: PipelineOptions())
      ).run(Work())
    }
    #expect(try pack(encoding).endOfText == 281)
    #expect(try pack(encoding).endOfText == 281)
    #expect(throws: CorpusError.self) { try pack(given) }
    // Shards that are given keep their own, and it is said.
    let linked = try Pack(
      Pack.Input([inputs.path("shards")]), tokenizer: given, into: inputs.path("linked"),
      Pack.Settings(corpus: TextInputs.settings, pipeline: PipelineOptions())
    ).run(watcher.work)
    #expect(linked.endOfText == 281)
    #expect(watcher.warnings.contains { $0.contains("was packed with end-of-text token 281") })
  }

  @Test func conversionsCutAtTheTokenThatWasPacked() throws {
    let tokenizer = try Tokenizer.load(from: folder([:]))
    let encoding = try TokenizerEncoding(tokenizer, endOfText: 281)
    _ = try CorpusBuilder(
      inputs: [inputs.documents()], settings: TextInputs.settings, tokenizer: encoding
    ).build(into: inputs.path("shards"))
    let new = try inputs.tokenizer("new", size: 290)
    let watcher = Watcher()
    _ = try Convert(
      shards: inputs.path("shards"), from: tokenizer, to: new, into: inputs.path("converted"),
      Convert.Settings(rule: ConversionRule(), threads: 1)
    ).run(watcher.work)
    #expect(watcher.notes.map(\.text) == ["end of text 281 becomes 0"])
  }

  @Test func modelsWithAnotherEndAreNamedBeforeScoring() throws {
    let scored = try ScoredInputs()
    func warnings() throws -> [String] {
      let watcher = Watcher()
      _ = try ScoringChecks(
        scored.scoring, settings: ScoredInputs.scoringSettings, reserve: nil, waivers: []
      ).run(watcher.work)
      return watcher.warnings.filter { $0.contains("end-of-text token") }
    }
    #expect(try warnings() == [])
    try AtomicFile.write(
      text: #"{"eos_token": "r"}"#, to: scored.reference.path + "/tokenizer_config.json")
    let found = try warnings()
    #expect(found.count == 1 && found[0].contains("packed with end-of-text token 0"))
    #expect(
      found[0].contains(scored.reference.path) && found[0].contains("(r), by tokenizer_config"))
  }
}
