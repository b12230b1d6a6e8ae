import Evaluation
import Foundation
import Store
import Testing

@Suite struct ItemDecisionTests {
  private func item(_ choices: [String], gold: Int) -> TaskItem {
    TaskItem(
      id: "x", index: 0,
      requests: choices.map { TaskRequest(context: "c", continuation: " " + $0) },
      choices: choices, gold: gold, question: "c")
  }

  private func scores(_ sums: [Double]) -> [ChoiceScore] {
    sums.map { ChoiceScore(logProbability: $0, isGreedy: false, tokens: 2) }
  }

  @Test func theFirstMaximumWins() throws {
    let decision = try ItemDecision(
      .piqa, item(["aa", "aa"], gold: 1), scores: scores([-1, -1]))
    #expect(decision.predicted == 0)
    #expect(decision.predictedNorm == 0)
    #expect(decision.acc == 0)
  }

  @Test func lengthsAreCodePointsOfTheBareChoice() throws {
    // One code point against four in one character: -1 and -3/4 a code point.
    let family = "\u{1F468}\u{200D}\u{1F469}e"
    let decision = try ItemDecision(
      .arcEasy, item(["e", family], gold: 1), scores: scores([-1, -3]))
    #expect(decision.predicted == 0)
    #expect(decision.predictedNorm == 1)
    #expect((decision.acc, decision.accNorm) == (0, 1))
  }

  /// As numpy.argmax: the first NaN is the maximum, and a choice of no characters has -inf.
  @Test func whatIsNoNumberIsDecidedAsTheHarnessDoes() throws {
    let undefined = try ItemDecision(
      .piqa, item(["a", "b"], gold: 1), scores: scores([-1, .nan]))
    #expect(undefined.predicted == 1)
    let empty = try ItemDecision(.piqa, item(["", "b"], gold: 1), scores: scores([-1, -5]))
    #expect((empty.predicted, empty.predictedNorm) == (0, 1))
    let lowest = try ItemDecision(
      .piqa, item(["a", "b"], gold: 0), scores: scores([-.infinity, -.infinity]))
    #expect(lowest.predicted == 0)
  }

  @Test func lambadaIsAGreedyMatch() throws {
    let word = item(["word"], gold: 0)
    let right = try ItemDecision(
      .lambadaOpenAI, word, scores: [ChoiceScore(logProbability: -9, isGreedy: true, tokens: 1)])
    let wrong = try ItemDecision(.lambadaOpenAI, word, scores: scores([-0.1]))
    #expect((right.acc, right.predicted) == (1, 0))
    #expect((wrong.acc, wrong.predicted) == (0, -1))
    #expect(wrong.accNorm == nil)
  }

  @Test func scoresOfOtherItemsAreRefused() {
    #expect(throws: EvaluationError.self) {
      try ItemDecision(.piqa, item(["a", "b"], gold: 0), scores: scores([-1]))
    }
  }

  @Test func recordsSurviveJSON() throws {
    let record = try ItemRecord(
      .piqa, item(["a", "b"], gold: 1), scores: scores([-0.1, -.infinity]))
    let text = try JSONFile.text(of: record, pretty: false)
    #expect(text.contains("\"log_probabilities\":[-0.1,\"-Infinity\"]"))
    #expect(text.contains("\"predicted_norm\":0"))
    #expect(try JSONDecoder().decode(ItemRecord.self, from: Data(text.utf8)) == record)
  }

  @Test func resultsHaveTheKeysOfTheHarness() throws {
    let record = try ItemRecord(.socialIQA, item(["a", "b"], gold: 0), scores: scores([-1, -2]))
    let result = TaskResult(.socialIQA, records: [record])
    let text = try JSONFile.text(of: result, pretty: false)
    #expect(
      text
        == #"{"acc":1,"acc_norm":null,"acc_norm_stderr":null,"acc_stderr":null,"items":1,"#
        + #""task":"social_iqa"}"#)
    #expect(try JSONDecoder().decode(TaskResult.self, from: Data(text.utf8)) == result)
  }
}
