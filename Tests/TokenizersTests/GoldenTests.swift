import Foundation
import Testing
import Tokenizers

/// Ids and texts against Hugging Face's `tokenizers`.
@Suite struct GoldenTests {
  @Test(arguments: Fixture.names)
  func idsAreEqual(name: String) throws {
    let tokenizer = try Fixture.tokenizer(name)
    let encoder = TokenEncoder(tokenizer)
    let golden = try Fixture.golden(name)
    let texts = try Fixture.texts()
    #expect(golden.ids.count == texts.count)
    for (text, ids) in zip(texts, golden.ids) {
      #expect(encoder.encode(text) == ids, "\(text.debugDescription)")
    }
  }

  @Test(arguments: Fixture.names)
  func specialTokensStandAroundTheText(name: String) throws {
    let tokenizer = try Fixture.tokenizer(name)
    let golden = try Fixture.golden(name)
    for (text, ids) in zip(try Fixture.texts(), golden.withSpecialTokens) {
      #expect(tokenizer.encode(text, addSpecialTokens: true) == ids, "\(text.debugDescription)")
    }
  }

  @Test(arguments: Fixture.names)
  func decodingIsEqual(name: String) throws {
    let tokenizer = try Fixture.tokenizer(name)
    let golden = try Fixture.golden(name)
    for (ids, text) in zip(golden.ids, golden.decodedWithoutLast) {
      let decoded = tokenizer.decode(ids.dropLast(), skipSpecialTokens: true)
      // Scalars, because equal characters may hide different ones.
      #expect(Array(decoded.unicodeScalars) == Array(text.unicodeScalars))
    }
  }

  @Test func everyStageIsEqual() throws {
    let variants = try JSONSerialization.jsonObject(
      with: Data(contentsOf: Fixture.url("variants.json")))
    let root = try #require(variants as? [String: Any])
    let texts = try #require(root["texts"] as? [String])
    let models = try #require(root["models"] as? [Any])
    let cases = try #require(root["cases"] as? [[String: Any]])
    #expect(cases.count > 60)
    for entry in cases {
      let name = try #require(entry["name"] as? String)
      var file = try #require(entry["file"] as? [String: Any])
      file["model"] = models[try #require(entry["model"] as? Int)]
      let json = Array(try JSONSerialization.data(withJSONObject: file))
      let tokenizer = try Tokenizer(json: json)
      let ids = try #require(entry["ids"] as? [[Int]])
      for (text, ids) in zip(texts, ids) {
        #expect(
          tokenizer.encode(text).map(Int.init) == ids, "\(name): \(text.debugDescription)")
      }
    }
  }
}
