import Foundation
import Store
import Testing
import Tokenizers

/// `add_prefix_space` of tokenizer_config.json against transformers' AutoTokenizer: some classes make
/// their pre-tokenizer by it, whatever tokenizer.json says, the others take tokenizer.json as it is.
///
/// Made by scripts/make_prefix_fixtures.py.
@Suite struct PrefixSpaceTests {
  private let root: [String: Any]

  init() throws {
    let data = try Data(contentsOf: Fixture.url("prefix.json"))
    root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func inFolder(_ files: [String: Any], _ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "prefix-\(UUID().uuidString)"
    try Folder.make(folder)
    defer { try? Folder.remove(folder) }
    for (name, content) in files {
      let data = try JSONSerialization.data(withJSONObject: content)
      try AtomicFile.write(Array(data), to: "\(folder)/\(name)")
    }
    try body(folder)
  }

  @Test func everyClassIsAsAutoTokenizerMakesIt() throws {
    let texts = try #require(root["texts"] as? [String])
    let files = try #require(root["files"] as? [String: Any])
    let cases = try #require(root["cases"] as? [[String: Any]])
    #expect(cases.count > 60)
    var classes: Set<String> = []
    for entry in cases {
      let file = try #require(files[entry["file"] as? String ?? ""])
      let config = try #require(entry["config"] as? [String: Any])
      let type = try #require(entry["model_type"] as? String)
      let name = "\(entry["file"] ?? "") \(type) \(config)"
      try inFolder(["tokenizer.json": file, "tokenizer_config.json": config]) { folder in
        let own = try Tokenizer.load(from: folder)
        let there = try TransformersTokenizer(folder: folder, modelType: type)
        guard let wanted = entry["ids"] as? [[Int]] else {
          #expect(there?.tokenizer == nil, "\(name)")
          #expect(there?.warning?.contains("and fails: add_prefix_space") == true, "\(name)")
          return
        }
        classes.insert(there?.className ?? "")
        // Where nothing is made anew, tokenizer.json stands as it is.
        let loaded = try #require(there == nil ? own : there?.tokenizer)
        let found = texts.map { TokenEncoder(loaded).encode($0).map(Int.init) }
        #expect(found == wanted, "\(name)")
        let here = texts.map { TokenEncoder(own).encode($0).map(Int.init) }
        if here != wanted { #expect(there?.warning != nil, "\(name): no warning") }
        if let example = there?.example {
          #expect(TokenEncoder(own).encode(example.text) == example.first)
          #expect(TokenEncoder(loaded).encode(example.text) == example.second)
        }
      }
    }
    #expect(
      classes == ["", "GPT2Tokenizer", "GPTNeoXTokenizer", "LlamaTokenizer", "Qwen2Tokenizer"])
  }
}
