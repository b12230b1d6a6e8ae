import Foundation
import Store
import Testing
import Tokenizers

/// Tokenizers as the metadata of GGUF files: read back they give the same ids.
@Suite struct GGUFVocabularyExportTests {
  let folder = NSTemporaryDirectory() + "miniplm-vocabulary-\(UUID().uuidString)"

  private func write(_ export: GGUFVocabularyExport) throws -> String {
    try Folder.make(folder)
    let path = folder + "/vocabulary.gguf"
    var writer = try GGUFWriter(replacing: path, metadata: export.entries, tensors: [])
    try writer.commit()
    return path
  }

  /// As llama.cpp names the ways in which they cut words.
  static let names = [
    "qwen2": "qwen2", "gpt2": "gpt-2", "smollm2": "smollm", "falcon": "falcon",
    "llama-bpe": "llama-bpe", "gpt-neox-20b": "olmo",
  ]

  @Test(arguments: names.keys.sorted())
  func readBackItGivesTheSameIDs(name: String) throws {
    defer { try? Folder.remove(folder) }
    let file = try Fixture.url(name + ".tokenizer.json").path
    let original = try Tokenizer.load(from: file)
    let rows = original.vocabularySize + 13
    let export = try GGUFVocabularyExport(
      path: file, rows: rows, beginning: nil, ends: original.endOfTextID.map { [Int($0)] } ?? [])
    let pre = export.entries.first { $0.key == "tokenizer.ggml.pre" }
    #expect(pre?.value == .text(Self.names[name] ?? ""))
    guard
      case .texts(let tokens)? = export.entries.first(where: {
        $0.key == "tokenizer.ggml.tokens"
      })?.value
    else {
      Issue.record("no tokens")
      return
    }
    #expect(tokens.count == rows && Set(tokens).count == rows)
    let tokenizer = try Tokenizer.load(from: try write(export))
    let golden = try Fixture.golden(name)
    for (text, ids) in zip(try Fixture.texts(), golden.ids) {
      #expect(tokenizer.encode(text) == ids, "\(text.debugDescription)")
    }
    for (text, ids) in zip(try Fixture.texts(), golden.withSpecialTokens) {
      #expect(tokenizer.encode(text, addSpecialTokens: true) == ids, "\(text.debugDescription)")
    }
  }

  @Test func whatLiesInAGGUFFileIsCopied() throws {
    defer { try? Folder.remove(folder) }
    let file = try Fixture.url("qwen2.tokenizer.json").path
    let rows = try Tokenizer.load(from: file).vocabularySize
    let first = try GGUFVocabularyExport(path: file, rows: rows, beginning: 3, ends: [5, 7])
    let second = try GGUFVocabularyExport(
      path: try write(first), rows: rows, beginning: nil, ends: [])
    #expect(
      second.entries.sorted { $0.key < $1.key } == first.entries.sorted { $0.key < $1.key })
    #expect(first.entries.contains(.init("tokenizer.ggml.eot_token_id", .uint32(7))))
    #expect(throws: TokenizerError.self) {
      try GGUFVocabularyExport(path: folder, rows: rows + 1, beginning: nil, ends: [])
    }
  }

  @Test func moreIDsThanRowsAreRefused() throws {
    let file = try Fixture.url("qwen2.tokenizer.json").path
    #expect(throws: TokenizerError.self) {
      try GGUFVocabularyExport(path: file, rows: 10, beginning: nil, ends: [])
    }
  }

  @Test func withoutATokenizerTheFileSaysSo() throws {
    let export = try GGUFVocabularyExport(
      path: NSTemporaryDirectory() + "nothing-here", rows: 10, beginning: nil, ends: [])
    #expect(export.entries == [.init("tokenizer.ggml.model", .text("none"))])
    #expect(export.remarks.count == 1)
  }
}
