import Foundation
import Testing
import Tokenizers

/// Texts that are long runs of few characters: they take ways of their own through the models.
///
/// Fixtures/runs.json is made by scripts/make_run_fixtures.py from `tokenizers`: merges in any order
/// and scores that tie.
@Suite struct RunTests {
  @Test func idsOfRunsAreEqual() throws {
    let data = try Data(contentsOf: Fixture.url("runs.json"))
    let cases = try #require(JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    #expect(cases.count > 50)
    var compared = 0
    for entry in cases {
      let file = try #require(entry["file"])
      let json = Array(try JSONSerialization.data(withJSONObject: file))
      let tokenizer = try Tokenizer(json: json)
      for sample in try #require(entry["texts"] as? [[String: Any]]) {
        let runs = try #require(sample["runs"] as? [[Any]])
        let text = try runs.map { run in
          String(repeating: try #require(run[0] as? String), count: try #require(run[1] as? Int))
        }
        let ids = try #require(sample["ids"] as? [[Int]])
          .flatMap { [Int32](repeating: Int32($0[0]), count: $0[1]) }
        #expect(tokenizer.encode(text.joined()) == ids, "\(runs)")
        compared += ids.count
      }
    }
    #expect(compared > 10_000)
  }

  /// A measure without a clock cannot be had here: a run may take as long as mixed text of its length
  /// several times over, not the ten times that it took.
  @Test func runsTakeNoLongerThanOtherText() throws {
    let data = try Data(contentsOf: Fixture.url("kinds.json"))
    let root = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let kinds = try #require(root["cases"] as? [[String: Any]])
    var state: UInt32 = 9
    let letters = (0..<300_000).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return 0x61 + UInt8(state >> 24) % 26
    }
    let mixed = String(decoding: letters, as: UTF8.self)
    let run = String(repeating: "a", count: letters.count)
    var compared = 0
    for kind in kinds {
      let name = try #require(kind["name"] as? String)
      guard ["llama", "unigram-bare", "unigram-bytes-bare"].contains(name) else { continue }
      let file = try #require(kind["file"])
      let json = Array(try JSONSerialization.data(withJSONObject: file))
      let encoder = TokenEncoder(try Tokenizer(json: json))
      _ = encoder.encode(run)
      let ordinary = threadTime { _ = encoder.encode(mixed) }
      let ofRun = threadTime { _ = encoder.encode(run) }
      #expect(ofRun < ordinary * 3, "\(name): \(ofRun) against \(ordinary)")
      compared += 1
    }
    #expect(compared == 3)
  }
}
