import Corpus
import Foundation
import Store
import Testing

/// Awkward inputs, each through both doors: one document after the other, and packed by several
/// threads out of slabs of every size.
@Suite("Rules of reading, the same whoever reads")
struct ReadingRulesTests {
  /// A usable document: its text, its source, and the line that it stands on (0 for a whole text).
  struct Found: Equatable {
    var text: String
    var source = "in"
    var line = 1
  }

  /// A reject: where and why.
  struct Refused: Equatable {
    var reason: RejectReason
    var line: Int
    var offset: Int
    var length: Int
  }

  struct Case: CustomTestStringConvertible {
    var testDescription: String
    /// Name of the file below the folder `in`.
    var file = "a.jsonl"
    var content: [UInt8]
    var options: @Sendable (inout ReaderOptions) -> Void = { _ in }
    var found: [Found] = []
    var refused: [Refused] = []
  }

  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  static let long = String(repeating: "x", count: 5 << 20)

  static let cases: [Case] = [
    Case(
      testDescription: "byte order mark, CRLF, blank lines, no end of the last line",
      content: mark + Array("{\"text\":\"one\"}\r\n\r\n  \t\n{\"text\":\"two\"}".utf8),
      found: [Found(text: "one"), Found(text: "two", line: 4)]),
    Case(
      testDescription: "a mark inside is broken JSON",
      content: Array("{\"text\":\"a\"}\n".utf8) + mark + Array("{\"text\":\"b\"}\n".utf8),
      found: [Found(text: "a")],
      refused: [Refused(reason: .brokenJSON, line: 2, offset: 13, length: 15)]),
    Case(testDescription: "nothing", content: []),
    Case(testDescription: "blank lines alone", content: Array("\n \r\n\t".utf8)),
    Case(
      testDescription: "empty texts",
      content: Array("{\"text\":\"\"}\n{\"text\":\"a\"}\n".utf8),
      found: [Found(text: "a", line: 2)],
      refused: [Refused(reason: .emptyText, line: 1, offset: 0, length: 11)]),
    Case(
      testDescription: "empty texts that are kept",
      content: Array("{\"text\":\"\"}\n{\"text\":\"a\"}\n".utf8),
      options: { $0.keepsEmptyTexts = true },
      found: [Found(text: ""), Found(text: "a", line: 2)]),
    Case(
      testDescription: "fields, sources, a line too long between",
      content: Array(
        ("{\"b\":{\"t\":\"1\"},\"s\":\"p\"}\n{\"b\":{\"t\":\"" + String(repeating: "y", count: 900)
          + "\"}}\n{\"b\":{\"t\":\"2\"},\"s\":\"q\"}\n{\"b\":{\"t\":\"3\"},\"s\":7}\n").utf8),
      options: {
        ($0.textField, $0.sourceField) = ("b.t", "s")
        $0.longestDocument = 800
      },
      found: [
        Found(text: "1", source: "p"), Found(text: "2", source: "q", line: 3),
        Found(text: "3", source: "7", line: 4),
      ],
      refused: [Refused(reason: .tooLong, line: 2, offset: 24, length: 914)]),
    Case(
      testDescription: "a line of megabytes keeps its label",
      content: Array("{\"text\":\"\(long)\",\"meta\":{\"pile_set_name\":\"big\"}}\n".utf8)
        + Array("{\"text\":\"a\",\"meta\":{\"pile_set_name\":\"small\"}}\n".utf8),
      found: [Found(text: long, source: "big"), Found(text: "a", source: "small", line: 2)]),
    Case(
      testDescription: "bad UTF-8 in a line",
      content: Array("{\"text\":\"a".utf8) + [0xFF, 0x22, 0x7D],
      refused: [Refused(reason: .badUTF8, line: 1, offset: 0, length: 13)]),
    Case(
      testDescription: "a text with a mark", file: "kind/a.txt",
      content: mark + Array("one\ntwo".utf8),
      found: [Found(text: "one\ntwo", source: "kind", line: 0)]),
    Case(
      testDescription: "a mark alone is an empty text", file: "a.txt", content: mark,
      refused: [Refused(reason: .emptyText, line: 0, offset: 0, length: 0)]),
    Case(
      testDescription: "an empty text that is kept", file: "a.txt", content: [],
      options: { $0.keepsEmptyTexts = true }, found: [Found(text: "", line: 0)]),
    Case(
      testDescription: "a text with bad UTF-8", file: "a.txt", content: [0x61, 0xC3],
      refused: [Refused(reason: .badUTF8, line: 0, offset: 0, length: 2)]),
    Case(
      testDescription: "a text too long", file: "a.txt",
      content: Array(repeating: 0x61, count: 801),
      options: { $0.longestDocument = 800 },
      refused: [Refused(reason: .tooLong, line: 0, offset: 0, length: 801)]),
    Case(
      testDescription: "a text just short enough", file: "a.txt",
      content: Array(repeating: 0x61, count: 800), options: { $0.longestDocument = 800 },
      found: [Found(text: String(repeating: "a", count: 800), line: 0)]),
    Case(
      testDescription: "a compressed text that breaks off", file: "a.txt.gz",
      content: Array(CompressionTests.gzipOne.dropLast(9)),
      refused: [Refused(reason: .damagedStream, line: 0, offset: 0, length: 0)]),
  ]

  @Test("Awkward inputs give the same documents and rejects through both doors", arguments: cases)
  func rules(sample: Case) throws {
    let scratch = try ScratchFolder()
    try scratch.write(sample.content, to: "in/" + sample.file)
    // Something usable behind, so that there is a corpus.
    try scratch.write("{\"text\":\"last\",\"b\":{\"t\":\"last\"}}\n", to: "in/z.jsonl")
    let inputs = [scratch.path + "/in"]
    var settings = CorpusSettings()
    settings.packing.emitsRemainders = true
    settings.packing.maximumLength = 100_000
    sample.options(&settings.reader)
    let expected = sample.found + [Found(text: "last")]

    let log = try RejectLog(path: scratch.path + "/rejects.jsonl")
    let plain = try documents(CorpusReader(inputs: inputs, options: settings.reader, rejects: log))
    let isSame = plain.map(\.string) == expected.map(\.text)
    #expect(isSame)
    #expect(plain.map(\.source) == expected.map(\.source))
    let rejects = try JSONLinesLog.read(Reject.self, from: scratch.path + "/rejects.jsonl")
    let refused = rejects.map {
      Refused(
        reason: $0.reason, line: $0.line,
        // How far a decompressor came is its own business.
        offset: $0.reason == .damagedStream ? 0 : $0.offset, length: $0.length)
    }
    #expect(refused == sample.refused)

    for (number, slab) in [256, 1 << 20].enumerated() {
      var options = PipelineOptions(threads: 1 + number)
      options.slabSize = slab
      let folder = scratch.path + "/out\(number)"
      _ = try CorpusBuilder(
        inputs: inputs, settings: settings, tokenizer: ByteTokenizer(), options: options
      ).build(into: folder)
      let packed = try JSONLinesLog.read(Reject.self, from: folder + "/rejects.jsonl")
      #expect(packed == rejects)
      let table = try #require(try DocumentTable.find(in: folder))
      let shards = try TokenShards(folder: folder)
      #expect(table.count == plain.count)
      for (id, document) in plain.enumerated() {
        let record = try table.record(of: Int64(id))
        let tokens = try shards.tokens(of: shards.places(ofDocument: Int64(id)))
        let isSame = tokens.dropLast().elementsEqual(document.text.lazy.map { Int32($0) })
        #expect(isSame)
        #expect(record.source == document.source && record.line == expected[id].line)
      }
    }
  }

  @Test("A strict run ends at the first reject, behind the documents before it")
  func strict() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(
      "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":7}\n{\"text\":\"c\"}\n", to: "a.jsonl")
    var settings = CorpusSettings()
    settings.reader.strict = true
    let expected = CorpusError.rejected(
      Reject(
        file: path, offset: 26, line: 3, reason: .textNotString, start: "{\"text\":7}", length: 10))
    var reader = try CorpusReader(inputs: [path], options: settings.reader)
    #expect(try reader.next()?.string == "a")
    #expect(try reader.next()?.string == "b")
    var found: CorpusError?
    do throws(CorpusError) { _ = try reader.next() } catch { found = error }
    #expect(found == expected)
    #expect(
      try corpusError {
        _ = try CorpusBuilder(inputs: [path], settings: settings, tokenizer: ByteTokenizer())
          .build(into: scratch.path + "/out")
      } == expected)
  }

  @Test("Names come from a field, also of a line of megabytes, and from the path of a text")
  func names() throws {
    let scratch = try ScratchFolder()
    try scratch.write(
      "{\"text\":\"\(Self.long)\",\"id\":\"n1\"}\n{\"text\":\"b\",\"id\":\"n2\"}\n{\"text\":\"c\"}\n",
      to: "in/a.jsonl")
    try scratch.write("d", to: "in/b/c.txt")
    var options = ReaderOptions()
    options.nameField = "id"
    let all = try documents(CorpusReader(inputs: [scratch.path + "/in"], options: options))
    #expect(all.map(\.name) == ["n1", "n2", nil, "b/c.txt"])
  }
}
