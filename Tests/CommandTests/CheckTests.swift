import Foundation
import Testing

/// The checks before scoring, as people meet them.
@Suite struct CheckTests {
  private static let models = "--shards held --teacher teacher --reference reference --positions 32"

  private func run(_ call: String) throws -> Program.Outcome {
    try Program.run(
      call.split(separator: " ").map(String.init), in: try TinyWork.shared.get().path)
  }

  @Test func aTableSaysWhatWasLookedAt() throws {
    let outcome = try run("check \(Self.models) --tokenizer tok")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let first = outcome.lines.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    #expect(
      first == [
        "tokenizer ok", "vocabulary ok", "length ok", "reserve unknown", "memory ok", "finite ok",
        "teacher warning", "speed ok",
      ], "\(outcome.output)")
  }

  @Test func aFailureEndsTheCommandUnlessItIsWaived() throws {
    let failing = "\(Self.models) --reserve held --json"
    let outcome = try run("check \(failing)")
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("--waive reserve"), "\(outcome.errors)")
    let fields = try #require(try outcome.json() as? [String: Any])
    #expect(fields["passed"] as? Bool == false)
    let waived = try run("check \(failing) --waive reserve,speed --waive-reason rehearsal")
    #expect(waived.status == 0, "\(waived.errors)")
    let result = try #require(try waived.json() as? [String: Any])
    let rows = try #require(result["checks"] as? [[String: Any]])
    let row = try #require(rows.first { $0["check"] as? String == "reserve" })
    #expect(row["state"] as? String == "waived" && row["reason"] as? String == "rehearsal")
    #expect(result["passed"] as? Bool == true)
  }

  @Test func aScoringNamesWhatWasWaived() throws {
    let place = NSTemporaryDirectory() + "checks-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: place) }
    let call = "score \(Self.models) --reserve held -o \(place)"
    let gated = try run(call)
    #expect(gated.status == 3 && gated.errors.contains("before scoring failed"), "\(gated.errors)")
    #expect(!FileManager.default.fileExists(atPath: place + "/scores.safetensors"))
    #expect(try run(call + " --waive reserve").status == 0)
    #expect(try run("inspect \(place)").output.contains("were waived: reserve"))
  }

  @Test(arguments: ["--waive nothing", "--waive reserve,", "--waive-reason because"])
  func whatCannotBeWaivedIsRefused(options: String) throws {
    let outcome = try run("check \(Self.models) \(options)")
    #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome.errors)")
  }

  @Test func autoIsNamed() throws {
    let outcome = try run("check \(Self.models) --precision auto --json")
    let fields = try #require(try outcome.json() as? [String: Any])
    #expect(fields["precision"] as? String == "f32")
    #expect((fields["precisionReason"] as? String)?.isEmpty == false)
    for command in [
      "evaluate --model teacher --shards held", "generate --model teacher --prompt a",
    ] {
      let outcome = try run("\(command) --precision auto")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }
}
