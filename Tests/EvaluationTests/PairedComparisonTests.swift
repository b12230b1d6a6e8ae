import Evaluation
import Foundation
import Store
import Testing

@Suite struct PairedComparisonTests {
  private func records(_ right: [Bool], _ task: ZeroShotTask = .piqa) throws -> [ItemRecord] {
    try right.enumerated().map { index, isRight in
      let item = TaskItem(
        id: "\(index)", index: index,
        requests: ["a", "b"].map { TaskRequest(context: "c", continuation: " " + $0) },
        choices: ["a", "b"], gold: index % 2, question: "c")
      let sums = (index % 2 == 0) == isRight ? [-1.0, -2.0] : [-2.0, -1.0]
      return try ItemRecord(
        task, item,
        scores: sums.map { ChoiceScore(logProbability: $0, isGreedy: false, tokens: 1) })
    }
  }

  /// Values of scipy 1.17 (`binomtest`) and numpy (`std(ddof=1)`).
  @Test func differenceErrorAndExactP() throws {
    let first = [true, true, false, false, true, false, true, false, false, false]
    let second = [true, true, true, true, true, false, false, true, true, true]
    let found = try PairedComparison(
      .acc, first: try records(first), second: try records(second))
    #expect(found.items == 10)
    #expect(abs(found.first - 0.4) < 1e-15 && abs(found.second - 0.8) < 1e-15)
    #expect(abs(found.difference - 0.4) < 1e-15)
    #expect((found.wins, found.losses) == (5, 1))
    #expect(abs((found.standardError ?? 0) - 0.22110831935702668) < 1e-15)
    #expect(abs(found.exactP - 0.21875) < 1e-15)
    #expect(abs(found.smallestDetectable - 0.6194538) < 1e-6)
  }

  @Test func mcNemarBesideScipy() {
    #expect(McNemar.exactP(wins: 0, losses: 0) == 1)
    #expect(McNemar.exactP(wins: 7, losses: 7) == 1)
    #expect(abs(McNemar.exactP(wins: 6, losses: 0) - 0.03125) < 1e-15)
    #expect(abs(McNemar.exactP(wins: 60, losses: 95) / 0.006132892626972146 - 1) < 1e-11)
    #expect(abs(McNemar.exactP(wins: 700, losses: 520) / 2.8414915020603113e-07 - 1) < 1e-10)
    #expect(abs(McNemar.exactP(wins: 5100, losses: 5000) / 0.32458154633139585 - 1) < 1e-10)
  }

  @Test func otherItemsAreRefused() throws {
    let one = try records([true, false])
    #expect(throws: EvaluationError.self) {
      try PairedComparison(.acc, first: one, second: try records([true]))
    }
    #expect(throws: EvaluationError.self) {
      try PairedComparison(.acc, first: one, second: one.reversed())
    }
    #expect(throws: EvaluationError.self) {
      try PairedComparison(.acc, first: one, second: try records([true, false], .hellaswag))
    }
    #expect(throws: EvaluationError.self) {
      try PairedComparison(
        .accNorm, first: try records([true], .socialIQA), second: try records([true], .socialIQA))
    }
    #expect(throws: EvaluationError.self) { try PairedComparison(.acc, first: [], second: []) }
  }

  @Test func equalModelsStillNeedSixItems() throws {
    let same = try records(Array(repeating: true, count: 100))
    let found = try PairedComparison(.acc, first: same, second: same)
    #expect(found.standardError == 0)
    #expect(found.smallestDetectable == 0.06)
  }

  @Test func smallestEffects() {
    // (1.959964 + 0.841621) * sqrt(0.25 / 10042)
    #expect(
      abs((DetectableEffect.ofOneModel(items: 10_042, accuracy: 0.5) ?? 0) - 0.0139786) < 1e-6)
    #expect(DetectableEffect.ofOneModel(items: 0, accuracy: 0.5) == nil)
    #expect(
      abs((DetectableEffect.ofTwoModels(items: 500, discordant: 0.2) ?? 0) - 0.0560317) < 1e-6)
    #expect(DetectableEffect.ofTwoModels(items: 100, discordant: 0) == 0.06)
  }

  @Test func theAverageIsPlain() throws {
    let piqa = TaskResult(.piqa, records: try records([true, true, true, false]))
    // 2.801585 * 0.25
    #expect(abs((piqa.smallestDetectable ?? 0) - 0.7003963) < 1e-6)
    #expect(try JSONFile.text(of: piqa).contains("smallest_detectable"))
    let siqa = TaskResult(.socialIQA, records: try records([true, false], .socialIQA))
    let average = try #require(TaskAverage([piqa, siqa]))
    #expect(average.mean == 0.625)
    #expect(!average.isComplete)
    let errors = [0.25, 0.5]
    let wanted = errors.map { $0 * $0 }.reduce(0, +).squareRoot() / 2
    #expect(abs((average.standardError ?? 0) - wanted) < 1e-15)
    #expect(TaskAverage([TaskResult]()) == nil)
  }
}
