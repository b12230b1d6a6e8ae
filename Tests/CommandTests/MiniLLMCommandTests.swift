import Foundation
import Testing

/// `train --method minillm`: one command samples and trains, is stopped and killed, and goes on.
@Suite(.serialized) struct MiniLLMCommandTests {
  private func arguments(_ work: TinyWork, _ more: [String] = []) -> [String] {
    [
      "train", "--method", "minillm", "--teacher", work.path + "/teacher", "--model",
      work.path + "/reference", "--shards", work.path + "/shards", "--batch", "4",
      "--chunk-tokens", "33", "--prompt-tokens", "20", "--new-tokens", "10", "--warmup", "2",
    ] + more
  }

  @Test func theStudentSamplesAndLearns() throws {
    let (work, place) = (try TinyWork.shared.get(), try Workplace())
    let call = arguments(
      work,
      [
        "--run", "run", "-o", "student", "--steps", "6", "--rollouts", "8", "--rollout-epochs",
        "2", "--keep-rollouts", "--held-out", work.path + "/held", "--tensorboard", "events",
        "--json",
      ])
    let outcome = try Program.succeed(call, in: place.path)
    let summary = try #require(outcome.json() as? [String: Any])
    #expect(summary["steps"] as? Int == 6 && summary["heldOutLoss"] as? Double != nil)
    let figures = try #require(summary["minillm"] as? [String: Any])
    #expect(figures["rollout"] as? Int == 2 && figures["reverseKL"] as? Double ?? 0 > 0)
    #expect((summary["distillation"] as? [String: Any])?["lmLoss"] as? Double != nil)
    #expect(outcome.errors.contains("MiniLLM: prompts of 20 tokens, up to 10 new ones"))
    #expect(outcome.errors.contains("teacher's share 0.2, 8 sequences a rollout"))
    #expect(outcome.errors.contains("2 rollouts of 8 sequences, each for 4 steps"))
    #expect(outcome.errors.contains("FLOPs of a step"))
    #expect(place.names("run/rollouts").count == 2)
    let metrics = String(decoding: place.data("run/metrics.jsonl") ?? Data(), as: UTF8.self)
    for word in [
      "reverseKL", "policyLoss", "reward", "length", "clippedShare", "importanceWeight",
      "finishedShare", "lmLoss", "kdLoss",
    ] { #expect(metrics.contains("\"\(word)\""), "\(word)") }
    let events = try #require(place.names("events").first)
    let bytes = try #require(place.data("events/\(events)"))
    for tag in ["rollout/reverse_kl", "rollout/reward", "rollout/clipped_share"] {
      #expect(bytes.range(of: Data(tag.utf8)) != nil, "\(tag)")
    }
    #expect(place.exists("student/distillation.json"))
    let look = try Program.succeed(["inspect", "run"], in: place.path)
    #expect(look.output.contains("MiniLLM: prompts of 20 tokens"), "\(look.output)")
  }

  /// Killed at whatever moment, in rollouts and between steps: the same weights in the end.
  @Test func killsChangeNothing() throws {
    let (work, place) = (try TinyWork.shared.get(), try Workplace())
    func call(_ run: String) -> [String] {
      arguments(
        work,
        [
          "--run", run, "-o", run + "-model", "--steps", "60", "--rollouts", "16",
          "--rollout-epochs", "3", "--checkpoint-every", "7",
        ])
    }
    try Program.succeed(call("whole") + ["--quiet"], in: place.path)
    var kills = 0
    for round in 1... {
      try #require(round < 60)
      let running = try Program.Running(call("pieces"), in: place.path)
      // Later every time, so that there is an end.
      usleep(UInt32(60_000 + 40_000 * round))
      guard running.isRunning else {
        let outcome = running.end()
        #expect(outcome.status == 0, "\(outcome.errors)")
        break
      }
      running.signal(SIGKILL)
      _ = running.end()
      kills += 1
    }
    #expect(kills > 0)
    #expect(
      place.data("whole-model/model.safetensors") == place.data("pieces-model/model.safetensors"))
  }

  /// USR1 saves in the middle of a rollout and goes on; TERM saves and ends.
  @Test func signalsAreAnsweredWhileSampling() throws {
    let (work, long) = (try TinyWork.shared.get(), try InterruptionTests.LongWork.shared.get())
    let place = try Workplace()
    let running = try Program.Running(
      [
        "train", "--method", "minillm", "--teacher", long.path + "/slow", "--model",
        long.path + "/slow", "--shards", long.path + "/middle", "--run", "run", "--steps", "1000",
        "--chunk-tokens", "65", "--prompt-tokens", "20", "--new-tokens", "45", "--rollouts",
        // Sampling that takes seconds: it must still go on when a line of progress has told of it.
        "1200", "--batch", "4",
      ], in: place.path)
    #expect(running.says("sequences sampled"))
    running.signal(SIGUSR1)
    #expect(running.says("checkpoint run/checkpoints/step-000000"))
    #expect(running.isRunning)
    running.signal(SIGTERM)
    let outcome = running.end()
    #expect(!outcome.wasKilled && outcome.status == 4, "\(outcome.errors)")
    _ = work
  }

  @Test func badInputIsNamed() throws {
    let (work, place) = (try TinyWork.shared.get(), try Workplace())
    let rest = ["--run", "run", "--steps", "2"]
    for (extra, words) in [
      (["--prompt-tokens", "33"], "--prompt-tokens"), (["--new-tokens", "14"], "--new-tokens"),
      (["--rollouts", "6"], "--rollouts"), (["--logits", "cache"], "--logits is for"),
      (["--teacher-share", "1.5"], "--teacher-share"), (["--ratio-clip", "0"], "--ratio-clip"),
      (["--continued", "x"], "--continued is for --method seqkd"),
    ] {
      let outcome = try Program.run(arguments(work, rest + extra), in: place.path)
      #expect(outcome.status == 2, "\(extra): \(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(extra): \(outcome.errors)")
      #expect(!place.exists("run/metrics.jsonl"))
    }
    let plain = [
      "train", "--model", work.path + "/reference", "--shards", work.path + "/shards", "--run",
      "run", "--steps", "1",
    ]
    for option in [["--rollouts", "8"], ["--keep-rollouts"], ["--text-weight", "0"]] {
      let outcome = try Program.run(plain + option, in: place.path)
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("\(option[0]) is for --method minillm"), "\(outcome.errors)")
    }
    let alone = try Program.run(plain + ["--method", "minillm"], in: place.path)
    #expect(alone.status == 2 && alone.errors.contains("needs --teacher"), "\(alone.errors)")
  }
}
