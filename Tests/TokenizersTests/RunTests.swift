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
}
