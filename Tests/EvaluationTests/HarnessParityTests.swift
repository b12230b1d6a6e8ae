import Evaluation
import Foundation
import Store
import Testing

/// Requests, decisions and aggregates beside those of the harness.
@Suite struct HarnessParityTests {
  let fixture: HarnessFixture
  let scratch: Scratch

  init() throws {
    fixture = try HarnessFixture.load()
    scratch = try Scratch()
  }

  @Test func theFixtureIsOfAllTasksAndVersions() {
    #expect(Set(fixture.cases.map(\.task)) == Set(ZeroShotTask.allCases))
    #expect(Set(fixture.versions) == Set(HarnessVersion.allCases.map(\.rawValue)))
    #expect(fixture.cases.allSatisfy { $0.items.count >= 3 })
  }

  @Test(arguments: ZeroShotTask.allCases, HarnessVersion.allCases)
  func requestsAreEqualToTheByte(task: ZeroShotTask, version: HarnessVersion) throws {
    let (expected, items) = try read(task, version)
    #expect(items.count == expected.items.count)
    for (item, wanted) in zip(items, expected.items) {
      let found = item.requests.map { [Array($0.context.utf8), Array($0.continuation.utf8)] }
      #expect(found == wanted.requests.map { $0.map { Array($0.utf8) } }, "item \(item.index)")
      #expect(item.gold == wanted.gold, "item \(item.index)")
      if task == .winogrande { continue }
      #expect(
        item.choices.map { Array($0.utf8) } == wanted.choices.map { Array($0.utf8) },
        "item \(item.index)")
    }
  }

  @Test(arguments: ZeroShotTask.allCases) func decisionsAreEqual(task: ZeroShotTask) throws {
    let (expected, items) = try read(task, .newest)
    for (item, wanted) in zip(items, expected.items) {
      let decision = try ItemDecision(task, item, scores: wanted.scores)
      #expect(decision.acc == wanted.outcome["acc"], "item \(item.index)")
      #expect(decision.accNorm == wanted.outcome["acc_norm"], "item \(item.index)")
    }
  }

  @Test(arguments: ZeroShotTask.allCases) func aggregatesAreEqual(task: ZeroShotTask) throws {
    let (expected, items) = try read(task, .newest)
    let records = try zip(items, expected.items).map {
      try ItemRecord(task, $0, scores: $1.scores)
    }
    let result = TaskResult(task, records: records, bootstrap: 3000)
    let found: [String: Double?] = [
      "acc": result.acc, "acc_norm": result.accNorm, "acc_stderr": result.accStandardError,
      "acc_norm_stderr": result.accNormStandardError, "perplexity": result.perplexity,
      "perplexity_stderr": result.perplexityStandardError,
    ]
    #expect(result.items == items.count)
    for (name, value) in found {
      let wanted = expected.results[name]
      #expect((value == nil) == (wanted == nil), "\(name)")
      if let value, let wanted { #expect(abs(value - wanted) <= 1e-14 * abs(wanted), "\(name)") }
    }
  }

  private func read(
    _ task: ZeroShotTask, _ version: HarnessVersion
  ) throws -> (HarnessFixture.Case, [TaskItem]) {
    let expected = try #require(fixture.cases.first { $0.task == task })
    let path = try scratch.file("rows.jsonl", try expected.lines)
    return (expected, try TaskItems.read(task, from: path, version: version, limit: nil))
  }
}
