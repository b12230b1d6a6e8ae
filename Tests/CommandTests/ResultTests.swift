import Foundation
import Testing

/// What `--json` gives: one value (or a line each) whose fields are those that are committed.
@Suite struct ResultTests {
  struct Call: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [String]
    var testDescription: String { name }

    init(_ name: String, _ arguments: String) {
      self.name = name
      self.arguments = arguments.split(separator: " ").map(String.init)
    }
  }

  static let calls: [Call] = [
    Call("tokenizer-train", "tokenizer train WORK/corpus.jsonl -o tok --vocabulary-size 300"),
    Call("pack", "pack WORK/corpus.jsonl --tokenizer WORK/tok -o shards --max-length 33"),
    Call("split", "split WORK/shards -o reserve --rest rest --ratio 0.3 --random"),
    Call("convert", "convert WORK/shards --from WORK/tok --to WORK/tok -o converted"),
    Call("corpus-search", "corpus search WORK/shards river --tokenizer WORK/tok --limit 2"),
    Call("corpus-study", "corpus study WORK/corpus.jsonl"),
    Call("corpus-chunk", "corpus chunk WORK/shards 3 --tokenizer WORK/tok"),
    Call("corpus-document", "corpus document WORK/shards 3 --tokenizer WORK/tok"),
    Call("new-model", "new-model WORK/teacher.json -o model"),
    Call(
      "check",
      "check --shards WORK/held --teacher WORK/teacher --reference WORK/reference --positions 32"),
    Call(
      "score",
      "score --shards WORK/held --teacher WORK/teacher --reference WORK/reference --positions 32 -o scores"
    ),
    Call("select", "select --scores WORK/scores --ratio 0.5"),
    Call(
      "select-list",
      "select --scores WORK/scores --shards WORK/shards --tokenizer WORK/tok --list dropped --limit 3"
    ),
    Call(
      "quality",
      "quality --shards WORK/shards --scores WORK/scores --reference WORK/reference --other WORK/scores --planted WORK/corpus.jsonl --planted-field meta.pile_set_name --sample 20 --states 8"
    ),
    Call(
      "drivers",
      "drivers --shards WORK/shards --scores WORK/scores --tokenizer WORK/tok --token-scores t.jsonl --teacher WORK/teacher --reference WORK/reference --chunks 6 --top 2"
    ),
    Call(
      "commit",
      "commit --shards WORK/shards --scores WORK/scores --teacher WORK/teacher --reference WORK/reference -o commits --uniform"
    ),
    Call(
      "train",
      "train --model WORK/reference --shards WORK/shards --held-out WORK/held --run run --steps 4 --batch 4 --chunk-tokens 33 --warmup 1 -o trained"
    ),
    Call(
      "cache-logits",
      "cache-logits --teacher WORK/teacher --shards WORK/held --samples 5 --chunk-tokens 33 -o logits"
    ),
    Call("evaluate", "evaluate --model WORK/teacher --shards WORK/held --chunk-tokens 33"),
    Call("compare", "compare WORK/teacher WORK/reference --shards WORK/held --chunk-tokens 33"),
    Call(
      "evaluate-text",
      "evaluate --model WORK/teacher --text WORK/held.jsonl --window 32 --stride 16"),
    Call(
      "compare-text",
      "compare WORK/teacher WORK/reference --text WORK/held.jsonl --window 64 --start boundary"),
    Call(
      "fit",
      "fit WORK/points.csv --baseline WORK/points.csv --at 1e18 --reach 3.0 --bootstrap 4 --published"
    ),
    Call("generate", "generate --model WORK/teacher --prompt river --max-new-tokens 4"),
    Call(
      "generate-file",
      "generate --model WORK/teacher --prompts WORK/prompts.jsonl --max-new-tokens 4 -o lines.jsonl"
    ),
  ]

  @Test(arguments: calls) func theShapeIsAsCommitted(call: Call) throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    let arguments = call.arguments.map {
      $0.replacingOccurrences(of: "WORK", with: work.path)
    }
    let outcome = try Program.succeed(arguments + ["--json", "--quiet"], in: place.path)
    let shapes = try outcome.lines.map {
      Golden.shape(
        try JSONSerialization.jsonObject(with: Data($0.utf8), options: [.fragmentsAllowed]))
    }
    var kinds: [String] = []
    for shape in shapes where !kinds.contains(shape) { kinds.append(shape) }
    try Golden.check(kinds.joined(separator: "\n") + "\n", "json/\(call.name)")
    // Models that have learnt nothing are warned of, quietly or not.
    let told = outcome.errors.split(separator: "\n").filter { !$0.contains(": warning: ") }
    #expect(told.isEmpty, "--quiet, yet: \(outcome.errors)")
  }

  /// The same call on the same input gives the same bytes.
  @Test(arguments: ["pack", "split", "convert", "new-model", "score", "train", "generate-file"])
  func repeatedCallsGiveEqualBytes(name: String) throws {
    let call = try #require(Self.calls.first { $0.name == name })
    let work = try TinyWork.shared.get()
    let places = [try Workplace(), try Workplace()]
    for place in places {
      let arguments = call.arguments.map {
        $0.replacingOccurrences(of: "WORK", with: work.path)
      }
      try Program.succeed(arguments + ["--quiet"], in: place.path)
    }
    let files = try places.map { place in
      try FileManager.default.subpathsOfDirectory(atPath: place.path).sorted().filter {
        // These hold times, and the digest of what holds them.
        ![
          "metrics.jsonl", "manifest.json", "digests.json", "state.json", "checkpoint.json",
          "checks.json",
        ]
        .contains($0.split(separator: "/").last.map(String.init) ?? "")
      }
    }
    #expect(files[0] == files[1])
    #expect(!files[0].isEmpty)
    for file in files[0] {
      #expect(places[0].data(file) == places[1].data(file), "\(file) differs")
    }
  }

  @Test func theSeedOfScoringComesFromTheTable() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    let outcome = try Program.succeed(
      [
        "commit", "--shards", work.path + "/shards", "--scores", work.path + "/scores",
        "--teacher", work.path + "/teacher", "--reference", work.path + "/reference", "-o",
        "commits", "--uniform", "--seed", "5", "--json", "--quiet",
      ], in: place.path)
    let result = try #require(try outcome.json() as? [String: Any])
    let manifest = try #require(result["manifest"] as? [String: Any])
    #expect(manifest["seed"] as? Int == 77)
  }
}
