import Corpus
import CorpusStudy
import Store
import Testing

@Suite("Search")
struct SearchTests {
  static let texts: [String] = (0..<700).map { number in
    switch number % 10 {
    case 3: "Number \(number): the Quick brown fox jumps"
    case 7: "line one\nfox \(number)\nAnother FOX, and one more fox"
    default: "nothing of note in \(number), Größe und ÄRGER"
    }
  }

  static func search(
    _ pattern: SearchPattern, source: String? = nil, threads: Int = 2
  ) throws -> (progress: SearchProgress, hits: [SearchHit]) {
    let scratch = try ScratchFolder()
    let tokenizer = try cutDownTokenizer()
    let shards = try writeChunks(
      texts, tokenizer: tokenizer, to: scratch.path, chunksPerShard: 300)
    var hits: [SearchHit] = []
    let progress = try CorpusSearch(
      shards, texts: TokenTexts(tokenizer), pattern: pattern, source: source
    ).run(threads: threads) { _, found in
      hits += found
      return true
    }
    return (progress, hits)
  }

  @Test("Plain text is found without regard to case, in the order of the chunks")
  func plain() throws {
    let (progress, hits) = try Self.search(SearchPattern("FOX"))
    #expect(progress.searched == 700 && progress.total == 700 && progress.hits == 140)
    #expect(hits.map(\.chunk) == (0..<700).filter { $0 % 10 == 3 || $0 % 10 == 7 })
    #expect(hits.first?.matches == 1 && hits[1].matches == 3)
    let hit = try #require(hits.first)
    let bytes = Array(hit.excerpt.utf8)[hit.match]
    #expect(String(decoding: bytes, as: UTF8.self) == "fox")
    #expect(try Self.search(SearchPattern("FOX", ignoresCase: false)).hits.count == 70)
    #expect(try Self.search(SearchPattern("größe UND ärger")).hits.count == 560)
    #expect(try Self.search(SearchPattern("a.b*(")).hits.isEmpty)
  }

  @Test("Regular expressions match at lines, by source, for any number of threads")
  func regex() throws {
    let pattern = try SearchPattern("^fox \\d+$", isRegex: true)
    let one = try Self.search(pattern, threads: 1)
    #expect(one.hits.map(\.chunk) == (0..<700).filter { $0 % 10 == 7 })
    #expect(try Self.search(pattern, threads: 4).hits == one.hits)
    #expect(
      try Self.search(SearchPattern("fox|quick", isRegex: true), source: "b").hits.count == 140)
    #expect(try Self.search(SearchPattern("fox", isRegex: true), source: "a").hits.isEmpty)
  }

  @Test("A pattern that blows up elsewhere costs linear time here, and a broken one is refused")
  func patterns() throws {
    #expect(try Self.search(SearchPattern("(a*)*(a*)*\\x00", isRegex: true)).hits.isEmpty)
    #expect(throws: CorpusStudyError.self) { try SearchPattern("a(", isRegex: true) }
    #expect(throws: CorpusStudyError.self) { try SearchPattern("") }
    #expect(throws: CorpusStudyError.noSuchSource(name: "c", sources: ["a", "b"])) {
      try Self.search(SearchPattern("x"), source: "c")
    }
  }

  @Test("A search ends where it is told to")
  func cancel() throws {
    let scratch = try ScratchFolder()
    let tokenizer = try cutDownTokenizer()
    let shards = try writeChunks(Self.texts, tokenizer: tokenizer, to: scratch.path)
    let search = try CorpusSearch(
      shards, texts: TokenTexts(tokenizer), pattern: SearchPattern("fox"))
    var blocks = 0
    let progress = try search.run(threads: 2) { _, _ in
      blocks += 1
      return blocks < 3
    }
    #expect(blocks == 3)
    #expect(progress.searched == 3 * 128)
  }
}
