import Foundation
import Store
import Testing
import Tokenizers

/// Whether two tokenizers are the same, by what their files say and by ids.
@Suite struct TokenizerComparisonTests {
  private func object(_ name: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(Fixture.json(name)))
    return try #require(value as? [String: Any])
  }

  private func tokenizer(_ file: [String: Any]) throws -> Tokenizer {
    try Tokenizer(json: Array(try JSONSerialization.data(withJSONObject: file)))
  }

  /// A tokenizer against itself with changes.
  private func comparison(
    _ name: String, _ change: (inout [String: Any]) throws -> Void
  ) throws -> TokenizerComparison {
    var file = try object(name)
    try change(&file)
    let (first, second) = (try Fixture.tokenizer(name), try tokenizer(file))
    let result = TokenizerComparison(first, second)
    let turned = TokenizerComparison(second, first)
    #expect(turned.outcome == result.outcome && turned.contents.count == result.contents.count)
    #expect(turned.difference?.first == result.difference?.second)
    // Records say the same of tokenizers of which only one is at hand.
    #expect(try first.identity().compared(with: second.identity()) == result.outcome)
    if let difference = result.difference {
      #expect(first.encode(difference.text) == difference.first)
      #expect(second.encode(difference.text) == difference.second)
      #expect(difference.first != difference.second)
    }
    return result
  }

  private func changeModel(
    _ file: inout [String: Any], _ change: (inout [String: Any]) throws -> Void
  ) throws {
    var model = try #require(file["model"] as? [String: Any])
    try change(&model)
    file["model"] = model
  }

  @Test(arguments: Fixture.names) func itselfIsIdentical(name: String) throws {
    let result = try comparison(name) { _ in }
    #expect(result.outcome == .identical && result.contents.isEmpty && result.isSame)
    #expect(result.words == "the same tokenizer")
  }

  /// Other bytes, the same meaning.
  @Test(arguments: Fixture.names) func otherSpellingsAreIdentical(name: String) throws {
    let result = try comparison(name) { file in
      try changeModel(&file) { model in
        // Merges have two forms; flags that are off, and nulls, may be left out.
        let merges = try #require(model["merges"] as? [Any])
        model["merges"] = merges.map { merge -> Any in
          if let text = merge as? String { return text.split(separator: " ").map(String.init) }
          return (merge as? [String])?.joined(separator: " ") ?? merge
        }
        for (key, value) in model where value is NSNull { model[key] = nil }
        if model["byte_fallback"] == nil { model["byte_fallback"] = false }
      }
      if file["normalizer"] is NSNull || file["normalizer"] == nil {
        file["normalizer"] = ["type": "Sequence", "normalizers": [Any]()]
      } else if let step = file["normalizer"] {
        file["normalizer"] = ["type": "Sequence", "normalizers": [step]]
      }
      file["decoder"] = [
        "type": "ByteLevel", "add_prefix_space": false, "use_regex": false, "trim_offsets": false,
      ]
    }
    #expect(result.outcome == .identical, "\(result.words)")
  }

  /// A record without a fingerprint tells equal files only.
  @Test func olderRecordsTellFilesOnly() throws {
    let tokenizer = try Fixture.tokenizer("gpt2")
    let other = try self.tokenizer(object("gpt2"))
    #expect(tokenizer.digest != other.digest)
    let (own, new) = (try tokenizer.identity(), try other.identity())
    let old = TokenizerIdentity(digest: tokenizer.digest, fingerprint: nil)
    #expect(old.compared(with: own) == .identical && own.isSame(as: old))
    #expect(old.compared(with: new) == nil && !new.isSame(as: old))
    #expect(own.compared(with: new) == .identical && own.fingerprint == new.fingerprint)
    // Ids of another probe text tell nothing.
    var later = new
    later.fingerprint?.probe += 1
    later.fingerprint?.content = ""
    #expect(own.compared(with: later) == nil)
  }

  /// Rows that fill a vocabulary up to the size of a model are no difference.
  @Test func paddingIsNoDifference() throws {
    let size = try Fixture.tokenizer("qwen2").vocabularySize
    let result = try comparison("qwen2") { file in
      let added = try #require(file["added_tokens"] as? [Any])
      let padding = (size..<size + 40)
        .map { id -> [String: Any] in
          ["id": id, "content": "[PAD\(id)]", "special": false, "normalized": false]
        }
      file["added_tokens"] = added + padding
    }
    #expect(result.outcome == .identical, "\(result.words)")
  }

  /// What no text shows is said, and does no harm.
  @Test func partsThatChangeNoIDsAreListed() throws {
    let flags = try comparison("qwen2") { file in
      var added = try #require(file["added_tokens"] as? [[String: Any]])
      added[0]["special"] = false
      file["added_tokens"] = added
      file["decoder"] = ["type": "Fuse"]
    }
    #expect(flags.outcome == .sameIDs && flags.isSame && flags.difference == nil)
    #expect(flags.contents.count == 2, "\(flags.contents)")
    #expect(flags.words.contains("has other flags") && flags.words.contains("decoder"))
    let template = try comparison("llama-bpe") { $0["post_processor"] = NSNull() }
    #expect(template.outcome == .sameIDs)
    #expect(template.contents.joined().contains("around a text"))
  }

  @Test func otherPatternsAreFoundByIDs() throws {
    let result = try comparison("qwen2") { file in
      let text = String(
        decoding: try JSONSerialization.data(withJSONObject: file["pre_tokenizer"] as Any),
        as: UTF8.self)
      let other = text.replacingOccurrences(of: "|\\\\p{N}|", with: "|\\\\p{N}{1,3}|")
      #expect(other != text)
      file["pre_tokenizer"] = try JSONSerialization.jsonObject(with: Data(other.utf8))
    }
    #expect(result.contents.count == 1 && result.contents[0].contains("pre-tokenizer"))
    #expect(result.contents[0].contains("{1,3}"), "\(result.contents)")
    // The cut-down vocabulary may have no token of several digits; then no text can show it.
    #expect(result.outcome != .identical)
  }

  @Test func aMissingNormalizerIsFoundByIDs() throws {
    let result = try comparison("qwen2") { $0["normalizer"] = NSNull() }
    let text = try #require(result.difference?.text)
    #expect(result.outcome == .different && !result.isSame)
    #expect(text.unicodeScalars.count <= 3, "\(text.debugDescription) could be shorter")
    #expect(result.words.contains("normalizer: {type: \"NFC\"} and none"), "\(result.words)")
  }

  /// A change far down, at tokens that no fixed text holds.
  @Test func everyMergeIsTried() throws {
    let merges = try #require(
      (try object("qwen2")["model"] as? [String: Any])?["merges"] as? [Any])
    for rank in [merges.count / 2, merges.count - 1] {
      let result = try comparison("qwen2") { file in
        try changeModel(&file) { model in
          var changed = merges
          changed.remove(at: rank)
          model["merges"] = changed
        }
      }
      #expect(result.outcome == .different, "\(result.words)")
      #expect(result.contents.joined().contains("merges differ from rank \(rank)"))
    }
  }

  @Test func otherTokensAreFound() throws {
    let exchanged = try comparison("gpt2") { file in
      try changeModel(&file) { model in
        var vocabulary = try #require(model["vocab"] as? [String: Int])
        (vocabulary["a"], vocabulary["b"]) = (vocabulary["b"], vocabulary["a"])
        model["vocab"] = vocabulary
      }
    }
    #expect(exchanged.outcome == .different)
    #expect(exchanged.contents.joined().contains("2 tokens differ"), "\(exchanged.contents)")
    let more = try comparison("gpt2") { file in
      let added = try #require(file["added_tokens"] as? [Any])
      file["added_tokens"] = added + [["id": 9, "content": "<\u{2603}x>", "special": true]]
    }
    #expect(more.outcome == .different)
    #expect(more.difference?.text.contains("<\u{2603}x>") == true, "\(more.words)")
  }

  @Test func familiesAreDifferent() throws {
    for (index, name) in Fixture.names.enumerated() {
      for other in Fixture.names[(index + 1)...] {
        let result = TokenizerComparison(
          try Fixture.tokenizer(name), try Fixture.tokenizer(other))
        #expect(result.outcome == .different, "\(name) and \(other): \(result.words)")
        #expect(result.difference != nil && !result.contents.isEmpty)
      }
    }
  }
}
