import Foundation
import Testing

/// Shards carry the identity of the tokenizer that made them, whatever was done with them since, and
/// a tokenizer that contradicts them is refused wherever both come together.
@Suite struct ShardsTokenizerTests {
  private let work: TinyWork
  private let place: Workplace

  init() throws {
    work = try TinyWork.shared.get()
    place = try Workplace()
    // As large as the other, so that no id tells them apart.
    try place.write(
      TinyWork.documents(100, from: 4000).replacing("river", with: "zebra"), to: "other.jsonl")
    try Program.succeed(
      [
        "tokenizer", "train", "other.jsonl", "-o", "other", "--vocabulary-size", "300", "--quiet",
      ], in: place.path)
  }

  private func run(_ call: String) throws -> Program.Outcome {
    let arguments = call.split(separator: " ").map {
      $0.hasPrefix("+") ? "\(place.path)/\($0.dropFirst())" : String($0)
    }
    return try Program.run(arguments, in: work.path)
  }

  /// Makes shards in every way that there is; each keeps what it was packed with.
  private func derived() throws -> [String] {
    for call in [
      "split shards --ratio 0.5 -o +reserve --rest +rest",
      "convert shards --from tok --to tok -o +converted",
      "commit --shards shards --scores scores --teacher teacher --reference reference -o +commits",
    ] {
      let outcome = try run(call + " --quiet")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    return ["shards", "+reserve", "+rest", "+converted", "+commits/0001-r0.50"]
  }

  @Test func anotherTokenizerIsRefusedByEveryUser() throws {
    for shards in try derived() {
      for call in [
        "corpus chunk \(shards) 0 --tokenizer +other",
        "inspect \(shards) --chunk 0 --tokenizer +other",
        "corpus search \(shards) a --tokenizer +other", "corpus study \(shards) --tokenizer +other",
        "convert \(shards) --from +other --to tok -o +never",
        "init +never --corpus \(shards) --tokenizer +other",
        "train --model teacher --shards \(shards) --run +never --steps 1 --warmup 0 --convert-from +other",
      ] {
        let outcome = try run(call)
        #expect(outcome.status == 2, "\(call): \(outcome.status) \(outcome.errors)")
        #expect(outcome.errors.contains("the tokenizer that made"), "\(call): \(outcome.errors)")
      }
      let right = try run("corpus chunk \(shards) 0 --tokenizer tok")
      #expect(right.status == 0 && right.errors.isEmpty, "\(right.errors)")
    }
    #expect(!place.exists("never"))
  }

  @Test func aModelWithAnotherTokenizerIsWarnedOf() throws {
    let made = try run("new-model reference.json --tokenizer +other -o +model --seed 2 --quiet")
    #expect(made.status == 0, "\(made.errors)")
    for call in [
      "evaluate --model +model --shards shards",
      "score --shards shards --teacher teacher --reference +model --positions 32 -o +scores --waive "
        + "tokenizer",
      "train --model +model --shards shards --run +run --steps 1 --warmup 0",
    ] {
      let outcome = try run(call)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("brings another tokenizer"), "\(call): \(outcome.errors)")
    }
  }

  @Test func shardsThatDoNotSayPassWithANote() throws {
    try FileManager.default.createDirectory(
      atPath: place.path + "/foreign", withIntermediateDirectories: true)
    for name in ["data_0.bin", "data_0.idx"] {
      try FileManager.default.copyItem(
        atPath: "\(work.path)/shards/\(name)", toPath: "\(place.path)/foreign/\(name)")
    }
    let outcome = try run("corpus chunk +foreign 0 --tokenizer tok")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("does not say by which tokenizer"), "\(outcome.errors)")
  }

  @Test func oneModelTwiceIsWarnedOf() throws {
    let outcome = try run(
      "score --shards shards --teacher teacher --reference teacher --positions 32 -o +same")
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("are the same model: every difference is 0"))
  }

  @Test func aFinishedPackOfStandardInputIsDone() throws {
    let text = TinyWork.documents(60, from: 0)
    let call = ["pack", "-", "--tokenizer", "tok", "--max-length", "33", "-o", "\(place.path)/p"]
    let first = try Program.run(call, in: work.path, input: text)
    let second = try Program.run(call, in: work.path, input: text)
    #expect(first.status == 0 && second.status == 0, "\(second.errors)")
    #expect(first.output == second.output)
    let other = try Program.run(call, in: work.path, input: text + TinyWork.documents(1, from: 99))
    #expect(other.status == 3)
    #expect(other.errors.contains("another stream") && other.errors.contains("--replace"))
    let replaced = try Program.run(
      call + ["--replace"], in: work.path, input: text + TinyWork.documents(1, from: 99))
    #expect(replaced.status == 0, "\(replaced.errors)")
  }

  @Test func oneFileTwiceIsWarnedOf() throws {
    let twice = try run(
      "pack corpus.jsonl ./corpus.jsonl --tokenizer tok --max-length 33 -o +twice")
    #expect(twice.status == 0)
    #expect(twice.errors.contains("is given twice"), "\(twice.errors)")
    try FileManager.default.createDirectory(
      atPath: place.path + "/texts", withIntermediateDirectories: true)
    try place.write(TinyWork.documents(20, from: 0), to: "texts/a.jsonl")
    let both = try run("init +project --corpus +texts --reserve held.jsonl +texts/a.jsonl")
    #expect(both.status == 0, "\(both.errors)")
    #expect(both.errors.contains("in both --reserve and --corpus"), "\(both.errors)")
  }
}
