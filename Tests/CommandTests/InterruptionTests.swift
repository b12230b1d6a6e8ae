import Foundation
import Testing

/// A first signal stops long work at a safe point: exit 4, and nothing half-written under the name
/// of a result.
@Suite(.serialized) struct InterruptionTests {
  /// Inputs on which every command works for seconds at least.
  final class LongWork: Sendable {
    static let shared = Result { try LongWork() }
    let path: String

    private init() throws {
      let tiny = try TinyWork.shared.get()
      path = tiny.path
      var lines = ""
      for block in 0..<40 { lines += TinyWork.documents(400, from: 10_000 + 400 * block) }
      let piece = Data(lines.utf8)
      try Data().write(to: URL(fileURLWithPath: path + "/long.jsonl"))
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path + "/long.jsonl"))
      for _ in 0..<24 { try file.write(contentsOf: piece) }
      try file.close()
      try tiny.write(TinyWork.documents(6_000, from: 50_000), to: "middle.jsonl")
      try tiny.write(TinyWork.model(width: 256, layers: 8, heads: 8), to: "slow.json")
      try tiny.write(
        (0..<2000).map { "{\"prompt\": \"\(TinyWork.text($0).prefix(60))\"}\n" }.joined(),
        to: "many.jsonl")
      for arguments in [
        ["pack", "middle.jsonl", "--tokenizer", "tok", "-o", "middle", "--max-length", "65"],
        ["new-model", "slow.json", "-o", "slow", "--tokenizer", "tok"],
      ] {
        let outcome = try Program.run(arguments + ["--quiet"], in: path)
        guard outcome.status == 0 else { throw TinyWork.Failure(text: outcome.errors) }
      }
    }
  }

  struct Call: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    /// What must not be there afterwards.
    let result: String?
    var testDescription: String { arguments.prefix(2).joined(separator: " ") }

    init(_ arguments: String, result: String? = nil) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.result = result
    }
  }

  static let calls: [Call] = [
    Call("pack WORK/long.jsonl --tokenizer WORK/tok -o packed --threads 1", result: "packed"),
    Call("tokenizer train WORK/long.jsonl -o tok", result: "tok/tokenizer.json"),
    Call("corpus study WORK/long.jsonl -o study.json --threads 1", result: "study.json"),
    Call(
      "score --shards WORK/middle --teacher WORK/slow --reference WORK/slow --positions 64 -o scores",
      result: "scores/scores.safetensors"),
    Call(
      "train --model WORK/slow --shards WORK/middle --run run --steps 100000 --chunk-tokens 65 -o trained",
      result: "trained"),
    Call("evaluate --model WORK/slow --shards WORK/middle --chunk-tokens 65"),
    Call("evaluate --model WORK/slow --text WORK/middle.jsonl --window 64"),
    Call("evaluate --model WORK/slow --shards WORK/middle --window 64"),
    Call("compare WORK/slow WORK/slow --shards WORK/middle --chunk-tokens 65"),
    Call(
      "generate --model WORK/slow --prompts WORK/many.jsonl --max-new-tokens 128 -o lines.jsonl",
      result: "lines.jsonl"),
  ]

  @Test(arguments: calls) func aSignalStopsAtASafePoint(call: Call) throws {
    let work = try LongWork.shared.get()
    let place = try Workplace()
    let running = try Program.Running(
      call.arguments.map { $0.replacingOccurrences(of: "WORK", with: work.path) }, in: place.path)
    let title = call.arguments[0] == "corpus" ? "study:" : "\(call.arguments[0]):"
    #expect(running.says(title) && running.isRunning, "it ended before it could be stopped")
    running.signal(SIGINT)
    let outcome = running.end()
    #expect(!outcome.wasKilled)
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("Stopped"))
    #expect(outcome.output.isEmpty, "\(outcome.output)")
    if let result = call.result { #expect(!place.exists(result), "\(result) is there") }
  }

  /// Batch systems send two in ordinary use; what came first is saved all the same.
  @Test(arguments: [
    [SIGTERM, SIGTERM], [SIGUSR1, SIGTERM], [SIGHUP, SIGUSR2], [SIGINT, SIGINT],
    [SIGCONT, SIGTERM],
    [SIGTERM, SIGUSR1, SIGHUP, SIGINT, SIGTERM],
  ])
  func furtherSignalsChangeNothing(numbers: [Int32]) throws {
    let work = try LongWork.shared.get()
    for command in [
      "score --shards WORK/middle --teacher WORK/slow --reference WORK/slow --positions 64 -o out",
      "train --model WORK/slow --shards WORK/middle --run out --steps 100000 --chunk-tokens 65",
    ] {
      let place = try Workplace()
      let arguments = command.replacingOccurrences(of: "WORK", with: work.path)
        .split(separator: " ").map(String.init)
      let running = try Program.Running(arguments, in: place.path)
      #expect(running.says(arguments[0] == "train" ? "loss" : "score:"))
      for number in numbers {
        running.signal(number)
        usleep(15_000)
      }
      let outcome = running.end()
      #expect(!outcome.wasKilled && outcome.status == 4, "\(outcome.status): \(outcome.errors)")
      #expect(outcome.errors.contains("Stopped"))
      if arguments[0] == "train" {
        #expect(place.names("out/checkpoints").contains { $0.hasPrefix("step-") })
      }
    }
  }

  @Test func aSecondCtrlCTwoSecondsLaterLeavesAtOnce() throws {
    let work = try LongWork.shared.get()
    let place = try Workplace()
    let running = try Program.Running(
      [
        "evaluate", "--model", work.path + "/slow", "--shards", work.path + "/middle",
        "--chunk-tokens", "65", "--batch", "8192",
      ], in: place.path)
    // In the first batch, whose activations take gigabytes; all that is read before takes a tenth.
    #expect(running.uses(bytes: 1 << 30))
    running.signal(SIGINT)
    #expect(running.says("two seconds"))
    // The work stands still in the meantime: a batch of this size takes a second or more, but on some
    // machine fewer than two, and it would be at its safe point.
    running.signal(SIGSTOP)
    usleep(2_200_000)
    running.signal(SIGINT)
    running.signal(SIGCONT)
    let outcome = running.end()
    #expect(outcome.status == 130, "\(outcome.status): \(outcome.errors)")
    #expect(!outcome.wasKilled)
  }

  /// It has nothing to save, although it reads its input as work does.
  @Test func whatOnlyLooksEndsAtOnce() throws {
    let work = try LongWork.shared.get()
    let running = try Program.Running(
      ["bench", "read", "long.jsonl", "--repeats", "100000"], in: work.path)
    // Long enough for it to have begun; before, it ends in the same way.
    usleep(1_000_000)
    #expect(running.isRunning)
    running.signal(SIGINT)
    let outcome = running.end()
    #expect(outcome.wasKilled && outcome.status == SIGINT, "\(outcome.status): \(outcome.errors)")
  }

  @Test func theEndOfATerminalIsIgnoredUnderNohup() throws {
    let work = try LongWork.shared.get()
    let place = try Workplace()
    let outcome = try Program.shell(
      "trap '' HUP; \"$MINIPLM\" evaluate --model \(work.path)/slow --shards \(work.path)/middle "
        + "--chunk-tokens 65 --limit 2000 --json & sleep 0.3; kill -HUP $!; wait $!",
      in: place.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("chunkMean"))
  }

  @Test func aStoppedTrainingGoesOnToTheSameBytes() throws {
    let work = try LongWork.shared.get()
    let arguments = [
      "train", "--model", work.path + "/reference", "--shards", work.path + "/middle", "--steps",
      "400", "--checkpoint-every", "40", "--batch", "16", "--chunk-tokens", "65", "--warmup", "5",
      "--run", "run", "-o",
      "trained",
    ]
    let (whole, parts) = (try Workplace(), try Workplace())
    try Program.succeed(arguments + ["--quiet"], in: whole.path)
    let running = try Program.Running(arguments, in: parts.path)
    // Behind its first checkpoint, so that there is something to go on from.
    #expect(running.says("checkpoint run/checkpoints/step-000040"))
    running.signal(SIGINT)
    let outcome = running.end()
    #expect(outcome.status == 4, "\(outcome.errors)")
    let resumed = try Program.succeed(arguments, in: parts.path)
    #expect(resumed.errors.contains("resumed at step"))
    #expect(
      whole.data("trained/model.safetensors") == parts.data("trained/model.safetensors"))
  }
}
