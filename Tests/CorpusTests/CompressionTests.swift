import Corpus
import Foundation
import Store
import Testing

@Suite("Compressed inputs")
struct CompressionTests {
  /// `printf '{"text":"gz one"}\n' | gzip -9n`
  static let gzipOne = bytes(
    hex: "1f8b0800000000000203ab562a49ad2851b2524aaf52c8cf4b55aae50200c3e7335d12000000")

  @Test("What JSONLinesWriter writes reads back, through zstd")
  func writerRoundTrip() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/a.jsonl.zst"
    var writer = try JSONLinesWriter(replacing: path)
    let texts = ["plain", "quote \" back \\ tab \t line \n nul \u{0} bell \u{7}", "é 😀"]
    for text in texts {
      try writer.append(
        text: Array(text.utf8), meta: [("pile_set_name", "k\"1"), ("id", "x/\(text.count)")])
    }
    #expect(writer.count == 3)
    try writer.commit()
    var options = ReaderOptions()
    options.nameField = "meta.id"
    options.strict = true
    let all = try documents(CorpusReader(inputs: [path], options: options))
    #expect(all.map(\.string) == texts)
    #expect(all.map(\.source) == Array(repeating: "k\"1", count: 3))
    #expect(all.map(\.name) == texts.map { "x/\($0.count)" })
  }

  @Test("Many frames in one zstd file are one content")
  func manyFrames() throws {
    let scratch = try ScratchFolder()
    var joined: [UInt8] = []
    for part in 0..<3 {
      var writer = try JSONLinesWriter(replacing: scratch.path + "/part")
      for line in 0..<1000 {
        try writer.append(text: Array("part \(part) line \(line)".utf8), meta: [])
      }
      try writer.commit()
      joined += scratch.bytes("part")
    }
    // A skippable frame between them, as parallel compressors write.
    joined = Array(joined) + bytes(hex: "502a4d1804000000deadbeef")
    let path = try scratch.write(joined, to: "a.jsonl.zst")
    let all = try documents(CorpusReader(inputs: [path]))
    #expect(all.count == 3000)
    #expect(all.last?.string == "part 2 line 999")
  }

  /// A frame of one raw block that may look back 2^`windowLog` bytes.
  static func frame(_ text: String, windowLog: Int) -> [UInt8] {
    let content = Array(text.utf8)
    let header = content.count << 3 | 1
    return bytes(hex: "28b52ffd00") + [UInt8((windowLog - 10) << 3)]
      + [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)] + content
  }

  @Test(
    "Frames that want more memory than allowed are refused by name, and read when it is allowed")
  func windows() throws {
    let scratch = try ScratchFolder()
    let small = Self.frame(CorpusReaderTests.line("one"), windowLog: 29)
    let large = Self.frame(CorpusReaderTests.line("two"), windowLog: 31)
    let first = try scratch.write(large + small, to: "a.jsonl.zst")
    let later = try scratch.write(small + large, to: "b.jsonl.zst")
    #expect(
      try corpusError { _ = try CorpusReader(inputs: [first]) }
        == .windowTooLarge(path: first, offset: 0, windowLog: 29))
    #expect(
      try corpusError { _ = try FieldGuess.guess(inputs: [first]) }
        == .windowTooLarge(path: first, offset: 0, windowLog: 29))
    var settings = CorpusSettings()
    settings.packing.emitsRemainders = true
    func build(windowLog: Int) throws -> CorpusManifest {
      var options = PipelineOptions()
      options.windowLog = windowLog
      return try CorpusBuilder(
        inputs: [later], settings: settings, tokenizer: ByteTokenizer(), options: options
      ).build(into: scratch.path + "/out")
    }
    #expect(
      try corpusError { _ = try build(windowLog: 29) }
        == .windowTooLarge(
          path: later, offset: CorpusReaderTests.line("one").utf8.count, windowLog: 29))
    #expect(try build(windowLog: 31).documents == 2)
  }

  @Test("A zstd file that is cut or changed gives what comes before and one reject")
  func damagedZstd() throws {
    let scratch = try ScratchFolder()
    var random = SystemRandomNumberGenerator()
    var writer = try JSONLinesWriter(replacing: scratch.path + "/whole")
    for _ in 0..<3000 {
      let text = (0..<200).map { _ in UInt8.random(in: 97...122, using: &random) }
      try writer.append(text: text, meta: [])
    }
    try writer.commit()
    let whole = scratch.bytes("whole")
    var changed = whole
    changed[whole.count / 2] ^= 0x55
    for content in [Array(whole.dropLast(whole.count / 3)), Array(whole.dropLast()), changed] {
      let path = try scratch.write(content, to: "a.jsonl.zst")
      let rejects = try RejectLog()
      let all = try documents(CorpusReader(inputs: [path], rejects: rejects))
      #expect(all.count <= 3000)
      #expect(all.count > 500)
      #expect(rejects.counts[.damagedStream] == 1)
      var options = ReaderOptions()
      options.strict = true
      #expect(
        try corpusError { _ = try documents(CorpusReader(inputs: [path], options: options)) }
          != nil)
    }
  }

  @Test("gzip is seen by its first bytes, several members and padding read as one content")
  func gzip() throws {
    let scratch = try ScratchFolder()
    let padded = Self.gzipOne + Self.gzipOne + [0, 0, 0]
    let path = try scratch.write(padded, to: "a.jsonl")
    let all = try documents(CorpusReader(inputs: [path]))
    #expect(all.map(\.string) == ["gz one", "gz one"])
    let rejects = try RejectLog()
    for cut in [3, 10, 20, Self.gzipOne.count - 1] {
      let path = try scratch.write(Self.gzipOne.prefix(cut), to: "cut-\(cut).jsonl.gz")
      _ = try documents(CorpusReader(inputs: [path], rejects: rejects))
    }
    #expect(rejects.counts[.damagedStream] == 4)
    #expect(try readWholeFile(path) == Array("{\"text\":\"gz one\"}\n{\"text\":\"gz one\"}\n".utf8))
  }
}
