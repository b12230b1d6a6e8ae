import Corpus
import Store
import Testing

@Suite("A guess of the fields needs evidence")
struct FieldEvidenceTests {
  private static let words = "Some words that make a text of more than a few letters."

  private static func line(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ") + "}"
  }

  private static func outcome(_ lines: [String]) throws -> (guess: FieldGuess?, error: CorpusError?)
  {
    var guess: FieldGuess?
    let error = try corpusError { guess = try InputTests.guess(lines) }
    return (guess, error)
  }

  @Test(
    "One object around the records is refused with the filter that takes it off",
    arguments: [
      ("{\"version\": \"v2.0\", \"data\": [{\"text\": \"a\"}, {\"text\": \"b\"}]}", "'.data[]'"),
      ("{\"text\": \"head\", \"rows\": [{\"text\": \"\(words)\"}]}", "'.rows[]'"),
      (
        "{\"info\": {\"by\": \"x\"}, \"a\": {\"my data\": [{\"body\": \"\(words)\"}]}}",
        "'.a[\"my data\"][]'"
      ),
      ("{\"text\": [\"one text\", \"another text\"]}", "'.text[] | {text: .}'"),
      ("{\"text\": {\"0\": \"one\", \"1\": \"two\"}}", "'.text[] | {text: .}'"),
      ("{\"a1\": {\"text\": \"one\"}, \"a2\": {\"text\": \"two\"}}", "'.[]'"),
    ])
  func wrappers(line: String, filter: String) throws {
    guard case .refused(_, let found, let instead) = try Self.outcome([line]).error else {
      Issue.record("\(line) gave a guess")
      return
    }
    #expect(found.contains("one JSON object") && instead.contains("jq -c \(filter)"), "\(instead)")
    #expect(instead.hasSuffix("> a-lines.jsonl"), "\(instead)")
  }

  @Test("Spread over lines, it is seen before a line is read; a compressed file is unpacked first")
  func spread() throws {
    let scratch = try ScratchFolder()
    let text = "{\n \"version\": \"v2.0\",\n \"data\": [\n  {\"text\": \"a\"}\n ]\n}\n"
    let plain = try scratch.write(text, to: "a.json")
    #expect(
      try InputTests.refusal(plain)?.hasSuffix("jq -c '.data[]' \(plain) > a.jsonl") ?? false)
    let packed = try scratch.write(gzipStored(Array(text.utf8)), to: "b.json.gz")
    #expect(
      try InputTests.refusal(packed)?.hasSuffix(
        "zcat \(packed) | jq -c '.data[]' > b.jsonl") ?? false)
    let strings = try scratch.write("[\n \"one\",\n \"two\"\n]\n", to: "c.json")
    #expect(try InputTests.refusal(strings)?.contains("'.[] | {text: .}'") ?? false)
    let spaced = try scratch.write(text, to: "it's one.json")
    #expect(try InputTests.refusal(spaced)?.contains("it'\\''s one.json'") ?? false)
  }

  @Test(
    "What could be another field is asked",
    arguments: [
      [("text", words), ("content", words)], [("instruction", words), ("output", words + words)],
      [("question", "Why?"), ("answer", words + words + words + words)],
      [("prompt", "Why?"), ("completion", words + words + words + words)],
      [("id", "a-1"), ("url", "https://example.org/a/long/address/of/a/page")],
      [("hash", "d41d8cd98f00b204e9800998ecf8427e")], [("date", "2024-01-01T00:00:00Z")],
      [("title", words)], [("text", "ok"), ("review", words)],
      [("text", "https://example.org/a"), ("review", words)], [("id", "7"), ("note", "two words")],
    ])
  func unclear(fields: [(String, String)]) throws {
    guard
      case .unclearFields(_, let candidates, _, _) =
        try Self.outcome(Array(repeating: Self.line(fields), count: 9)).error
    else {
      Issue.record("\(fields.map(\.0)) gave a guess")
      return
    }
    for (name, value) in fields {
      let own = candidates.first { $0.hasPrefix(name + " ") }
      #expect(own?.contains("such as \"\(value.prefix(20))") ?? false, "\(candidates)")
    }
  }

  @Test(
    "What is sure is taken",
    arguments: [
      ("text", [("text", "t"), ("url", "https://example.org/a/b/c")]),
      ("content", [("content", words), ("title", "A title of it")]),
      ("raw_content", [("raw_content", words), ("code", "en")]),
      ("text", [("text", words), ("html", "<p>" + words + words + words + words + "</p>")]),
      ("review", [("review", words), ("url", words.replacing(" ", with: "/"))]),
    ])
  func sure(name: String, fields: [(String, String)]) throws {
    let outcome = try Self.outcome(Array(repeating: Self.line(fields), count: 9))
    #expect(outcome.guess?.text == name, "\(outcome)")
  }

  @Test("A name with dots is the key of that name before the key of an object")
  func dots() throws {
    let dotted = "{\"doc.text\": \"exact\", \"doc\": {\"text\": \"nested\"}}\n"
    let nested = "{\"doc\": {\"text\": \"nested\"}}\n"
    let inner = "{\"a\": {\"b.c\": \"inner\"}, \"a.b\": {\"c\": \"outer\"}}\n"
    let comma = "{\"a,b\\\\c\": \"odd\"}\n"
    let scratch = try ScratchFolder()
    func read(_ text: String, _ field: String) throws -> [String] {
      let path = try scratch.write(text, to: "a.jsonl")
      return try CorpusReaderTests.read(path) { $0.textField = field }.documents.map(\.string)
    }
    #expect(try read(dotted + nested, "doc.text") == ["exact", "nested"])
    #expect(try read(dotted + nested, "doc\\.text") == ["exact"])
    #expect(try read(inner, "a.b\\.c") == ["inner"])
    #expect(try read(comma, "a\\,b\\\\c") == ["odd"])
    // What the guess offers can be read.
    for line in [
      dotted, "{\"x\": {\"doc.text\": \"\(Self.words)\"}}\n",
      comma.replacing("odd", with: Self.words),
    ] {
      let name = try #require(try InputTests.guess([line])?.text)
      #expect(try read(line, name).count == 1, "\(name)")
    }
  }
}
