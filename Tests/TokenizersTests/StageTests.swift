import Foundation
import Testing
import Tokenizers

/// Normalizers, pre-tokenizers, decoders and post-processors against Hugging Face's `tokenizers`.
///
/// The files of Fixtures/stages.json have a token for every byte and mark where words begin, so that
/// the text of ids shows what a stage did. Made by scripts/make_stage_fixtures.py.
@Suite struct StageTests {
  private let root: [String: Any]

  init() throws {
    let text = try String(contentsOf: Fixture.url("stages.json"), encoding: .utf8)
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    root = try #require(object as? [String: Any])
  }

  private func tokenizer(_ base: String, _ parts: [String: Any?]) throws -> Tokenizer {
    var file = try #require(root[base] as? [String: Any])
    for (name, part) in parts { file[name] = part ?? NSNull() }
    let map = try #require(root["map"] as? String)
    let data = try JSONSerialization.data(withJSONObject: file)
    let text = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "@map", with: map)
    return try Tokenizer(json: Array(text.utf8))
  }

  private func cases(_ name: String) throws -> [[String: Any]] {
    try #require(root[name] as? [[String: Any]])
  }

  @Test func everyNormalizerAndPreTokenizerIsEqual() throws {
    let texts = try #require(root["texts"] as? [String])
    let cases = try cases("cases")
    #expect(cases.count > 80)
    for entry in cases {
      let name = try #require(entry["name"] as? String)
      let tokenizer = try self.tokenizer(
        "base", ["normalizer": entry["normalizer"], "pre_tokenizer": entry["pre_tokenizer"]])
      let encoder = TokenEncoder(tokenizer)
      let wanted = try #require(entry["wanted"] as? [Any])
      for (text, wanted) in zip(texts, wanted) {
        // The library itself fails at some texts.
        guard let wanted = wanted as? String else { continue }
        let found = tokenizer.decode(encoder.encode(text))
        #expect(
          Array(found.unicodeScalars) == Array(wanted.unicodeScalars),
          "\(name): \(text.debugDescription) gave \(found.debugDescription)")
      }
    }
  }

  @Test func everyDecoderIsEqual() throws {
    let lists = try #require(root["ids"] as? [[Int]])
    for entry in try cases("decoders") {
      let name = try #require(entry["name"] as? String)
      let tokenizer = try self.tokenizer("decoder_base", ["decoder": entry["decoder"]])
      let wanted = try #require(entry["wanted"] as? [Any])
      for (ids, wanted) in zip(lists, wanted) {
        guard let wanted = wanted as? String else { continue }
        let found = tokenizer.decode(ids.map(Int32.init), skipSpecialTokens: true)
        #expect(Array(found.unicodeScalars) == Array(wanted.unicodeScalars), "\(name): \(ids)")
      }
    }
  }

  @Test func everyPostProcessorIsEqual() throws {
    for entry in try cases("processors") {
      let name = try #require(entry["name"] as? String)
      let tokenizer = try self.tokenizer("base", ["post_processor": entry["post_processor"]])
      for (key, adds) in [("with", true), ("without", false)] {
        let wanted = try #require(entry[key] as? [Int])
        #expect(tokenizer.encode("x y", addSpecialTokens: adds).map(Int.init) == wanted, "\(name)")
      }
    }
  }

  /// Bytes of tokens are those of a token between others.
  @Test func bytesOfTokensGoByTheDecoder() throws {
    func bytes(_ decoder: [String: Any], _ token: String) throws -> String {
      let tokenizer = try self.tokenizer("decoder_base", ["decoder": decoder])
      let id = try #require(tokenizer.id(of: token))
      return String(decoding: tokenizer.bytes(of: id), as: UTF8.self)
    }
    let metaspace: [String: Any] = [
      "type": "Metaspace", "replacement": "\u{2581}", "prepend_scheme": "always", "split": true,
    ]
    #expect(try bytes(metaspace, "\u{2581}the") == " the")
    let wordPiece: [String: Any] = ["type": "WordPiece", "prefix": "##", "cleanup": true]
    #expect(try bytes(wordPiece, "##ing") == "ing")
    #expect(try bytes(wordPiece, "the") == " the")
    #expect(try bytes(wordPiece, ".") == ".")
    let replace: [String: Any] = [
      "type": "Replace", "pattern": ["String": "\u{2581}"], "content": " ",
    ]
    let llama: [String: Any] = [
      "type": "Sequence",
      "decoders": [
        replace, ["type": "ByteFallback"], ["type": "Fuse"],
        ["type": "Strip", "content": " ", "start": 1, "stop": 0],
      ],
    ]
    #expect(try bytes(llama, "<0x0A>") == "\n")
    #expect(try bytes(llama, "\u{2581}the") == " the")
    #expect(try bytes(llama, "the") == "the")
    let tokenizer = try self.tokenizer("decoder_base", ["decoder": llama])
    let dot = try #require(tokenizer.id(of: "\u{2581}."))
    // The first space of a text is stripped, so that only a second token brings it.
    #expect(!tokenizer.holdsSpace(dot, isFirst: true))
    #expect(tokenizer.holdsSpace(dot, isFirst: false))
    let lineFeed = try #require(tokenizer.id(of: "<0x0A>"))
    #expect(tokenizer.sentenceEndTokenIDs(endOfText: 0).contains(lineFeed))
  }
}
