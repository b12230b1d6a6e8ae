import Evaluation
import Foundation
import Store
import Testing

/// Every fault is told with its line and what was expected.
@Suite struct TaskFaultTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func fault(_ task: ZeroShotTask, _ text: String) throws -> EvaluationError? {
    let path = try scratch.file("rows.jsonl", text)
    return #expect(throws: EvaluationError.self) {
      try TaskItems.read(task, from: path, version: .newest, limit: nil)
    }
  }

  private func message(_ task: ZeroShotTask, _ text: String) throws -> String {
    try fault(task, text)?.description.replacingOccurrences(of: scratch.folder + "/", with: "")
      ?? ""
  }

  static let piqa = TaskReadingTests.piqa

  @Test func anotherTasksFileIsTold() throws {
    guard case .otherTask(_, 1, .hellaswag, [.piqa])? = try fault(.hellaswag, Self.piqa) else {
      Issue.record("not told")
      return
    }
    let ready = #"{"task": "siqa", "id": "0", "context": "c", "choices": ["a"], "gold": 0}"#
    #expect(try message(.piqa, ready).contains("found a row of SIQA, expected one of PIQA"))
    let own = #"{"task": "boolq", "id": "0", "context": "c", "choices": ["a"], "gold": 0}"#
    #expect(try message(.piqa, own).contains("found the task \"boolq\", expected \"piqa\""))
    let common =
      #"{"question": "", "question_concept": "", "choices": {"text": ["a"], "label": ["A"]}, "#
      + #""answerKey": "A"}"#
    #expect(try message(.arcEasy, common).contains("found the fields answerKey, choices, question"))
    let later = try message(.piqa, Self.piqa + #"{"text": "a b"}"#)
    #expect(later.contains("rows.jsonl, line 2: found a row of LAMBADA"))
  }

  @Test func hiddenAnswersAreTold() throws {
    let rows =
      [
        (.piqa, #"{"goal": "g", "sol1": "a", "sol2": "b", "label": -1}"#),
        (.piqa, #"{"goal": "g", "sol1": "a", "sol2": "b"}"#),
        (
          .hellaswag,
          #"{"activity_label": "A", "ctx_a": "", "ctx_b": "", "endings": ["a"], "label": ""}"#
        ),
        (.winogrande, #"{"sentence": "_ a", "option1": "x", "option2": "y", "answer": ""}"#),
        (
          .socialIQA,
          #"{"context": "", "question": "", "answerA": "", "answerB": "", "answerC": ""}"#
        ),
        (
          .openbookqa,
          #"{"question_stem": "", "choices": {"text": ["a"], "label": ["A"]}, "answerKey": null}"#
        ),
        (
          .storyCloze,
          "InputStoryid,InputSentence1,InputSentence2,InputSentence3,InputSentence4,"
            + "RandomFifthSentenceQuiz1,RandomFifthSentenceQuiz2\na,1,2,3,4,5,6"
        ),
      ] as [(ZeroShotTask, String)]
    for (task, row) in rows {
      guard case .hiddenLabel? = try fault(task, row) else {
        Issue.record("\(task): not told")
        continue
      }
      #expect(try message(task, row).contains("\(task.evaluatedSplit.name) split"))
    }
  }

  @Test func wrongLabelsAreTold() throws {
    #expect(
      try message(.piqa, Self.piqa.replacingOccurrences(of: "1}", with: "2}"))
        .contains("found \"2\" as \"label\", expected a number from 0 to 1"))
    #expect(
      try message(
        .arcEasy,
        #"{"question": "", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "answerKey": "1"}"#
      ).contains("found \"1\" as \"answerKey\", expected one of A, B"))
    #expect(
      try message(
        .winogrande, #"{"sentence": "no gap", "option1": "x", "option2": "y", "answer": "1"}"#
      ).contains("found \"no gap\" in \"sentence\", expected a sentence with a gap"))
  }

  @Test func wrongFieldsAreTold() throws {
    #expect(
      try message(.piqa, Self.piqa + #"{"goal": "g", "sol1": "a", "label": 1}"#)
        .contains("line 2: found no field \"sol2\", which PIQA has; there are goal, label, sol1"))
    #expect(
      try message(.piqa, Self.piqa.replacingOccurrences(of: "\"a\"", with: "4"))
        .contains("found 4 in \"sol1\", expected a string"))
    #expect(
      try message(.piqa, #"{"prompt": "x"}"#)
        .contains("found the fields prompt, expected those of PIQA: goal, sol1, sol2, label"))
    let contexts =
      #"{"task": "piqa", "contexts": ["a"], "choices": [" x", " y"], "gold": 0}"#
    #expect(try message(.piqa, contexts).contains("found 1 contexts in \"contexts\", expected 2"))
  }

  @Test func whatIsNoFileOfRowsIsTold() throws {
    for text in ["", "\n \n", "[]"] {
      guard case .empty? = try fault(.piqa, text) else {
        Issue.record("\(text): not told")
        continue
      }
    }
    #expect(try message(.piqa, Self.piqa + "{\"goal\": ").contains("line 2: found no JSON"))
    #expect(try message(.piqa, Self.piqa + "[1]").contains("line 2: found a list of 1"))
    #expect(try message(.piqa, "PAR1....").contains("a Parquet file"))
    #expect(try message(.storyCloze, "plain text\nmore").contains("line 1: found \"plain text\""))
    #expect(try message(.storyCloze, "a,b\n1,2,3").contains("line 2: found 3 columns, expected 2"))
    #expect(
      try message(.storyCloze, "a,b\n1,\"2").contains("line 2: found a quoted field without an end")
    )
    #expect(throws: EvaluationError.self) {
      try TaskItems.load(.piqa, from: scratch.folder + "/none.jsonl")
    }
    let cut = try scratch.file(
      "cut.gz", Array(try FileContents.read(HarnessFixture.path("piqa.jsonl.gz")).prefix(60)))
    let damage = #expect(throws: EvaluationError.self) { try TaskItems.load(.piqa, from: cut) }
    #expect(damage?.message.hasPrefix("\(cut) is damaged after") == true)
    let folder = #expect(throws: EvaluationError.self) {
      try TaskItems.load(.piqa, from: scratch.folder)
    }
    #expect(
      folder?.message == "\(scratch.folder) is a folder, expected JSON lines (plain, .gz or .zst).")
  }
}
