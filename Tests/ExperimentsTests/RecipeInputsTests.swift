import Experiments
import Foundation
import Pipeline
import Store
import Testing

/// What a recipe names is looked at before anything is done, and what it holds is told afterwards.
@Suite struct RecipeInputsTests {
  private func fault(_ changes: [(String, String)]) throws -> (key: String, words: String) {
    let made = try TinyExperiment()
    let path = made.root + "/other.json"
    let places = ["r", "s", "h"].map { ("\"\($0).jsonl\"", "\"\(made.root)/\($0).jsonl\"") }
    let changes = changes.map {
      ($0.0, $0.1.replacingOccurrences(of: "ROOT", with: made.root))
    }
    try AtomicFile.write(text: RecipeTests.text(changes + places), to: path)
    do {
      try RecipeInputs(ExperimentRecipe(file: path), path: path).require()
    } catch ExperimentError.recipe(_, let key, let found, let expected) {
      return (key, "\(found); \(expected)")
    }
    Issue.record("\(changes) was taken")
    return ("", "")
  }

  @Test func filesThatAreNotThere() throws {
    #expect(
      try fault([("[\"s.jsonl\"]", "[\"s.jsonl\", \"ROOT/nope.jsonl\"]")]).key
        == "corpus.files.scored[1]")
    #expect(
      try fault([
        ("\"tokenizer\": {\"vocabulary\": 300}", "\"tokenizer\": {\"folder\": \"ROOT/no\"}")
      ])
      .key == "tokenizer.folder")
    let field = try fault([
      ("\"held_out\": [\"h.jsonl\"]", "\"held_out\": [\"h.jsonl\"], \"text_field\": \"body\"")
    ])
    #expect(field.key == "corpus.files.text_field" && field.words.contains("body"))
  }

  @Test(arguments: ["s", "r"]) func whatIsLearntCannotBeHeldOut(part: String) throws {
    // By another spelling of its path.
    let fault = try fault([("[\"h.jsonl\"]", "[\"ROOT/./\(part).jsonl\"]")])
    #expect(fault.key == "corpus.files.held_out[0]")
    #expect(fault.words.contains(part == "s" ? "scored" : "reserve"))
  }

  @Test func namesThatWouldBeFolders() throws {
    for name in ["a/b", "..", "a b"] {
      let text = RecipeTests.text([("\"name\": \"tiny\"", "\"name\": \"\(name)\"")])
      #expect(throws: ExperimentError.self) {
        try ExperimentRecipe(json: Array(text.utf8), path: "x.json")
      }
    }
  }

  @Test func aRatioBelowOneChunkIsNamed() throws {
    let made = try TinyExperiment([("[0.3, 0.5]", "[0.0001, 0.5]")])
    #expect {
      _ = try made.experiment(only: ["conventional"]).run(Work())
    } throws: { error in
      if case ExperimentError.emptyArm(let arm, let ratio, _) = error {
        return arm.hasPrefix("miniplm") && ratio == 0.0001
      }
      return false
    }
  }

  private struct Report: Decodable {
    var heldOutChunks: Int
    var heldOutRepeated: Int
  }

  /// The same texts under another name are found by their tokens.
  @Test func repeatedChunksAreTold() throws {
    let made = try TinyExperiment()
    let text = try FileContents.read(made.root + "/s.jsonl")
    try AtomicFile.write(text, to: made.root + "/h.jsonl")
    _ = try made.experiment(only: ["-s1"]).run(Work())
    let all = try JSONFile.read(Report.self, from: made.folder.path + "/report/results.json")
    #expect(all.heldOutRepeated == all.heldOutChunks && all.heldOutChunks > 0)
    let words = String(
      decoding: try FileContents.read(made.folder.path + "/report/README.md"), as: UTF8.self)
    #expect(words.contains("Held-out chunks that stand, token for token"))
    let other = try TinyExperiment()
    _ = try other.experiment(only: ["-s1"]).run(Work())
    let few = try JSONFile.read(Report.self, from: other.folder.path + "/report/results.json")
    #expect(few.heldOutRepeated < few.heldOutChunks)
  }
}
