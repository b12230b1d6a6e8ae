import Corpus
import Foundation
import Store
import Testing

@Suite("Which inputs, which fields")
struct InputTests {
  static func refusal(_ input: String) throws -> String? {
    guard
      case .refused(_, let found, let instead) = try corpusError({
        _ = try CorpusReader(inputs: [input])
      })
    else { return nil }
    return found + ": " + instead
  }

  @Test("Files that must be converted are refused with the command")
  func refusals() throws {
    let scratch = try ScratchFolder()
    func file(_ bytes: [UInt8], _ name: String) throws -> String {
      try scratch.write(bytes + Array(repeating: 7, count: 100), to: name)
    }
    let kinds: [(bytes: [UInt8], name: String, command: String)] = [
      (Array("PAR1".utf8), "a.parquet", "pyarrow"),
      (Array("ARROW1\0\0".utf8), "a.arrow", "pyarrow"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "a.jsonl.xz", "xz -dc"),
      (Array("BZh91AY".utf8), "a.jsonl.bz2", "bzip2 -dc"),
      ([0x04, 0x22, 0x4D, 0x18], "a.lz4", "lz4 -dc"), ([0x50, 0x4B, 3, 4], "a.zip", "unzip"),
    ]
    for kind in kinds {
      let path = try file(kind.bytes, kind.name)
      let text = try #require(try Self.refusal(path))
      #expect(text.contains(kind.command) && text.contains(path), "\(text)")
    }
    // Words that commands are made with may stand in a name.
    let named = try file(Array("PAR1".utf8), "PROFILE-BASE.parquet")
    let text = try #require(try Self.refusal(named))
    #expect(text.hasSuffix("\(named) > PROFILE-BASE.jsonl"), "\(text)")
    // Inside a folder a table is refused, too; a picture or an archive is a reject.
    try scratch.write(Array("PAR1".utf8) + [0, 0, 0, 0, 0], to: "tables/part-0.parquet")
    #expect(try Self.refusal(scratch.path + "/tables") != nil)
    try scratch.write([0x50, 0x4B, 3, 4, 0xFF], to: "notes/a.zip")
    try scratch.write("fine", to: "notes/b.txt")
    #expect(try documents(CorpusReader(inputs: [scratch.path + "/notes"])).count == 1)
    try scratch.write("x", to: "shards/data_0.bin")
    try scratch.write("x", to: "shards/data_0.idx")
    #expect(try Self.refusal(scratch.path + "/shards")?.contains("score") ?? false)
  }

  @Test("One JSON array, or an object over many lines, is refused; a bad first line is not")
  func layouts() throws {
    let scratch = try ScratchFolder()
    for text in [
      "[{\"text\": \"a\"}, {\"text\": \"b\"}]", "[\n  {\"text\": \"a\"}\n]\n",
      "{\n  \"text\": \"a\"\n}\n", "\u{FEFF}  [\r\n{\"text\": \"a\"},\n{}]",
    ] {
      #expect(
        try Self.refusal(scratch.write(text, to: "a.json"))?.contains("jq") ?? false, "\(text)")
    }
    for (text, name) in [
      ("\"a, b one.\"\n\"c, d two.\"\n", "lines of JSON strings: jq -c '{text: .}'"),
      ("[\"a\", \"b\"]\n[\"c\"]\n", "lines of JSON arrays of strings: jq -c '.[] | {text: .}'"),
    ] {
      let found = try Self.refusal(scratch.write(text, to: "a.jsonl"))
      #expect(found?.hasPrefix(name) ?? false, "\(found ?? "")")
      #expect(found?.hasSuffix("> a-lines.jsonl") ?? false)
    }
    // Names of columns in quotes are no lines of strings.
    #expect(
      try Self.refusal(scratch.write("\"id\",\"text\"\n1,\"a\"\n", to: "a.jsonl"))?
        .contains("CSV") ?? false)
    for text in [
      "\"a, b\"\n{\"text\": \"a\"}\n", "[1]\n{\"text\": \"a\"}\n", "[\"text\"]\n",
      "{\n{\"text\": \"a\"}\n", "{}\n", "[]", "",
      "{\"text\": \"[\"}\n",
    ] {
      #expect(try Self.refusal(scratch.write(text, to: "a.jsonl")) == nil, "\(text)")
    }
  }

  @Test("Patterns stand for the files that match, in order")
  func patterns() throws {
    let scratch = try ScratchFolder()
    for name in ["02", "00", "01"] {
      try scratch.write(CorpusReaderTests.line(name), to: "p/\(name).jsonl")
    }
    try scratch.write(CorpusReaderTests.line("odd"), to: "p/a[1].jsonl")
    func read(_ pattern: String) throws -> [String] {
      try documents(CorpusReader(inputs: [scratch.path + "/p/" + pattern])).map(\.string)
    }
    #expect(try read("0*.jsonl") == ["00", "01", "02"])
    #expect(try read("0[12].jsonl") == ["01", "02"])
    #expect(try read("{02,00}.jsonl") == ["02", "00"])
    #expect(try read("a[1].jsonl") == ["odd"])
    #expect(try corpusError { _ = try read("x*.jsonl") } != nil)
  }

  static func guess(_ lines: [String], text: String? = nil) throws -> FieldGuess? {
    let scratch = try ScratchFolder()
    let path = try scratch.write(lines.joined(separator: "\n"), to: "a.jsonl")
    return try FieldGuess.guess(inputs: [path], text: text)
  }

  @Test("A first file of a folder that can no longer be read is passed over")
  func lostFirstFile() throws {
    let scratch = try ScratchFolder()
    let first = try scratch.write(CorpusReaderTests.line("a"), to: "in/a.jsonl")
    try scratch.write(CorpusReaderTests.line("b"), to: "in/b.jsonl")
    let inputs = try CorpusInputs([scratch.path + "/in"])
    try Folder.remove(first)
    #expect(try FieldGuess.guess(inputs)?.text == "text")
  }

  @Test("Fields are judged by the first lines")
  func fields() throws {
    let pile = try #require(try Self.guess([CorpusReaderTests.line("a"), "broken"]))
    #expect(pile.text == "text" && pile.source == "meta.pile_set_name")
    #expect(pile.lines == 1 && pile.labels == 1)
    let body = try #require(
      try Self.guess(
        (0..<9).map { "{\"id\": \"\($0)\", \"body\": \"long text\", \"source\": \"s\($0 % 2)\"}" }))
    #expect(body.text == "body" && body.source == "source" && body.labels == 2)
    #expect(body.textLines == 9 && body.meanBytes == 9)
    let unknown = try #require(
      try Self.guess([
        "{\"a\": {\"b\": \"\(String(repeating: "words ", count: 20))\"}, \"c\": \"y\"}"
      ]))
    #expect(unknown.text == "a.b" && unknown.source == nil)
    let unclear = try corpusError { _ = try Self.guess(["{\"q\": \"abc\", \"r\": \"abcd\"}"]) }
    guard case .unclearFields(_, let candidates, _, _) = unclear else {
      Issue.record("two equal fields gave \(String(describing: unclear))")
      return
    }
    #expect(candidates.count == 2 && candidates[0].hasPrefix("r "))
    #expect(try Self.guess(["{\"q\": \"abc\", \"r\": \"abcd\"}"], text: "q")?.text == "q")
    #expect(try Self.guess(["broken"]) == nil)
    // A source with a label for every line is a name, not a kind.
    let names = try #require(
      try Self.guess(
        (0..<1500).map { "{\"text\": \"t\", \"source\": \"u\($0)\", \"lang\": \"en\"}" }))
    #expect(names.lines == 1000)
    #expect(names.source == "lang" && names.labels == 1)
  }
}
