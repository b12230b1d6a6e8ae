import Foundation
import Testing

/// GGUF files where a model is asked for.
@Suite struct GGUFTests {
  private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .appendingPathComponent("LanguageModelsTests/Fixtures/gguf/mixed.gguf").path

  @Test func inspectTellsWhatItHolds() throws {
    let place = try Workplace()
    let text = try Program.succeed(["inspect", Self.fixture], in: place.path).output
    for words in ["llama, ", "vocabulary 61", "GGUF", "Q6_K ", " %", "lacks a tokenizer"] {
      #expect(text.contains(words), "\(words): \(text)")
    }
    let json = try Program.succeed(["inspect", Self.fixture, "--json"], in: place.path).json()
    let report = try #require(json as? [String: Any])
    #expect(report["path"] as? String == Self.fixture)
    let model = try #require(report["model"] as? [String: Any])
    #expect(model["format"] as? String == "gguf")
    #expect(model["architecture"] as? String == "llama")
    #expect(model["vocabularySize"] as? Int == 61)
    let types = try #require(model["elementTypes"] as? [[String: Any]])
    #expect(Set(types.compactMap { $0["name"] as? String }).isSuperset(of: ["Q4_K", "IQ4_XS"]))
    let shares = types.compactMap { $0["share"] as? Double }
    #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
    let memory = try #require(model["memory"] as? [[String: Any]])
    #expect(memory.count == 7)
    #expect(memory.allSatisfy { ($0["bytes"] as? Int ?? 0) > 0 })
    #expect(model["lacks"] as? [String] == ["a tokenizer"])
  }

  @Test func whatIsCutIsRefusedByEveryCommand() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    let whole = try #require(FileManager.default.contents(atPath: Self.fixture))
    let path = place.path + "/cut.gguf"
    for length in [0, 3, 20, 700, whole.count - 40] {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      for arguments in [
        ["inspect", path],
        [
          "score", "--shards", work.path + "/held", "--teacher", path, "--reference",
          work.path + "/reference", "-o", "s",
        ],
        ["evaluate", "--model", path, "--shards", work.path + "/held"],
      ] {
        let outcome = try Program.run(arguments, in: place.path)
        #expect(outcome.status == 3, "\(length): \(arguments): \(outcome.errors)")
        #expect(outcome.errors.contains("cut.gguf"))
        #expect(outcome.errors.contains("again"), "\(outcome.errors)")
        #expect(!outcome.wasKilled)
      }
    }
  }

  @Test func aModelIsNoCorpus() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    let outcome = try Program.run(
      ["pack", Self.fixture, "--tokenizer", work.path + "/tok", "-o", "shards"], in: place.path)
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("a GGUF model"))
    #expect(outcome.errors.contains("--teacher"))
  }
}
