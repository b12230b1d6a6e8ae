import Foundation
import Testing

/// Batches, forks and faults of runs, through the program.
@Suite(.serialized) struct ForkCommandTests {
  private func arguments(_ more: String) throws -> [String] {
    let work = try TinyWork.shared.get().path
    let call =
      "train --model \(work)/reference --shards \(work)/shards --batch 4 --steps 8 "
      + "--chunk-tokens 33 --warmup 2 --checkpoint-every 3 -q \(more)"
    return call.split(separator: " ").map(String.init)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func aBatchLeadsToAFork() throws {
    let place = try Workplace()
    try Program.succeed(try arguments("--run a -o model-a"), in: place.path)
    let batch = try Program.succeed(
      ["batch", "a", "--step", "8", "--model-losses", "--json", "-q"], in: place.path)
    let chunks = try #require(try object(batch.output)["chunks"] as? [[String: Any]])
    #expect(chunks.count == 4)
    let worst = try #require(chunks.first?["chunk"] as? Int)
    let losses = chunks.compactMap { $0["loss"] as? Double }
    #expect(losses == losses.sorted(by: >))
    let lines = try Program.succeed(["batch", "a", "--step", "8", "-q"], in: place.path).lines
    #expect(lines.first?.hasPrefix("step 8 of a: 4 chunks, loss ") == true)
    #expect(lines.contains { $0.contains("corpus.jsonl, line ") })
    let fork = try Program.succeed(
      ["fork", "a", "--step", "8", "--drop-chunks", "\(worst)", "-o", "b", "-q"], in: place.path)
    #expect(fork.output.contains("behind step 6, without one chunk"))
    try Program.succeed(try arguments("--run b -o model-b"), in: place.path)
    let record = try object(
      String(decoding: place.data("model-b/training_data.json") ?? Data(), as: UTF8.self))
    #expect((record["fork"] as? [String: Any])?["droppedChunks"] as? [Int] == [worst])
    #expect(place.data("model-a/model.safetensors") != place.data("model-b/model.safetensors"))
    try Data("\(worst), 1\n2\n".utf8).write(to: URL(fileURLWithPath: place.path + "/drop.txt"))
    let several = try Program.succeed(
      ["fork", "a", "--step", "8", "--drop-file", "drop.txt", "-o", "c", "--json", "-q"],
      in: place.path)
    #expect(
      try object(several.output)["droppedChunks"] as? [Int] == Set([worst, 1, 2]).sorted())
  }

  @Test(
    arguments: [
      ("batch nothing --step 1", 3, "found no checkpoint"),
      ("batch a --step 99", 2, "1 to 8"),
      ("fork a --step 99 --drop-chunks 1 -o new", 2, "1 to 9"),
      ("fork a --step 3 --drop-chunks 100000 -o new", 2, "chunks below"),
      ("fork a --step 3 -o new", 2, "--drop-chunks or --drop-file"),
      ("fork a --step 3 --drop-chunks 1 -o a", 2, "the run"),
      ("fork a --step 3 --drop-chunks one -o new", 2, "whole number"),
    ] as [(String, Int32, String)])
  func whatCannotBeIsSaid(call: String, code: Int32, text: String) throws {
    let place = try Workplace()
    try Program.succeed(try arguments("--run a"), in: place.path)
    let outcome = try Program.run(
      call.split(separator: " ").map(String.init) + ["-q"], in: place.path)
    #expect(outcome.status == code, "\(outcome.errors)")
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    #expect(place.names("new").isEmpty)
  }

  /// A learning rate that no model survives, and what can be done about it.
  @Test func numbersThatAreNotFiniteStopTheRun() throws {
    let place = try Workplace()
    let hopeless = "--run a --lr 1e6 --min-lr 1e6 --clip 1e30 --precision f32"
    let outcome = try Program.run(
      try arguments("\(hopeless) --on-nan stop --on-spike note"), in: place.path)
    // Either it survives so few steps, or it stops with a checkpoint and says what to do.
    guard outcome.status != 0 else { return }
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("Stopped before the update of step"))
    #expect(outcome.errors.contains("miniplm batch RUN --step"))
    #expect(!place.names("a/checkpoints").isEmpty)
    let later = try Program.run(try arguments("\(hopeless) --on-nan skip"), in: place.path)
    #expect([0, 1].contains(later.status), "\(later.errors)")
  }

  @Test(arguments: ["--on-nan note", "--on-spike ask", "--spike-threshold 0", "--on-disk-full no"])
  func policiesAreChecked(option: String) throws {
    let outcome = try Program.run(try arguments("--run a \(option)"))
    #expect(outcome.status == 2)
  }
}
