import Corpus
import Foundation
import Pipeline
import Store
import Tokenizers

/// Texts of two sources with their tokenizers, in a folder that goes when the test ends.
final class TextInputs {
  let root: String

  init() throws {
    root = NSTemporaryDirectory() + "texts-\(UUID().uuidString)"
    try Folder.make(root)
  }

  deinit { try? Folder.remove(root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  /// JSON lines of documents that differ, of the sources "prose" and "code" in turn.
  func documents(_ name: String = "texts.jsonl", count: Int = 60, start: Int = 0) throws -> String {
    let words = ["river", "stone", "let", "value", "slow", "boats", "=", "print", "\u{E9}"]
    let lines = (start..<start + count).map { number in
      let text = (0..<20 + number % 7).map { words[(number * 31 + $0 * $0 * 7) % words.count] }
        .joined(separator: " ")
      return "{\"text\": \"\(number) \(text).\", "
        + "\"meta\": {\"pile_set_name\": \"\(number % 2 == 0 ? "prose" : "code")\"}}\n"
    }
    try AtomicFile.write(text: lines.joined(), to: path(name))
    return path(name)
  }

  /// Adds a line that is no document.
  func spoil(_ path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try AtomicFile.write(text: text + "{\"text\": \n", to: path)
  }

  /// A tokenizer of `size` tokens, trained on the documents; 257 are the bytes and the end of text.
  func tokenizer(_ name: String = "tokenizer", size: Int = 280) throws -> Tokenizer {
    var words = WordCounter(preTokenization: .gpt2)
    words.add("river stone let value slow boats print river stone let value slow boats print")
    try BytePairTrainer(.init(vocabularySize: size)).train(on: words).write(toFolder: path(name))
    return try Tokenizer.load(from: path(name))
  }

  /// A config.json of a small model for `tokenizer()`.
  func configuration() throws -> String {
    try AtomicFile.write(
      text: """
        {"model_type": "qwen2", "vocab_size": 280, "hidden_size": 16, "intermediate_size": 24,
         "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2,
         "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "hidden_act": "silu", "eos_token_id": 0,
         "max_position_embeddings": 64, "tie_word_embeddings": true}
        """, to: path("config.json"))
    return path("config.json")
  }

  /// Chunks of 33 tokens in small shards, packed without a verb.
  @discardableResult
  func pack(
    _ inputs: [String], _ tokenizer: Tokenizer, into name: String = "shards"
  ) throws -> TokenShards {
    _ = try CorpusBuilder(
      inputs: inputs, settings: Self.settings, tokenizer: TokenizerEncoding(tokenizer)
    ).build(into: path(name))
    return try TokenShards(folder: path(name))
  }

  static var settings: CorpusSettings {
    var settings = CorpusSettings()
    settings.packing.maximumLength = 33
    settings.shards.chunksPerShard = 40
    return settings
  }

  /// The content of every file in a folder.
  func files(_ name: String) throws -> [String: Data] {
    let names = try Folder.list(path(name))
    return try Dictionary(
      uniqueKeysWithValues: names.map { file in
        (file, try Data(contentsOf: URL(filePath: "\(path(name))/\(file)")))
      })
  }
}

/// Hears what a verb says, and stops it when it is told to.
final class Watcher {
  let control = WorkControl()
  private(set) var progress: [WorkProgress] = []
  private(set) var notes: [WorkNote] = []
  private let stops: (WorkProgress) -> Bool

  /// - Parameter stops: asked at every sign of progress.
  init(stopsWhen stops: @escaping (WorkProgress) -> Bool = { _ in false }) { self.stops = stops }

  var work: Work {
    Work(
      control: control,
      progress: { [self] in
        progress.append($0)
        if stops($0) { control.stop() }
      }, note: { [self] in notes.append($0) })
  }

  var warnings: [String] { notes.filter { $0.level == .warning }.map(\.text) }
}
