import Evaluation
import Foundation
import Testing

/// Files of every form, and what is wrong with files.
@Suite struct TaskReadingTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  static let piqa = #"{"goal": "g", "sol1": "a", "sol2": "b", "label": 1}"# + "\n"

  @Test func gzipAndZstdAreRead() throws {
    for name in ["piqa.jsonl.gz", "piqa.jsonl.zst"] {
      let items = try TaskItems.load(.piqa, from: HarnessFixture.path(name)).items
      #expect(items.map(\.gold) == [0, 1, 1])
      #expect(items.last?.requests.last?.continuation == " \u{e9}")
    }
  }

  @Test func limitTakesTheFirst() throws {
    let path = try scratch.file("piqa.jsonl", String(repeating: Self.piqa, count: 5))
    let items = try TaskItems.load(.piqa, from: path, limit: 2)
    #expect(items.items.map(\.id) == ["0", "1"])
    #expect(items.rowsInFile == 5)
    #expect(items.notes.count == 1)
  }

  @Test func aListABOMAndEmptyLinesAreRead() throws {
    let row = Self.piqa.dropLast()
    let list = try scratch.file("list.json", "\n[\(row),\n \(row)]\n")
    #expect(try TaskItems.load(.piqa, from: list).items.count == 2)
    let lines = try scratch.file("bom.jsonl", "\u{FEFF}\(row)\r\n\r\n  \n\(row)")
    #expect(try TaskItems.load(.piqa, from: lines).items.count == 2)
  }

  @Test func readyPromptsAreTakenAsTheyAre() throws {
    let path = try scratch.file(
      "prompts.jsonl",
      #"{"task": "hellaswag", "id": "7", "context": "c ", "choices": [" a", "  b", "c"], "gold": 2}"#
    )
    let items = try TaskItems.load(.hellaswag, from: path)
    let item = try #require(items.items.first)
    #expect(items.form == .prompts)
    #expect(
      item.requests == [
        TaskRequest(context: "c ", continuation: " a"),
        TaskRequest(context: "c ", continuation: "  b"),
        TaskRequest(context: "c ", continuation: "c"),
      ])
    #expect(item.choices == ["a", " b", "c"])
    #expect((item.id, item.gold) == ("7", 2))
  }

  @Test func readyPromptsMayHaveAContextAChoice() throws {
    let path = try scratch.file(
      "prompts.jsonl",
      #"{"task": "winogrande", "id": "0", "context": "x _ y", "contexts": ["x a", "x b"], "#
        + #""choices": [" y", " y"], "gold": 1}"#)
    let item = try #require(try TaskItems.load(.winogrande, from: path).items.first)
    #expect(item.requests.map(\.context) == ["x a", "x b"])
    #expect(item.question == "x _ y")
  }

  @Test func answersOfArcMayBeDigits() throws {
    let path = try scratch.file(
      "arc.jsonl",
      #"{"id": "q", "question": "Q?", "choices": {"text": ["x", "y"], "label": ["1", "2"]}, "#
        + #""answerKey": "2"}"#)
    #expect(try TaskItems.load(.arcEasy, from: path).items.first?.gold == 1)
    #expect(try TaskItems.recognise(path) == [.arcEasy, .arcChallenge])
  }

  /// The releases of ARC and OpenBookQA have the choices inside of the question.
  @Test func releasesOfTheMakersAreRead() throws {
    let path = try scratch.file(
      "arc.jsonl",
      #"{"id": "q", "question": {"stem": "Q?", "choices": [{"text": "x", "label": "A"}, "#
        + #"{"text": "y", "label": "B"}]}, "answerKey": "B"}"#)
    let arc = try #require(try TaskItems.load(.arcChallenge, from: path).items.first)
    #expect(arc.requests.map(\.continuation) == [" x", " y"])
    #expect(arc.requests.first?.context == "Question: Q?\nAnswer:")
    #expect((arc.id, arc.gold) == ("q", 1))
    let book = try #require(try TaskItems.load(.openbookqa, from: path).items.first)
    #expect(book.requests.first?.context == "Q?")
  }

  @Test(arguments: [
    "InputStoryid,InputSentence1,InputSentence2,InputSentence3,InputSentence4,"
      + "RandomFifthSentenceQuiz1,RandomFifthSentenceQuiz2,AnswerRightEnding",
    "InputStoryId,InputSentence1,InputSentence2,InputSentence3,InputSentence4,"
      + "RandomFifthSentenceQuiz1,RandomFifthSentenceQuiz2,AnswerRightEnding",
    "story_id,input_sentence_1,input_sentence_2,input_sentence_3,input_sentence_4,sentence_quiz1,"
      + "sentence_quiz2,answer_right_ending",
  ])
  func theOfficialTableIsRead(header: String) throws {
    let path = try scratch.file(
      "val.csv",
      "\u{FEFF}\(header)\r\n"
        + "a-1,One.,\"Two, \"\"quoted\"\".\",\"Three\nlines.\", Four. ,Good.,Bad.,1\r\n"
        + "a-2,1,2,3,4,five,six,2")
    let items = try TaskItems.load(.storyCloze, from: path).items
    #expect(items.map(\.id) == ["a-1", "a-2"])
    #expect(items.map(\.gold) == [0, 1])
    #expect(
      items[0].requests[0]
        == TaskRequest(
          context: "One. Two, \"quoted\". Three\nlines.  Four. ", continuation: " Good."))
    #expect(items[1].choices == ["five", "six"])
    #expect(try TaskItems.recognise(path) == [.storyCloze])
  }
}
