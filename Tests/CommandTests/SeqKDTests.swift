import Foundation
import Testing

/// `train --method seqkd`: the teacher writes, the student reads; one command.
@Suite struct SeqKDTests {
  private func arguments(_ work: TinyWork, _ more: [String] = []) -> [String] {
    [
      "train", "--method", "seqkd", "--teacher", work.path + "/teacher", "--model",
      work.path + "/reference", "--shards", work.path + "/shards", "--run", "run", "-o", "student",
      "--steps", "6", "--batch", "4", "--chunk-tokens", "33", "--prompt-tokens", "20",
    ] + more
  }

  @Test func theTeacherWritesAndTheStudentReads() throws {
    let (work, place) = (try TinyWork.shared.get(), try Workplace())
    let outcome = try Program.succeed(arguments(work, ["--json"]), in: place.path)
    let summary = try #require(outcome.json() as? [String: Any])
    #expect(summary["steps"] as? Int == 6)
    // The same in two commands.
    try Program.succeed(
      [
        "generate", "--shards", work.path + "/shards", "--model", work.path + "/teacher", "-o",
        "text", "--max-length", "33", "--prompt-tokens", "20",
      ], in: place.path)
    for name in place.names("text") {
      #expect(place.data("text/\(name)") == place.data("run-text/\(name)"), "\(name)")
    }
    #expect(place.exists("text/continuation.json"))
    try Program.succeed(
      [
        "train", "--model", work.path + "/reference", "--shards", "text", "--run", "other", "-o",
        "second", "--steps", "6", "--batch", "4", "--chunk-tokens", "33",
      ], in: place.path)
    #expect(
      place.data("student/model.safetensors") == place.data("second/model.safetensors"))
    // Done already: the same model, no other text.
    try Program.succeed(arguments(work), in: place.path)
    let other = try Program.run(
      arguments(work, ["--temperature", "0.5"]), in: place.path)
    #expect(other.status != 0 && other.errors.contains("run-text"), "\(other.errors)")
  }

  @Test func optionsBelongToTheirMethods() throws {
    let (work, place) = (try TinyWork.shared.get(), try Workplace())
    for (extra, words) in [
      (["--kd-ratio", "0.3"], "--kd-ratio is for --method vanilla-kd"),
      (["--logits", "cache"], "--logits is for --method vanilla-kd"),
      (["--prompt-tokens", "33"], "prompt-tokens"),
    ] {
      let outcome = try Program.run(arguments(work, extra), in: place.path)
      #expect(outcome.status == 2, "\(outcome.status): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    let alone = try Program.run(
      [
        "train", "--model", work.path + "/reference", "--shards", work.path + "/shards", "--run",
        "run", "--steps", "1", "--decode-batch", "2",
      ], in: place.path)
    #expect(alone.status == 2 && alone.errors.contains("--decode-batch is for --method seqkd"))
  }
}
