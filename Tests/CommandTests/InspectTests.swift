import Foundation
import Testing

/// Everything that the program writes is known by its kind, and what is none is said to be none.
@Suite struct InspectTests {
  @Test func everyKindIsKnown() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    for arguments in [
      "commit --shards W/shards --scores W/scores --teacher W/teacher --reference W/reference -o commits --uniform",
      "split W/shards -o reserve --rest rest --ratio 0.3 --random",
      "train --model W/reference --shards W/shards --run run --steps 4 --batch 4 --chunk-tokens 33",
      "init project --corpus W/shards --tokenizer W/tok --teacher W/teacher --reference W/reference",
    ] {
      try Program.succeed(
        arguments.replacingOccurrences(of: "W/", with: work.path + "/").split(separator: " ")
          .map(String.init), in: place.path)
    }
    for (path, words) in [
      ("commits", "0001-r0.50: refined"), ("commits/0001-r0.50", "refined corpus"),
      ("commits/0002-uniform/", "uniform sample"),
      ("commits/0001-r0.50/manifest.json", "refined corpus"),
      ("commits/0001-r0.50/selection.json", "selection by ratio"), ("run", "step 4 of 4"),
      ("run/checkpoints/step-000004", "parameters"), ("project", "project project"),
      ("project/project.json", "project project"), ("reserve", "set aside"),
      ("rest/reserve.json", "set aside"), ("W/scores", "scores of"),
      ("W/scores/scores.safetensors", "scores of"), ("W/teacher", "parameters"),
      ("W/teacher/config.json", "parameters"), ("W/shards", "token shards"),
      ("W/shards/corpus.json", "record of a packed corpus"), ("W/tok", "tokenizer, 300 ids"),
      ("W/tok/tokenizer.json", "tokenizer, 300 ids"),
    ] {
      let outcome = try Program.succeed(
        ["inspect", path.replacingOccurrences(of: "W/", with: work.path + "/")], in: place.path)
      #expect(outcome.output.contains(words), "\(path): \(outcome.output)")
    }
  }

  @Test(arguments: ["corpus.jsonl", "teacher.json", "."]) func whatIsNoneIsSaid(
    path: String
  ) throws {
    let outcome = try Program.run(["inspect", path], in: try TinyWork.shared.get().path)
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains(path) && outcome.errors.contains("a model folder"))
  }

  /// A number in a project's file that cannot work is said with the file and the key.
  @Test(arguments: [
    ("\"ratio\" : 0.5", "\"ratio\" : 7", "ratio"),
    ("\"scoringBlock\" : 64", "\"scoringBlock\" : 0", "scoringBlock"),
    ("\"chunksPerShard\" : 1000000", "\"chunksPerShard\" : -1", "chunksPerShard"),
    ("\"epochs\" : 2", "\"epochs\" : 1e300", "epochs"),
    ("\"chunksPerStep\" : 4", "\"chunksPerStep\" : 0", "chunksPerStep"),
    ("\"beta2\" : 0.95", "\"beta2\" : 1", "beta2"),
  ])
  func numbersOfAProjectAreChecked(found: String, wrong: String, key: String) throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    try Program.succeed(
      [
        "init", "p", "--corpus", work.path + "/shards", "--tokenizer", work.path + "/tok",
        "--teacher", work.path + "/teacher", "--reference", work.path + "/reference",
      ], in: place.path)
    let text = String(decoding: try #require(place.data("p/project.json")), as: UTF8.self)
    #expect(text.contains(found), "\(text)")
    try place.write(text.replacingOccurrences(of: found, with: wrong), to: "p/project.json")
    for arguments in [["run", "p"], ["open", "p", "--once"], ["inspect", "p"]] {
      let outcome = try Program.run(arguments, in: place.path)
      #expect(outcome.status == 3, "\(arguments): \(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.contains("p/project.json") && outcome.errors.contains(key))
    }
  }

  @Test func aTextIsNotScoredAndHeldBack() throws {
    let work = try TinyWork.shared.get()
    let outcome = try Program.run(
      ["init", "p", "--corpus", "corpus.jsonl", "--reserve", "./corpus.jsonl"], in: work.path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("--corpus"), "\(outcome.errors)")
  }
}
