import Corpus
import Testing

@Suite("Chunks of a corpus by one protocol")
struct ChunkSourceTests {
  private let list = ChunkList(
    chunks: [[1, 2, 3], [], [70_000, 4], [5]], sourceOfChunk: [0, 1, 0, 1],
    sources: ["prose", "code"])

  /// The list as shards on disk; each chunk of a document of its own, the first of two.
  private func shards(_ folder: String) throws -> TokenShards {
    var writer = try ShardWriter(folder: folder, vocabularySize: 100_000, options: ShardOptions())
    let ids = try list.sources.map { name throws(CorpusError) in try writer.sources.id(of: name) }
    for chunk in 0..<list.count where list.length(of: chunk) > 0 {
      var pieces = [ChunkPiece(document: Int64(chunk), tokenStart: 0)]
      if chunk == 0 { pieces.append(ChunkPiece(document: 9, tokenStart: 2)) }
      try writer.append(
        PackedChunk(
          source: ids[list.source(of: chunk)], tokens: list.tokens(of: chunk), pieces: pieces))
    }
    try writer.finish()
    return try TokenShards(folder: folder)
  }

  @Test("The fingerprint is that of runs that were begun earlier")
  func fingerprint() throws {
    // SHA-256 of the count, then of length and tokens of each chunk, by hashlib.
    #expect(
      try list.fingerprint() == "28074e74912ea87eeead416e3472c2c8bb8e8d1b53b64998531f3dfc2b82c063")
    let scratch = try ScratchFolder()
    let shards = try shards(scratch.path)
    let same = ChunkList(chunks: [[1, 2, 3], [70_000, 4], [5]])
    #expect(try shards.fingerprint() == same.fingerprint())
    #expect(try ChunkPrefix(same, limit: 2).fingerprint() != same.fingerprint())
  }

  @Test("A part shows its base under numbers of its own")
  func parts() throws {
    let scratch = try ScratchFolder()
    let shards = try shards(scratch.path)
    for part in [ChunkPrefix(shards, limit: 2), SpreadChunks(shards, limit: 2)] as [any ChunkPart] {
      #expect(part.count == 2)
      #expect(part.sources == ["prose", "code"])
      for chunk in 0..<part.count {
        let place = part.place(of: chunk)
        #expect(place == chunk)
        #expect(try part.tokens(of: chunk) == shards.tokens(of: place))
        #expect(part.length(of: chunk) == shards.length(of: place))
        #expect(part.source(of: chunk) == shards.source(of: place))
        #expect(part.documents(of: chunk) == shards.documents(of: place))
      }
      for wrong in [-1, 2] {
        #expect(throws: CorpusError.noSuchChunk(index: wrong, count: 2)) {
          _ = try part.tokens(of: wrong)
        }
      }
    }
    let hundred = ChunkList(chunks: (0..<100).map { [Int32($0)] })
    let spread = SpreadChunks(hundred, limit: 5)
    #expect(try (0..<5).map { try spread.tokens(of: $0) } == [[0], [20], [40], [60], [80]])
    #expect(ChunkPrefix(list, limit: 9).count == 4 && ChunkPrefix(list, limit: -1).count == 0)
    #expect(SpreadChunks(list, limit: 9).count == 4 && SpreadChunks(list, limit: -1).count == 0)
  }

  @Test("Documents of a chunk have the tokens up to the next one")
  func documentLengths() throws {
    let scratch = try ScratchFolder()
    let lengths = try shards(scratch.path).documentLengths(of: 0)
    #expect(lengths.map(\.document) == [0, 9] && lengths.map(\.tokens) == [2, 1])
    #expect(list.documentLengths(of: 0).isEmpty)
  }
}
