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

  /// A study is short: here somebody else holds the place of its report.
  @Test func aReportIsHeld() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    let holder = open(place.path + "/o.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(holder) }
    #expect(flock(holder, LOCK_EX | LOCK_NB) == 0)
    let arguments = ["corpus", "study", "corpus.jsonl", "-o", place.path + "/o", "--quiet"]
    let refused = try Program.run(arguments, in: work.path)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("is being written by"), "\(refused.errors)")
    #expect(place.names(".") == ["o.lock"])
    #expect(flock(holder, LOCK_UN) == 0)
    try Program.succeed(arguments, in: work.path)
    #expect(place.names(".") == ["o"])
  }
}
