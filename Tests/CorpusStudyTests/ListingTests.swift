import Corpus
import CorpusStudy
import Testing

@Suite("Lists of chunks")
struct ListingTests {
  @Test("Pages by source and by length are parts of the whole sorted lists")
  func pages() throws {
    let scratch = try ScratchFolder()
    var writer = try ShardWriter(folder: scratch.path, vocabularySize: 100)
    let sources = try (0..<3).map { try writer.sources.id(of: "s\($0)") }
    let count = 20_000
    for chunk in 0..<count {
      let length = 1 + (chunk * 7919 % 97) * (chunk % 2)
      try writer.append(
        PackedChunk(
          source: sources[chunk * 31 % 7 % 3], tokens: [Int32](repeating: 1, count: length),
          pieces: []))
    }
    try writer.finish()
    let shards = try TokenShards(folder: scratch.path)
    let listing = try #require(ChunkListing(shards))
    for source in [nil, 0, 1, 2] as [Int?] {
      let own = (0..<count).filter { source == nil || shards.source(of: $0) == source }
      let longest = own.sorted { (shards.length(of: $1), $0) < (shards.length(of: $0), $1) }
      #expect(listing.count(source: source) == own.count)
      for start in stride(from: 0, to: own.count, by: 1777) {
        let page = start..<min(own.count, start + 61)
        #expect(listing.chunks(source: source, at: page) == Array(own[page]))
        #expect(listing.longestChunks(source: source, at: page) == Array(longest[page]))
      }
      #expect(listing.chunks(source: source, at: own.count..<own.count + 5) == [])
      if let source {
        let lengths = own.map { shards.length(of: $0) }.sorted()
        #expect(listing.summaries[source].tokens == lengths.reduce(0, +))
        #expect(listing.summaries[source].medianTokens == lengths[lengths.count / 2])
      }
    }
    #expect(ChunkListing(shards) { true } == nil)
  }
}
