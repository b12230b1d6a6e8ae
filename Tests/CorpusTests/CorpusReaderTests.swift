import Corpus
import Foundation
import Store
import Testing

@Suite("Reading documents")
struct CorpusReaderTests {
  static func line(_ text: String, source: String = "prose") -> String {
    "{\"text\": \"\(text)\", \"meta\": {\"pile_set_name\": \"\(source)\"}}\n"
  }

  static func read(
    _ path: String, configure: (inout ReaderOptions) -> Void = { _ in }
  ) throws -> (documents: [Document], rejects: RejectLog) {
    var options = ReaderOptions()
    configure(&options)
    let rejects = try RejectLog()
    let all = try documents(CorpusReader(inputs: [path], options: options, rejects: rejects))
    return (all, rejects)
  }

  @Test("Lines give text, source and ordinal; escapes and CRLF and a BOM are read right")
  func jsonLines() throws {
    let scratch = try ScratchFolder()
    let content =
      "\u{FEFF}{\"meta\": {\"x\": [1, {\"y\": null}], \"pile_set_name\": \"A (1)\"}, \"text\": \"one\"}\r\n"
      + "\r\n   \n"
      + "{\"text\": \"t\\u0077o\\n\\ud83d\\ude00 \\\"é\\\"\", \"meta\": {\"pile_set_name\": \"B\"}}\r\n"
      + "{\"text\": \"no source\"}\n{\"text\":\"last\",\"n\":-1.5e+3,\"big\":123456789012345678901234567890}"
    let path = try scratch.write(content, to: "a.jsonl")
    let (documents, rejects) = try Self.read(path)
    #expect(documents.map(\.string) == ["one", "two\n😀 \"é\"", "no source", "last"])
    #expect(documents.map(\.source) == ["A (1)", "B", "unknown", "unknown"])
    #expect(documents.map(\.id) == [0, 1, 2, 3])
    #expect(rejects.total == 0)
  }

  @Test("Fields are named by paths; of equal keys the last one counts")
  func fields() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(
      "{\"body\": {\"t\\u0065xt\": \"x\", \"text\": \"y\"}, \"source\": \"s\", \"id\": \"n7\"}\n",
      to: "a.jsonl")
    let (documents, _) = try Self.read(path) {
      $0.textField = "body.text"
      $0.sourceField = "source"
      $0.nameField = "id"
    }
    #expect(documents == [Document(id: 0, source: "s", text: Array("y".utf8), name: "n7")])
  }

  @Test(
    "What cannot be used is counted by reason and does not stop the run",
    arguments: [
      ("{\"text\": \"a\"", .brokenJSON), ("{\"text\": \"a\"} x", .brokenJSON),
      ("{\"text\": \"a\", \"b\": tru}", .brokenJSON),
      ("{\"text\": \"a\", \"b\": nulll}", .brokenJSON),
      ("{\"text\": \"a\", \"b\": 01}", .brokenJSON),
      ("{\"text\": \"a\", \"b\": [1,]}", .brokenJSON), ("{\"text\": \"a\",}", .brokenJSON),
      ("{\"text\": \"a\" \"b\": 1}", .brokenJSON), ("{\"text\": \"a\"}{}", .brokenJSON),
      ("[\"text\"]", .notAnObject), ("\"text\"", .notAnObject), ("7", .notAnObject),
      ("{\"text\": \"\\ud800\"}", .badString), ("{\"text\": \"\\x\"}", .badString),
      ("{\"text\": \"a\", \"b\": \"\\udc00x\"}", .badString),
      ("{\"body\": \"a\"}", .missingText), ("{\"text\": 5}", .textNotString),
      ("{\"text\": null}", .textNotString), ("{\"text\": [\"a\"]}", .textNotString),
      ("{\"text\": \"\"}", .emptyText),
      ("{\"text\": \"a\", \"b\": " + String(repeating: "[", count: 2000) + "}", .tooDeep),
    ] as [(String, RejectReason)])
  func rejects(line: String, reason: RejectReason) throws {
    let scratch = try ScratchFolder()
    let good = Self.line("good")
    let path = try scratch.write(good + line + "\n" + good, to: "a.jsonl")
    let log = try RejectLog(path: scratch.path + "/rejects.jsonl")
    let all = try documents(CorpusReader(inputs: [path], rejects: log))
    #expect(all.map(\.id) == [0, 1])
    #expect(log.counts == [reason: 1])
    let kept = try JSONLinesLog.read(Reject.self, from: scratch.path + "/rejects.jsonl")
    #expect(
      kept == [
        Reject(
          file: path, offset: good.utf8.count, line: 2, reason: reason,
          start: String(line.prefix(200)), length: line.utf8.count)
      ])
    let strict = try corpusError {
      _ = try Self.read(path) { $0.strict = true }
    }
    guard case .rejected(let reject) = strict else {
      Issue.record("strict run threw \(String(describing: strict))")
      return
    }
    #expect(reject.reason == reason && reject.line == 2)
  }

  @Test("Bad UTF-8 is rejected in lines and in text files")
  func badUTF8() throws {
    let scratch = try ScratchFolder()
    try scratch.write(Array("{\"text\": \"a".utf8) + [0xFF, 0x22, 0x7D, 0x0A], to: "in/a.jsonl")
    try scratch.write([0x61, 0xC3], to: "in/b.txt")
    try scratch.write("fine", to: "in/c.txt")
    let (documents, rejects) = try Self.read(scratch.path + "/in")
    #expect(documents.map(\.string) == ["fine"])
    #expect(rejects.counts == [.badUTF8: 2])
  }

  @Test("A line that is too long is skipped, the next one read")
  func longLine() throws {
    let scratch = try ScratchFolder()
    let long = Self.line(String(repeating: "x", count: 5_000_000))
    let path = try scratch.write(Self.line("a") + long + Self.line("b"), to: "a.jsonl")
    let (documents, rejects) = try Self.read(path) { $0.longestDocument = 3_000_000 }
    #expect(documents.map(\.string) == ["a", "b"])
    #expect(rejects.counts == [.tooLong: 1])
    #expect(try Self.read(path).documents.map(\.text.count) == [1, 5_000_000, 1])
  }

  @Test("Lines of every length around the window come out whole")
  func windowBorders() throws {
    let scratch = try ScratchFolder()
    let lengths = [1, 63, 64, 1 << 20, (1 << 20) - 40, (1 << 20) + 3, 2, 3 << 20, 17]
    let content = lengths.map { Self.line(String(repeating: "y", count: $0)) }.joined()
    let path = try scratch.write(content, to: "a.jsonl")
    #expect(try Self.read(path).documents.map(\.text.count) == lengths)
  }

  @Test("Folders: sub-folders name the source, order is by name, hidden files stay out")
  func folders() throws {
    let scratch = try ScratchFolder()
    try scratch.write("1", to: "set/b/z.txt")
    try scratch.write("2", to: "set/b/deep/er.md")
    try scratch.write("\u{FEFF}3", to: "set/a/x.txt")
    try scratch.write("4", to: "set/top.txt")
    try scratch.write("no", to: "set/.hidden")
    try scratch.write("", to: "set/empty.txt")
    try scratch.write(Self.line("5", source: "own") + "{\"text\": \"6\"}", to: "set/j/lines.jsonl")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/set/b/loop", withDestinationPath: scratch.path + "/set")
    let (documents, rejects) = try Self.read(scratch.path + "/set")
    #expect(documents.map(\.string) == ["3", "2", "1", "5", "6", "4"])
    #expect(documents.map(\.source) == ["a", "b", "b", "own", "j", "set"])
    #expect(documents.map(\.name) == ["a/x.txt", "b/deep/er.md", "b/z.txt", nil, nil, "top.txt"])
    // A link back to a folder around it is said, not followed.
    #expect(rejects.counts == [.emptyText: 1, .unreadable: 1])
  }

  @Test("Inputs keep their order, also single text files")
  func inputOrder() throws {
    let scratch = try ScratchFolder()
    let first = try scratch.write("z", to: "z.txt")
    let second = try scratch.write(Self.line("j"), to: "j.json")
    let third = try scratch.write("a", to: "a.txt")
    let all = try documents(CorpusReader(inputs: [first, second, third]))
    #expect(all.map(\.string) == ["z", "j", "a"])
    #expect(all.map(\.source) == ["z", "prose", "a"])
    let missing = try corpusError { _ = try CorpusReader(inputs: [scratch.path + "/none"]) }
    #expect(
      missing
        == .unreadable(path: scratch.path + "/none", reason: "no such file or folder"))
  }
}
