import Foundation
import Testing
import Tokenizers

/// Expressions with empty matches, lookbehind and no regard to case, against Hugging Face's
/// `tokenizers`.
///
/// Fixtures/patterns.json is made by scripts/make_pattern_fixtures.py. Its model has a token for every
/// byte, and a last stage that marks where pieces begin with a space.
@Suite struct PatternTests {
  private let base: [String: Any]
  private let texts: [String]
  private let cases: [[String: Any]]

  init() throws {
    let data = try Data(contentsOf: Fixture.url("patterns.json"))
    let root = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    base = try #require(root["base"] as? [String: Any])
    texts = try #require(root["texts"] as? [String])
    cases = try #require(root["cases"] as? [[String: Any]])
  }

  /// The texts as a tokenizer gives them back, with marks.
  private func texts(through file: [String: Any]) throws -> [String] {
    let tokenizer = try Tokenizer(json: Array(JSONSerialization.data(withJSONObject: file)))
    return texts.map { tokenizer.decode(tokenizer.encode($0)) }
  }

  /// Texts with nil are those at which the library itself fails.
  private func expectEqual(_ found: [String], _ wanted: Any?, _ pattern: String) throws {
    let wanted = try #require(wanted as? [Any])
    try #require(wanted.count == found.count)
    for (have, want) in zip(found, wanted) {
      guard let want = want as? String else { continue }
      #expect(
        Array(have.unicodeScalars) == Array(want.unicodeScalars),
        "\(pattern): \(have.debugDescription) instead of \(want.debugDescription)")
    }
  }

  @Test func piecesAreEqual() throws {
    #expect(cases.count > 50)
    for entry in cases {
      let pattern = try #require(entry["pattern"] as? String)
      var file = base
      var stages = try #require(base["pre_tokenizer"] as? [String: Any])
      var list = try #require(stages["pretokenizers"] as? [[String: Any]])
      list[0]["pattern"] = ["Regex": pattern]
      stages["pretokenizers"] = list
      file["pre_tokenizer"] = stages
      try expectEqual(texts(through: file), entry["split"], pattern)
    }
  }

  @Test func replacementsAreEqual() throws {
    for entry in cases {
      let pattern = try #require(entry["pattern"] as? String)
      var file = base
      file["normalizer"] = ["type": "Replace", "pattern": ["Regex": pattern], "content": "|"]
      var stages = try #require(base["pre_tokenizer"] as? [String: Any])
      let list = try #require(stages["pretokenizers"] as? [[String: Any]])
      stages["pretokenizers"] = Array(list.dropFirst())
      file["pre_tokenizer"] = stages
      try expectEqual(texts(through: file), entry["replaced"], pattern)
    }
  }
}
