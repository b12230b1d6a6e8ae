import Foundation
import Testing

/// What a training writes beside its model: event files, samples, checkpoints by policy.
@Suite(.serialized) struct TrainRecordTests {
  private func arguments(_ more: String) throws -> [String] {
    let work = try TinyWork.shared.get().path
    return
      "train --model \(work)/reference --shards \(work)/shards --batch 4 --chunk-tokens 33 --warmup 2"
      .split(separator: " ").map(String.init) + more.split(separator: " ").map(String.init)
  }

  private func files(_ folder: String, _ place: Workplace) -> [String] {
    place.names(folder).filter { $0.hasPrefix("events.out.tfevents.") }
  }

  @Test func samplesAndEventsAreKeptWithTheRun() throws {
    let place = try Workplace()
    let work = try TinyWork.shared.get()
    let call =
      try arguments(
        "--run run --steps 12 --sample-every 5 --sample-tokens 6 --tensorboard run/events "
          + "--held-out \(work.path)/held --evaluate-every 4 --checkpoint-every 4 --keep-last 1 "
          + "--keep-every 8 --keep-best")
      + ["--sample-prompt", "the river", "--sample-prompt", "old stone"]
    let outcome = try Program.succeed(call, in: place.path)
    #expect(outcome.errors.contains("keeping the newest checkpoint, those at multiples of 8 steps"))
    #expect(outcome.errors.contains("step 5, \"the river\" goes on:"))
    let text = String(decoding: place.data("run/samples.jsonl") ?? Data(), as: UTF8.self)
    let samples = try text.split(separator: "\n").map {
      try #require(
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(samples.compactMap { $0["step"] as? Int } == [0, 0, 5, 5, 10, 10, 12, 12])
    #expect(samples.allSatisfy { ($0["tokenCount"] as? Int ?? 9) <= 6 })
    #expect(files("run/events", place).count == 1)
    let kept = place.names("run/checkpoints")
    #expect(kept.contains("step-000012") && kept.contains("step-000008"))
    // Done already: nothing is sampled again.
    try Program.succeed(call, in: place.path)
    #expect(place.data("run/samples.jsonl") == Data(text.utf8))
    #expect(files("run/events", place).count == 2)
  }

  /// A teacher's part of the loss is a curve of its own.
  @Test func bothLossesOfADistilledRunAreInTheEvents() throws {
    let (place, work) = (try Workplace(), try TinyWork.shared.get())
    try Program.succeed(
      try arguments(
        "--run run --steps 3 --method vanilla-kd --teacher \(work.path)/teacher --tensorboard ev -q"
      ), in: place.path)
    let file = try #require(files("ev", place).first)
    let bytes = try #require(place.data("ev/\(file)"))
    for tag in ["lm_loss", "kd_loss", "teacher_entropy", "kd_gradient_share"] {
      #expect(bytes.range(of: Data("train/\(tag)".utf8)) != nil, "\(tag)")
    }
  }

  /// Chunks of one token have nothing to predict: no time to go, and no update, but no crash.
  @Test func chunksWithoutATargetAreNoCrash() throws {
    let (place, work) = (try Workplace(), try TinyWork.shared.get())
    let count = 40
    func little<T: FixedWidthInteger>(_ value: T) -> Data {
      withUnsafeBytes(of: value.littleEndian) { Data($0) }
    }
    var index = Data("MMIDIDX\0\0".utf8) + little(UInt64(1)) + Data([8])
    index += little(UInt64(count)) + little(UInt64(1))
    for _ in 0..<count { index += little(Int32(1)) }
    for chunk in 0..<count { index += little(Int64(2 * chunk)) }
    index += little(Int64(0))
    try FileManager.default.createDirectory(
      atPath: place.path + "/one", withIntermediateDirectories: true)
    try index.write(to: URL(fileURLWithPath: place.path + "/one/data_0.idx"))
    try Data(repeating: 0, count: 2 * count).write(
      to: URL(fileURLWithPath: place.path + "/one/data_0.bin"))
    let outcome = try Program.run(
      [
        "train", "--model", work.path + "/reference", "--shards", "one", "--run", "run", "--steps",
        "3", "--batch", "4", "--chunk-tokens", "33",
      ], in: place.path)
    #expect(!outcome.wasKilled, "\(outcome.errors)")
    #expect(outcome.errors.contains("update of step 1 left out"), "\(outcome.errors)")
  }

  @Test func samplingChangesNoWeight() throws {
    let place = try Workplace()
    try Program.succeed(
      try arguments("--run plain --steps 6 -o plain-model --quiet"), in: place.path)
    try Program.succeed(
      try arguments(
        "--run sampled --steps 6 -o sampled-model --quiet --sample-every 1 --sample-prompt the"),
      in: place.path)
    #expect(
      place.data("plain-model/model.safetensors") == place.data("sampled-model/model.safetensors"))
  }

  /// USR1 saves and the run goes on; TERM saves and ends it.
  @Test func aSignalSavesAndTheTrainingGoesOn() throws {
    let work = try InterruptionTests.LongWork.shared.get()
    let place = try Workplace()
    let running = try Program.Running(
      [
        "train", "--model", work.path + "/slow", "--shards", work.path + "/middle", "--run", "run",
        "--steps", "100000", "--chunk-tokens", "65", "--checkpoint-every", "100000",
      ], in: place.path)
    #expect(running.says("loss"))
    running.signal(SIGUSR1)
    #expect(running.says("going on"))
    #expect(running.says("checkpoint run/checkpoints/step-"))
    #expect(running.isRunning)
    running.signal(SIGTERM)
    let outcome = running.end()
    #expect(!outcome.wasKilled && outcome.status == 4, "\(outcome.errors)")
    #expect(!place.names("run/checkpoints").isEmpty)
  }

  @Test(arguments: [
    ("--tensorboard file", "file"), ("--tensorboard run", "the run"),
    ("--tensorboard events", "another run"),
  ])
  func whereEventsCannotGoIsSaidBeforeTheStart(options: String, words: String) throws {
    let place = try Workplace()
    try place.write("", to: "file")
    try FileManager.default.createDirectory(
      atPath: place.path + "/events", withIntermediateDirectories: true)
    try place.write("", to: "events/events.out.tfevents.0000000001.host.1")
    let outcome = try Program.run(try arguments("--run run --steps 2 " + options), in: place.path)
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(!place.exists("run/metrics.jsonl"))
  }

  @Test(arguments: [
    "--sample-every 3", "--sample-prompt the", "--keep-best", "--keep-last 0",
  ])
  func optionsThatNeedOthersAreRefused(options: String) throws {
    let outcome = try Program.run(try arguments("--run run --steps 2 " + options))
    #expect(outcome.status == 2, "\(outcome.errors)")
  }

  /// A limit on the size of files stands for a disk that is full in the middle of a run.
  @Test func aFullDiskInTheMiddleIsNoEnd() throws {
    let place = try Workplace()
    let call = try arguments(
      "--run run --steps 40 --checkpoint-every 10 --tensorboard events --seed 3")
    let outcome = try Program.shell(
      "ulimit -f 4; exec $MINIPLM \(call.joined(separator: " ")) --quiet", in: place.path)
    // Only the end, where there is nothing left to wait for, is an error.
    #expect(outcome.status == 1, "\(outcome.errors)")
    for words in [
      "the checkpoint of step 10 could not be written", "Training goes on", "lags behind",
      "ulimit -f unlimited",
    ] { #expect(outcome.errors.contains(words), "\(words): \(outcome.errors)") }
    let later = try Program.succeed(call + ["-o", "model"], in: place.path)
    #expect(!later.errors.contains("could not"))
    #expect(place.exists("model/model.safetensors"))
    #expect(files("events", place).count == 2)
  }
}
