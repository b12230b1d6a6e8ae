import Foundation
import Testing

/// A limit on the size of files is a full disk that every machine can have: what does not fit is
/// written in part and then refused, with the system's own reason and what to do about it.
@Suite struct FullDiskTests {
  @Test(
    arguments: [
      ("generate --model teacher --prompts prompts.jsonl --max-new-tokens 40 --batch 2 -o OUT", 1),
      ("tokenizer train corpus.jsonl --vocabulary-size 290 -o OUT", 2),
      ("pack corpus.jsonl --tokenizer tok --max-length 33 -o OUT", 4),
      ("convert shards --from tok --to tok -o OUT", 4),
      ("split shards --random --ratio 0.5 --rest OUT-rest -o OUT", 4),
      ("new-model teacher.json -o OUT", 8),
      ("score --shards shards --teacher teacher --reference reference --positions 32 -o OUT", 1),
      ("train --model reference --shards shards --run OUT --steps 1 --warmup 0", 4),
      ("commit --shards shards --scores scores --teacher teacher --reference reference -o OUT", 4),
      ("corpus study corpus.jsonl -o OUT --scratch .", 1),
    ] as [(String, Int)])
  func theReasonIsSaid(call: String, kibibytes: Int) throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    let arguments = call.replacing("OUT", with: place.path + "/o")
    let outcome = try Program.shell(
      "ulimit -f \(kibibytes); exec $MINIPLM \(arguments) --quiet", in: work.path)
    #expect(!outcome.wasKilled, "SIGXFSZ ends no program")
    // The work failed; nothing that was given is wrong.
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(
      outcome.errors.contains("the largest size of a file that is allowed is reached"),
      "\(outcome.errors)")
    #expect(outcome.errors.contains("ulimit -f unlimited"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("is kept"), "\(outcome.errors)")
    // With room the same command makes what it would have made anyway.
    let later = try Program.run(
      arguments.split(separator: " ").map(String.init) + ["--quiet"], in: work.path)
    #expect(later.status == 0, "\(later.errors)")
    let left = place.names(".").filter { !["o", "o-rest"].contains($0) }
    #expect(left.isEmpty, "\(left)")
  }

  /// In the middle of a run each checkpoint that cannot be written is said once, and a policy may end it.
  @Test(arguments: [("go-on", 3), ("stop", 1)])
  func aRunSaysOnceWhatItCannotWrite(policy: String, times: Int) throws {
    let (work, place) = (try TinyWork.shared.get(), try Workplace())
    let call =
      "train --model reference --shards shards --run \(place.path)/run --steps 40 --warmup 2 "
      + "--batch 2 --chunk-tokens 33 --checkpoint-every 10 --on-disk-full \(policy) --quiet"
    let outcome = try Program.shell("ulimit -f 16; exec $MINIPLM \(call)", in: work.path)
    #expect(outcome.status == 1, "\(outcome.errors)")
    let told = outcome.errors.components(separatedBy: "could not be written").count - 1
    #expect(told == times, "\(outcome.errors)")
    #expect(
      outcome.errors.contains(policy == "stop" ? "The run stops." : "it is tried again at step"))
  }
}
