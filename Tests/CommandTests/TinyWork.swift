import Foundation

/// Everything that commands work on, made once by the commands themselves from a few hundred short
/// texts: a tokenizer, shards, models, scores.
final class TinyWork: Sendable {
  let path: String

  /// Made by the first test that asks; nil with the reason when a command failed.
  static let shared = Result { try TinyWork() }

  private init() throws {
    // The tests share it, so that only the end of them all may take it away.
    atexit { if case .success(let work) = TinyWork.shared { work.remove() } }
    path = NSTemporaryDirectory() + "miniplm-work-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try write(Self.documents(160, from: 0), to: "corpus.jsonl")
    try write(Self.documents(40, from: 1000), to: "held.jsonl")
    try write(
      (0..<12).map { "{\"prompt\": \"\(Self.text(2000 + $0).prefix(40))\"}\n" }.joined(),
      to: "prompts.jsonl")
    try write(
      "compute,loss\n1e15,4.2\n3e15,3.83\n1e16,3.51\n3e16,3.28\n1e17,3.09\n3e17,2.96\n",
      to: "points.csv")
    try write(Self.model(width: 32, layers: 2), to: "teacher.json")
    try write(Self.model(width: 16, layers: 1), to: "reference.json")
    for arguments in [
      ["tokenizer", "train", "corpus.jsonl", "-o", "tok", "--vocabulary-size", "300"],
      ["pack", path + "/corpus.jsonl", "--tokenizer", "tok", "-o", "shards", "--max-length", "33"],
      ["pack", "held.jsonl", "--tokenizer", "tok", "-o", "held", "--max-length", "33"],
      ["new-model", "teacher.json", "-o", "teacher", "--tokenizer", "tok", "--seed", "1"],
      ["new-model", "reference.json", "-o", "reference", "--tokenizer", "tok", "--seed", "2"],
      [
        "score", "--shards", "shards", "--teacher", "teacher", "--reference", "reference",
        "--positions", "32", "--seed", "77", "-o", "scores",
      ],
    ] {
      let outcome = try Program.run(arguments + ["--quiet"], in: path)
      guard outcome.status == 0 else {
        throw Failure(text: "\(arguments): exit \(outcome.status)\n\(outcome.errors)")
      }
    }
  }

  /// Names in a folder.
  func names(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []
  }

  private func remove() { try? FileManager.default.removeItem(atPath: path) }

  struct Failure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  /// JSON lines of two sources.
  static func documents(_ count: Int, from first: Int) -> String {
    (first..<first + count).map {
      "{\"text\": \"\(text($0))\", \"meta\": {\"pile_set_name\": \"\($0 % 2 == 0 ? "prose" : "code")\"}}\n"
    }.joined()
  }

  /// Sentences of a few words in ever other order.
  static func text(_ seed: Int) -> String {
    let words = [
      "the", "river", "runs", "past", "old", "stone", "houses", "let", "value", "count", "return",
      "item",
    ]
    var state = UInt64(seed) &* 2_654_435_761 &+ 12345
    return (0..<90).map { position in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return words[Int(state >> 33) % words.count] + (position % 9 == 8 ? "." : "")
    }.joined(separator: " ")
  }

  /// A Qwen2's config.json; the end of text is the tokenizer's.
  static func model(width: Int, layers: Int, heads: Int = 2) -> String {
    """
    {"model_type": "qwen2", "vocab_size": 300, "hidden_size": \(width),
     "intermediate_size": \(2 * width), "num_hidden_layers": \(layers),
     "num_attention_heads": \(heads), "num_key_value_heads": \(heads),
     "max_position_embeddings": 256, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
     "tie_word_embeddings": true, "hidden_act": "silu", "eos_token_id": 0, "bos_token_id": 0}
    """
  }
}
