import Corpus
import Foundation
import Numerics
import Testing

@Suite("Packing")
struct SequencePackerTests {
  static let ends = SentenceEnds(of: ByteTokenizer())

  /// Packs documents of one byte a token, each ended by `ByteTokenizer`'s token 256.
  static func pack(
    _ documents: [(source: UInt16, text: String)], length: Int,
    configure: (inout PackingOptions) -> Void = { _ in }
  ) throws -> [PackedChunk] {
    var options = PackingOptions()
    options.maximumLength = length
    configure(&options)
    var packer = try SequencePacker(options: options, sentenceEnds: ends)
    var chunks: [PackedChunk] = []
    for (index, document) in documents.enumerated() {
      let tokens = document.text.utf8.map { Int32($0) } + [256]
      packer.add(document: Int64(index), source: document.source, tokens: tokens, to: &chunks)
    }
    packer.finish(to: &chunks)
    return chunks
  }

  /// Chunks as text, "|" for the end of a document and "^" for the beginning token.
  static func texts(_ chunks: [PackedChunk]) -> [String] {
    chunks.map { chunk in
      String(
        chunk.tokens.map { token in
          switch token {
          case 256: "|"
          case 257: "^"
          default: Character(Unicode.Scalar(UInt8(token)))
          }
        })
    }
  }

  static func packed(
    _ text: String, length: Int, configure: (inout PackingOptions) -> Void = { _ in }
  ) throws -> [String] {
    texts(try pack([(0, text)], length: length, configure: configure))
  }

  @Test("A chunk ends with the last sentence end that a space follows")
  func sentenceEnd() throws {
    #expect(try Self.packed("ab. cd.ef ghi", length: 10) == ["ab.", " cd.ef ghi"])
    #expect(try Self.packed("ab.cd.efghi", length: 10) == ["ab.cd.efgh"])
    #expect(try Self.packed("ab\ncd.efghi", length: 10) == ["ab\n"])
  }

  @Test("The token behind a full chunk decides about its last token")
  func nextToken() throws {
    #expect(try Self.packed("ab. cdefg. i", length: 10) == ["ab. cdefg."])
    #expect(try Self.packed("ab. cdefg.hij", length: 10) == ["ab.", " cdefg.hij"])
    // Without the end-of-text token nothing follows, which counts as an end.
    var options = PackingOptions()
    options.maximumLength = 4
    var packer = try SequencePacker(options: options, sentenceEnds: Self.ends)
    var chunks: [PackedChunk] = []
    packer.add(document: 0, source: 0, tokens: "abc.".utf8.map { Int32($0) }, to: &chunks)
    #expect(Self.texts(chunks) == ["abc."])
  }

  @Test("The end of a document is a place to cut, also at the border of a chunk")
  func endOfText() throws {
    #expect(try Self.packed("abcdefghi", length: 10) == ["abcdefghi|"])
    let two = try Self.pack([(0, "abc"), (0, "defghijk")], length: 10)
    #expect(Self.texts(two) == ["abc|"])
    #expect(two[0].pieces == [ChunkPiece(document: 0, tokenStart: 0)])
    let exact = try Self.pack([(0, "abc"), (0, "defgh"), (0, "ijk")], length: 10)
    #expect(Self.texts(exact) == ["abc|defgh|"])
    #expect(exact[0].pieces.map(\.document) == [0, 1])
    #expect(exact[0].pieces.map(\.tokenStart) == [0, 4])
  }

  @Test("Without any end the full chunk stays, and a long document goes on without overlap")
  func noEnd() throws {
    let text = String(repeating: "abcdefghij", count: 3)
    #expect(try Self.packed(text, length: 10) == ["abcdefghij", "abcdefghij", "abcdefghij"])
  }

  @Test("Chunks of one token are dropped")
  func singleToken() throws {
    #expect(try Self.packed(". abcdefghijk", length: 5) == [" abcd", "efghi"])
  }

  @Test("Every source has its own buffer")
  func sources() throws {
    let chunks = try Self.pack(
      [(1, "aaaa"), (0, "bbbb"), (1, "aa"), (0, "bb"), (2, "c")], length: 8)
    #expect(Self.texts(chunks) == ["aaaa|aa|", "bbbb|bb|"])
    #expect(chunks.map(\.source) == [1, 0])
    #expect(chunks.map { $0.pieces.map(\.document) } == [[0, 2], [1, 3]])
  }

  @Test("Remainders are dropped, or emitted in the order of the sources")
  func remainders() throws {
    #expect(try Self.packed("abc", length: 10).isEmpty)
    let chunks = try Self.pack([(1, "abc"), (0, "de"), (1, "f")], length: 10) {
      $0.emitsRemainders = true
    }
    #expect(Self.texts(chunks) == ["de|", "abc|f|"])
  }

  @Test("Behind the limit of chunks the rest of a document is dropped")
  func documentLimit() throws {
    let text = String(repeating: "abcd", count: 10)
    let limited = try Self.pack([(0, text), (0, "xyz")], length: 4) { $0.chunksPerDocument = 2 }
    #expect(Self.texts(limited) == ["abcd", "abcd", "xyz|"])
    let whole = try Self.packed(text, length: 4) { $0.chunksPerDocument = nil }
    #expect(whole.count == 10)
  }

  @Test("The published limit is 2000 chunks")
  func publishedLimit() throws {
    let text = String(repeating: "ab", count: 3000)
    #expect(try Self.packed(text, length: 2).count == 2000)
  }

  @Test("A beginning token counts towards the length")
  func beginning() throws {
    let chunks = try Self.pack([(0, "abc"), (0, "defghijk")], length: 6) {
      $0.beginningOfSequence = 257
    }
    #expect(Self.texts(chunks) == ["^abc|", "^defgh"])
    let joined = try Self.pack([(0, "a"), (0, "b"), (0, "cdefgh")], length: 7) {
      $0.beginningOfSequence = 257
    }
    #expect(Self.texts(joined).first == "^a|b|")
    #expect(joined.first?.pieces.map(\.tokenStart) == [0, 3])
  }

  @Test("With a beginning token a chunk of one more token stays")
  func beginningAndOne() throws {
    let chunks = try Self.pack([(0, ". abcdefghijk")], length: 5) {
      $0.beginningOfSequence = 257
      $0.emitsRemainders = true
    }
    #expect(Self.texts(chunks) == ["^.", "^ abc", "^defg", "^hijk", "^|"])
  }

  @Test("A very long document gives the chunks that short parts would give")
  func longDocument() throws {
    var generator = RandomSource(seed: 4)
    let text = String(
      (0..<200_000).map { _ in "ab. \n".randomElement(using: &generator) ?? "a" })
    let long = try Self.pack([(0, text)], length: 33) { $0.chunksPerDocument = nil }
    #expect(long.flatMap(\.tokens).count > 199_900)
    let tokens = text.utf8.map { Int32($0) } + [256]
    #expect(Array(tokens.prefix(long.flatMap(\.tokens).count)) == long.flatMap(\.tokens))
    // The same rule by hand, with the whole text at hand.
    var start = 0
    for chunk in long {
      let cut = (start..<start + 33).last { place in
        let next = place + 1 < tokens.count ? tokens[place + 1] : 0x20
        return tokens[place] == 256 || tokens[place] == 0x0A
          || tokens[place] == 0x2E && next == 0x20
      }
      #expect(chunk.tokens.count == (cut.map { $0 - start + 1 } ?? 33))
      start += chunk.tokens.count
    }
  }

  @Test("Lengths without sense are refused")
  func badLength() throws {
    #expect(try corpusError { _ = try Self.packed("a", length: 1) } != nil)
  }

  struct Fixture: Decodable {
    struct Case: Decodable {
      let maximum_length: Int
      let bos: Bool
      let limit: Int?
      let flush: Bool
      let documents: [FixtureDocument]
      let chunks: [FixtureChunk]
    }
    struct FixtureDocument: Decodable {
      let source: UInt16
      let tokens: [Int32]
      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        source = try container.decode(UInt16.self)
        tokens = try container.decode([Int32].self)
      }
    }
    struct FixtureChunk: Decodable {
      let source: UInt16
      let tokens: [Int32]
      let pieces: [[Int64]]
    }
    let texts: [String]
    let eos: Int32
    let bos: Int32
    let sentence_ends: [Int32]
    let cases: [Case]
  }

  @Test("Random documents give the chunks of the plain reading of the rule")
  func reference() throws {
    let url = try #require(
      Bundle.module.url(forResource: "packing", withExtension: "json", subdirectory: "Fixtures"))
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
    let ends = SentenceEnds(
      vocabularySize: fixture.texts.count, endOfText: fixture.eos,
      sentenceEndTokens: fixture.sentence_ends
    ) { Array(fixture.texts[Int($0)].utf8) }
    for (number, testCase) in fixture.cases.enumerated() {
      var options = PackingOptions()
      options.maximumLength = testCase.maximum_length
      options.beginningOfSequence = testCase.bos ? fixture.bos : nil
      options.chunksPerDocument = testCase.limit
      options.emitsRemainders = testCase.flush
      var packer = try SequencePacker(options: options, sentenceEnds: ends)
      var chunks: [PackedChunk] = []
      for (index, document) in testCase.documents.enumerated() {
        packer.add(
          document: Int64(index), source: document.source,
          tokens: document.tokens + [fixture.eos], to: &chunks)
      }
      packer.finish(to: &chunks)
      let expected = testCase.chunks.map { chunk in
        PackedChunk(
          source: chunk.source, tokens: chunk.tokens,
          pieces: chunk.pieces.map {
            ChunkPiece(document: $0[0], tokenStart: Int32($0[1]))
          })
      }
      #expect(chunks == expected, "case \(number)")
    }
  }
}
