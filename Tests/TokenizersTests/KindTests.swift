import Foundation
import Testing
import Tokenizers

/// Every kind of model, and the ids of added tokens, against Hugging Face's `tokenizers`.
///
/// Fixtures/kinds.json is made by scripts/make_kind_fixtures.py.
@Suite struct KindTests {
  private struct Case {
    let name: String
    let json: [UInt8]
    let ids: [[Int32]]
    let decodedWithoutLast: [String]

    var tokenizer: Tokenizer { get throws { try Tokenizer(json: json) } }
  }

  private let texts: [String]
  private let cases: [Case]

  init() throws {
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: Fixture.url("kinds.json")))
    let fields = try #require(root as? [String: Any])
    texts = try #require(fields["texts"] as? [String])
    cases = try #require(fields["cases"] as? [[String: Any]])
      .map { entry in
        Case(
          name: try #require(entry["name"] as? String),
          json: Array(try JSONSerialization.data(withJSONObject: try #require(entry["file"]))),
          ids: try #require(entry["ids"] as? [[Int]]).map { $0.map(Int32.init) },
          decodedWithoutLast: try #require(entry["decodedWithoutLast"] as? [String]))
      }
  }

  @Test func idsAreEqual() throws {
    #expect(cases.count > 25)
    for kind in cases {
      let encoder = TokenEncoder(try kind.tokenizer)
      for (text, ids) in zip(texts, kind.ids) {
        #expect(encoder.encode(text) == ids, "\(kind.name): \(text.debugDescription)")
      }
    }
  }

  @Test func decodingIsEqual() throws {
    for kind in cases {
      let tokenizer = try kind.tokenizer
      for (ids, text) in zip(kind.ids, kind.decodedWithoutLast) {
        let decoded = tokenizer.decode(ids.dropLast(), skipSpecialTokens: true)
        #expect(
          Array(decoded.unicodeScalars) == Array(text.unicodeScalars),
          "\(kind.name): \(text.debugDescription)")
      }
    }
  }

  /// What the cache remembers and what long pieces are cut into must change nothing.
  @Test func memoryChangesNothing() throws {
    for kind in cases {
      let tokenizer = try kind.tokenizer
      let encoder = TokenEncoder(tokenizer)
      for text in texts.prefix(40) + texts.prefix(40) {
        #expect(encoder.encode(text) == tokenizer.encode(text), "\(kind.name)")
      }
    }
  }

  @Test(arguments: ["a", "\u{2603}", "1 "])
  func longRunsTakeLinearTime(unit: String) throws {
    for kind in cases where !kind.name.hasPrefix("added") {
      let encoder = TokenEncoder(try kind.tokenizer)
      let long = String(repeating: unit, count: 200_000 / unit.utf8.count)
      let time = threadTime { _ = encoder.encode(long) }
      // A quadratic way would take minutes.
      #expect(time < .seconds(5), "\(kind.name) took \(time)")
    }
  }

  @Test func flippedBytesNeverCrash() throws {
    var state: UInt64 = 11
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for kind in cases {
      for _ in 0..<24 {
        var damaged = kind.json
        for _ in 0..<3 { damaged[next(damaged.count)] = UInt8(next(256)) }
        // Damage in the same place of one text for another keeps more files readable.
        let swapped = next(damaged.count)
        if (0x30...0x39).contains(damaged[swapped]) { damaged[swapped] = UInt8(0x30 + next(10)) }
        if let tokenizer = try? Tokenizer(json: damaged) {
          for text in texts.prefix(20) { _ = tokenizer.decode(tokenizer.encode(text)) }
        }
      }
    }
  }

  /// Values of the wrong kind or size in every place of a file.
  @Test func wrongValuesNeverCrash() throws {
    let strange: [Any] = [
      NSNull(), -1, 3, 1e300, "", "x", true, ["a", "b"], [[]], ["x": 4_000_000_000],
    ]
    // Files with one of the large normalizers take their time to read.
    for kind in cases where kind.name.hasSuffix("-bare") || kind.name.hasPrefix("added") {
      let root = try JSONSerialization.jsonObject(with: Data(kind.json))
      let file = try #require(root as? [String: Any])
      for (part, value) in file where part == "model" || part == "added_tokens" {
        for damaged in variants(of: value, strange) {
          var changed = file
          changed[part] = damaged
          let json = Array(try JSONSerialization.data(withJSONObject: changed))
          if let tokenizer = try? Tokenizer(json: json) {
            for text in texts.suffix(4) { _ = tokenizer.decode(tokenizer.encode(text)) }
          }
        }
      }
    }
  }

  /// A value with each of its fields replaced by each strange value.
  private func variants(of value: Any, _ strange: [Any]) -> [Any] {
    if let fields = value as? [String: Any] {
      return fields.keys.sorted().prefix(12).flatMap { key in
        strange.map { other in
          var changed = fields
          changed[key] = other
          return changed
        }
      }
    }
    guard let list = value as? [Any], let first = list.first else { return [] }
    return variants(of: first, strange).map { [$0] + list.dropFirst() }
  }

  @Test func affixesWithoutEndAreRefused() throws {
    let kind = try #require(cases.first { $0.name == "bpe-prefix-bare" })
    let long = String(repeating: "#", count: 5000)
    let json = String(decoding: kind.json, as: UTF8.self)
      .replacingOccurrences(
        of: "\"continuing_subword_prefix\":\"##\"",
        with: "\"continuing_subword_prefix\":\"\(long)\""
      )
    #expect(throws: TokenizerError.self) { try Tokenizer(json: Array(json.utf8)) }
  }
}
