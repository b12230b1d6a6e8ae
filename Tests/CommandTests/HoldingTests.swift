import Foundation
import Glibc
import Testing

/// Whoever writes a place holds it: a second program is told who does, and touches nothing.
@Suite struct HoldingTests {
  @Test(arguments: [
    "train --model reference --shards shards --steps 100000 --warmup 0 --checkpoint-every 100000 "
      + "--run OUT",
    "train --model reference --shards shards --steps 100000 --warmup 0 --checkpoint-every 100000 "
      + "--run RUN -o OUT",
    "generate --model teacher --prompts prompts.jsonl --samples 10000 --max-new-tokens 200 -o OUT",
  ])
  func aSecondOneIsTurnedAway(call: String) throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    func arguments(run: String) -> [String] {
      call.split(separator: " ").map {
        $0 == "OUT" ? "\(place.path)/o" : $0 == "RUN" ? "\(place.path)/\(run)" : String($0)
      }
    }
    let first = try Program.Running(arguments(run: "r1"), in: work.path)
    #expect(first.says(", ETA") || first.says("sequences") || first.says("step"))
    let second = try Program.run(arguments(run: "r2") + ["--quiet"], in: work.path)
    #expect(second.status == 1)
    #expect(
      second.errors.contains("is being written by process \(first.number) "), "\(second.errors)")
    #expect(second.errors.contains("(miniplm \(call.prefix(8))"), "\(second.errors)")
    #expect(!place.exists("r2"))
    first.signal(SIGKILL)
    #expect(first.end().wasKilled)
    // What the dead one has left holds nobody up.
    let third = try Program.Running(arguments(run: "r1"), in: work.path)
    #expect(third.says(", ETA") || third.says("sequences") || third.says("step"))
    third.signal(SIGTERM)
    let stopped = third.end()
    #expect(stopped.status == 4, "\(stopped.errors)")
    #expect(place.names(".").filter { $0.hasSuffix(".lock") } == [])
    #expect(place.names("o").filter { $0.hasSuffix(".lock") } == [])
  }

  /// Work that is short: here somebody else holds its place, `o.lock` beside what appears at once and
  /// `o/.lock` in a folder that grows.
  @Test(
    arguments: [
      ("corpus study corpus.jsonl -o OUT/o", "o.lock"),
      ("pack WORK/corpus.jsonl --tokenizer tok --max-length 33 -o OUT/o", "o.lock"),
      ("split shards --ratio 0.5 -o OUT/o --rest OUT/rest", "o.lock"),
      ("convert shards --from tok --to tok -o OUT/o", "o.lock"),
      (
        "score --shards shards --teacher teacher --reference reference --positions 32 -o OUT/o",
        "o/.lock"
      ),
      (
        "commit --shards shards --scores scores --teacher teacher --reference reference -o OUT/o",
        "o/.lock"
      ),
    ] as [(String, String)])
  func aPlaceIsHeld(call: String, lock: String) throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    if lock.hasPrefix("o/") {
      try FileManager.default.createDirectory(
        atPath: place.path + "/o", withIntermediateDirectories: true)
    }
    let holder = open("\(place.path)/\(lock)", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(holder) }
    #expect(flock(holder, LOCK_EX | LOCK_NB) == 0)
    let before = place.names(".")
    let arguments =
      call.replacing("OUT", with: place.path).replacing("WORK", with: work.path)
      .split(separator: " ").map(String.init) + ["--quiet"]
    let refused = try Program.run(arguments, in: work.path)
    #expect(refused.status == 1, "\(refused.errors)")
    #expect(refused.errors.contains("/o is being written by"), "\(refused.errors)")
    #expect(place.names(".") == before)
    if lock.hasPrefix("o/") { #expect(place.names("o") == [".lock"]) }
    #expect(flock(holder, LOCK_UN) == 0)
    try Program.succeed(arguments, in: work.path)
    #expect(place.names(".") == (call.contains("--rest") ? ["o", "rest"] : ["o"]))
    #expect(!place.names("o").contains(".lock"))
  }
}
