import Corpus
import Store
import Testing

@Suite("Texts of several parts")
struct ChatTests {
  private static func read(
    _ line: String, _ field: String
  ) throws -> (texts: [String], counts: [RejectReason: Int]) {
    let scratch = try ScratchFolder()
    let path = try scratch.write(line + "\n", to: "a.jsonl")
    let (documents, rejects) = try CorpusReaderTests.read(path) { $0.textField = field }
    return (documents.map(\.string), rejects.counts)
  }

  @Test(
    "Contents of messages are joined by blank lines, in order, without roles and what is empty",
    arguments: [
      (
        "messages",
        "{\"messages\": [{\"role\": \"user\", \"content\": \"a\\nb\"}, {\"role\": \"assistant\", \"content\": \"c\"}]}",
        "a\nb\n\nc"
      ),
      (
        "conversations",
        "{\"id\": 1, \"conversations\": [{\"from\": \"human\", \"value\": \"a\"}, {\"from\": \"gpt\", \"value\": \"b\"}]}",
        "a\n\nb"
      ),
      (
        "messages",
        "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"a\"}, {\"type\": \"image_url\", \"image_url\": {\"url\": \"x\"}}, \"b\"]}, {\"role\": \"assistant\", \"content\": null, \"tool_calls\": [{\"a\": 1}]}, {\"role\": \"tool\", \"content\": \"\"}, {\"content\": \"c\"}]}",
        "a\n\nb\n\nc"
      ),
      (
        "data.turns", "{\"data\": {\"turns\": [{\"speaker\": \"A\", \"text\": \"a\"}]}}", "a"
      ),
    ])
  func chats(field: String, line: String, text: String) throws {
    #expect(try Self.read(line, field).texts == [text])
    let guess = try #require(try InputTests.guess(Array(repeating: line, count: 5)))
    #expect(guess.text == field && guess.isChat)
    #expect(guess.summary.contains("joined by blank lines"))
  }

  @Test(
    "A list of anything else is no text",
    arguments: [
      "[]", "[1]", "[\"a\"]", "[{\"text\": \"a\"}]", "[{\"role\": \"user\"}]",
      "[{\"role\": \"user\", \"content\": \"a\"}, 7]", "[{\"content\": {\"parts\": [\"a\"]}}]",
    ])
  func others(value: String) throws {
    #expect(try Self.read("{\"messages\": \(value)}", "messages").counts == [.textNotString: 1])
  }

  @Test("Messages without words are empty, broken ones broken")
  func odd() throws {
    let empty = "{\"m\": [{\"role\": \"a\", \"content\": null}]}"
    #expect(try Self.read(empty, "m").counts == [.emptyText: 1])
    for value in [
      "[{\"content\": \"a\"]", "[{\"content\": tru}]", "[{\"content\": [{\"text\": 01}]}]",
      "[{\"content\": \"a\"},]",
    ] {
      #expect(try Self.read("{\"m\": \(value)}", "m").counts == [.brokenJSON: 1], "\(value)")
    }
    let half = "[{\"content\": \"\\ud800\"}]"
    #expect(try Self.read("{\"m\": \(half)}", "m").counts == [.badString: 1])
  }

  @Test("Two lists of messages are asked; a prompt beside the whole is not")
  func several() throws {
    let list =
      "[{\"role\": \"user\", \"content\": \"some words\"}, {\"role\": \"a\", \"content\": \"more\"}]"
    let pair = try corpusError {
      _ = try InputTests.guess(["{\"chosen\": \(list), \"rejected\": \(list)}"])
    }
    guard case .unclearFields = pair else {
      Issue.record("\(String(describing: pair))")
      return
    }
    let whole = try InputTests.guess(["{\"prompt\": \"some words\", \"messages\": \(list)}"])
    #expect(whole?.text == "messages")
  }

  @Test("Several fields are joined; an empty or null one leaves nothing, a missing one is a reject")
  func joined() throws {
    func read(_ line: String) throws -> (texts: [String], counts: [RejectReason: Int]) {
      try Self.read(line, "question,context,answer.text")
    }
    #expect(
      try read("{\"answer\": {\"text\": \"c\"}, \"question\": \"a\", \"context\": \"b\"}").texts
        == ["a\n\nb\n\nc"])
    #expect(
      try read("{\"answer\": {\"text\": \"c\"}, \"question\": \"a\", \"context\": \"\"}").texts
        == ["a\n\nc"])
    #expect(
      try read("{\"answer\": {\"text\": \"c\"}, \"question\": null, \"context\": \"b\"}").texts
        == ["b\n\nc"])
    #expect(try read("{\"question\": \"a\", \"context\": \"b\"}").counts == [.missingText: 1])
    #expect(
      try read("{\"answer\": {\"text\": 3}, \"question\": \"a\", \"context\": \"b\"}").counts
        == [.textNotString: 1])
    let long = String(repeating: "long words ", count: 500_000)
    #expect(
      try read("{\"question\": \"\(long)\", \"context\": \"b\", \"answer\": {\"text\": \"c\"}}")
        .texts
        == [long + "\n\nb\n\nc"])
  }

  @Test("Numbers label a source as they are spelt")
  func numbers() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(
      "{\"text\": \"a\", \"year\": 2021}\n{\"text\": \"b\", \"year\": true }\n{\"text\": \"c\", \"year\": null}\n",
      to: "a.jsonl")
    let (documents, _) = try CorpusReaderTests.read(path) { $0.sourceField = "year" }
    #expect(documents.map(\.source) == ["2021", "true", "unknown"])
  }
}
