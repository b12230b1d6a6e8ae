import Corpus
import CorpusStudy
import Numerics
import Store
import Testing

@Suite("Study of a corpus")
struct StudyTests {
  static let words = (0..<4000).map { "w\($0 * 7919 % 104_729)" }

  /// A text of `count` words drawn by a seed.
  static func text(_ seed: Int, words count: Int = 200) -> [String] {
    var random = RandomSource(seed: UInt64(seed))
    return (0..<count).map { _ in words[random.index(below: words.count)] }
  }

  /// JSON lines of (source, text).
  static func write(_ texts: [(String, String)], _ scratch: ScratchFolder) throws -> String {
    let lines = try texts.map { source, text in
      let quoted = try JSONFile.text(of: [text], pretty: false).dropFirst().dropLast()
      return "{\"text\":\(quoted),\"meta\":{\"pile_set_name\":\"\(source)\"}}\n"
    }
    return try scratch.write(lines.joined(), to: "corpus.jsonl")
  }

  static func study(
    _ texts: [(String, String)], threads: Int = 2,
    _ change: (inout CorpusStudy.Options) -> Void = { _ in }
  ) throws -> StudyReport {
    let scratch = try ScratchFolder()
    var options = CorpusStudy.Options()
    options.scratch = scratch.path
    change(&options)
    let report = try CorpusStudy(inputs: [write(texts, scratch)], options: options)
      .run(threads: threads)
    #expect(try Folder.list(scratch.path) == ["corpus.jsonl"])
    return report
  }

  @Test("Equal texts are counted exactly, for the source of the later ones")
  func exact() throws {
    var texts = (0..<900).map { ("web", Self.text($0).joined(separator: " ")) }
    texts += (0..<40).map { ("code", Self.text($0 * 3).joined(separator: " ")) }
    texts += (0..<7).map { _ in ("web", "short") }
    let report = try Self.study(texts)
    #expect(report.all.texts == 947)
    let code = try #require(report.sources.first { $0.name == "code" })
    #expect(code.duplicates == 40 && code.texts == 40 && code.duplicateBytes == code.bytes)
    #expect(report.all.duplicates == 46)
    #expect(report.all.nearDuplicates == 0)
    #expect(report.all.bytes == texts.reduce(0) { $0 + $1.1.utf8.count })
    #expect(try Self.study(texts, threads: 1) == report)
    #expect(try Self.study(texts) { $0.findsNearDuplicates = false }.all.nearDuplicates == nil)
  }

  /// Share of 5-word runs that two texts have in common.
  static func similarity(_ a: [String], _ b: [String]) -> Double {
    func shingles(_ words: [String]) -> Set<[String]> {
      Set((0...words.count - 5).map { Array(words[$0..<$0 + 5]) })
    }
    let (first, second) = (shingles(a), shingles(b))
    return Double(first.intersection(second).count) / Double(first.union(second).count)
  }

  @Test("Nearly equal texts are found from a similarity of 0.8 on, others are not")
  func near() throws {
    var texts: [(String, String)] = []
    var planted = 0
    for number in 0..<300 {
      let words = Self.text(number, words: 400)
      texts.append(("web", words.joined(separator: " ")))
      // Other case and punctuation, and words replaced: few in the first two hundred, half in others.
      var copy = words
      let step = number < 200 ? 90 : 3
      for place in stride(from: number % 20, to: copy.count, by: step) {
        copy[place] = "other\(place)"
      }
      let similarity = Self.similarity(words, copy)
      if number < 200 {
        #expect(similarity > 0.8)
        planted += 1
      } else {
        #expect(similarity < 0.2)
      }
      texts.append(("copies", copy.joined(separator: ", ").uppercased()))
    }
    let report = try Self.study(texts)
    let copies = try #require(report.sources.first { $0.name == "copies" })
    let found = try #require(copies.nearDuplicates)
    #expect(Double(found) > 0.95 * Double(planted) && found <= planted, "\(found) of \(planted)")
    #expect(report.sources.first { $0.name == "web" }?.nearDuplicates == 0)
    #expect(report.all.duplicates == 0)
  }

  @Test("Bytes are counted by script, lengths by quantile")
  func statistics() throws {
    let report = try Self.study([
      ("a", "abc 12\u{E9}"), ("a", "\u{43F}\u{440}\u{438}\u{432}\u{435}\u{442}!"),
      ("b", "\u{6F22}\u{5B57}\u{304B}\u{306A}"), ("b", "\u{1F600}\u{2192}\u{FFFD}"),
    ])
    let scripts = report.all.scripts
    #expect(scripts[.latin] == 5 && scripts[.digit] == 2 && scripts[.space] == 1)
    #expect(scripts[.cyrillic] == 12 && scripts[.punctuation] == 1)
    #expect(scripts[.han] == 6 && scripts[.kana] == 6)
    #expect(scripts[.emoji] == 4 && scripts[.symbol] == 3 && scripts[.replacement] == 3)
    #expect(scripts.values.reduce(0, +) == report.all.bytes)
    let lengths = try Self.study((1...1000).map { ("a", String(repeating: "x", count: $0)) }).all
      .lengths
    #expect(lengths[3] == 1000)
    for (found, expected) in zip(lengths, [100, 500, 900]) {
      #expect(abs(found - expected) <= expected / 16)
    }
  }

  @Test("Shards are studied by the parts between end-of-text tokens, with their tokens")
  func shards() throws {
    let scratch = try ScratchFolder()
    let tokenizer = try cutDownTokenizer()
    let texts = ["One text.<|endoftext|>Another one.<|endoftext|>", "One text.<|endoftext|>cut"]
    let shards = try writeChunks(texts, tokenizer: tokenizer, to: scratch.path)
    let report = try CorpusStudy(shards: shards, tokenizer: tokenizer).run(threads: 2)
    #expect(report.all.texts == 4 && report.all.duplicates == 1)
    #expect(report.sources.map(\.duplicates) == [0, 1])
    #expect(report.all.bytes == "One text.".utf8.count * 2 + "Another one.cut".utf8.count)
    #expect(report.all.tokens == shards.tokenCount - 3)
    try JSONFile.write(report, to: scratch.path + "/" + StudyReport.fileName)
    #expect(try StudyReport.read(folder: scratch.path) == report)
  }

  @Test("A study stops when it is told to, and leaves no scratch files")
  func cancel() throws {
    let scratch = try ScratchFolder()
    let path = try Self.write((0..<50).map { ("a", "text \($0)") }, scratch)
    var options = CorpusStudy.Options()
    options.scratch = scratch.path
    let study = try CorpusStudy(inputs: [path], options: options)
    #expect(throws: CorpusStudyError.cancelled) { try study.run(threads: 2) { _, _ in false } }
    #expect(try Folder.list(scratch.path) == ["corpus.jsonl"])
  }
}
