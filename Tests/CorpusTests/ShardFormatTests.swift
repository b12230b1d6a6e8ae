import Corpus
import Numerics
import Store
import Testing

@Suite("Shards on disk")
struct ShardFormatTests {
  static func write(
    _ chunks: [[Int32]], to folder: String, vocabularySize: Int, chunksPerShard: Int = 1_000_000,
    shuffle: ShardShuffle = .none
  ) throws {
    var options = ShardOptions()
    options.chunksPerShard = chunksPerShard
    options.shuffle = shuffle
    var writer = try ShardWriter(folder: folder, vocabularySize: vocabularySize, options: options)
    let sources = [try writer.sources.id(of: "prose"), try writer.sources.id(of: "code")]
    for (index, tokens) in chunks.enumerated() {
      let pieces = [
        ChunkPiece(document: Int64(10 * index), tokenStart: 0),
        ChunkPiece(document: Int64(10 * index + 1), tokenStart: 1),
      ]
      try writer.append(PackedChunk(source: sources[index % 2], tokens: tokens, pieces: pieces))
    }
    try writer.finish()
  }

  @Test("32-bit shards equal the bytes of the published builder")
  func goldenInt32() throws {
    let scratch = try ScratchFolder()
    try Self.write(
      [[1, 2, 3], [4, 5], [6]], to: scratch.path, vocabularySize: 151_936, chunksPerShard: 2)
    #expect(scratch.bytes("data_0.bin") == bytes(hex: "0100000002000000030000000400000005000000"))
    #expect(
      scratch.bytes("data_0.idx")
        == bytes(
          hex:
            "4d4d49444944580000010000000000000004020000000000000001000000000000000300000002000000"
            + "00000000000000000c000000000000000000000000000000"))
    #expect(scratch.bytes("data_1.bin") == bytes(hex: "06000000"))
    #expect(
      scratch.bytes("data_1.idx")
        == bytes(
          hex: "4d4d494449445800000100000000000000040100000000000000010000000000000001000000"
            + "00000000000000000000000000000000"))
    #expect(!Folder.exists(scratch.path + "/data_2.bin"))
  }

  @Test("16-bit shards equal the bytes of the published builder")
  func goldenUInt16() throws {
    let scratch = try ScratchFolder()
    try Self.write([[1, 2, 3], [4, 5]], to: scratch.path, vocabularySize: 65_024)
    #expect(scratch.bytes("data_0.bin") == bytes(hex: "01000200030004000500"))
    #expect(
      scratch.bytes("data_0.idx")
        == bytes(
          hex:
            "4d4d49444944580000010000000000000008020000000000000001000000000000000300000002000000"
            + "000000000000000006000000000000000000000000000000"))
  }

  @Test("16 bits end at a vocabulary of 65,500")
  func typeRule() {
    #expect(TokenType(vocabularySize: 65_499) == .uint16)
    #expect(TokenType(vocabularySize: 65_500) == .int32)
  }

  @Test("A corpus reads back as written, over shards, with labels")
  func roundTrip() throws {
    let scratch = try ScratchFolder()
    let chunks: [[Int32]] = [[1, 2, 3], [4, 5], [6], [70_000, 8, 9, 10], [11]]
    try Self.write(chunks, to: scratch.path, vocabularySize: 100_000, chunksPerShard: 2)
    let shards = try TokenShards(folder: scratch.path)
    #expect(shards.count == 5)
    #expect(shards.tokenCount == 11)
    #expect(shards.longestChunk == 4)
    #expect(shards.shardStarts == [0, 2, 4, 5])
    #expect(shards.sources == ["prose", "code"])
    #expect(shards.isLabelled)
    #expect(shards.chunkCounts() == [3, 2])
    for (index, tokens) in chunks.enumerated() {
      #expect(try shards.tokens(of: index) == tokens)
      #expect(shards.length(of: index) == tokens.count)
      #expect(shards.source(of: index) == index % 2)
      #expect(
        shards.documents(of: index).map(\.document) == [Int64(10 * index), Int64(10 * index + 1)])
      #expect(shards.documents(of: index).map(\.tokenStart) == [0, 1])
    }
    #expect(
      try corpusError { _ = try shards.tokens(of: 5) } == .noSuchChunk(index: 5, count: 5))
  }

  @Test("Without labels every chunk is of the unknown source")
  func unlabelled() throws {
    let scratch = try ScratchFolder()
    try Self.write([[1, 2], [3]], to: scratch.path, vocabularySize: 10)
    try Folder.remove(scratch.path + "/data_0.chunks.safetensors")
    let shards = try TokenShards(folder: scratch.path)
    #expect(shards.sources == ["unknown"])
    #expect(!shards.isLabelled)
    #expect(shards.source(of: 1) == 0)
    #expect(shards.documents(of: 1).isEmpty)
    #expect(try shards.tokens(of: 1) == [3])
  }

  @Test("A shuffle keeps chunks with their labels, differs by shard and repeats by seed")
  func shuffle() throws {
    let scratch = try ScratchFolder()
    let chunks = (0..<200).map { [Int32($0), Int32($0), Int32($0 % 7)] }
    for (name, seed) in [("a", 5), ("b", 5), ("c", 6)] {
      try Self.write(
        chunks, to: scratch.path + "/" + name, vocabularySize: 300, chunksPerShard: 100,
        shuffle: .seeded(UInt64(seed)))
    }
    let shards = try TokenShards(folder: scratch.path + "/a")
    let order = try (0..<200).map { Int(try shards.tokens(of: $0)[0]) }
    #expect(order != Array(0..<200))
    #expect(Set(order[..<100]) == Set(0..<100))
    #expect(order[..<100].map { $0 } != order[100...].map { $0 - 100 })
    for (place, chunk) in order.enumerated() {
      #expect(shards.source(of: place) == chunk % 2)
      #expect(shards.documents(of: place).first?.document == Int64(10 * chunk))
    }
    #expect(scratch.bytes("a/data_1.bin") == scratch.bytes("b/data_1.bin"))
    #expect(
      scratch.bytes("a/data_0.chunks.safetensors") == scratch.bytes("b/data_0.chunks.safetensors"))
    #expect(scratch.bytes("a/data_0.bin") != scratch.bytes("c/data_0.bin"))
    #expect(!Folder.exists(scratch.path + "/a/data_0.ordered"))
  }

  @Test("NumPy's shuffle runs on from shard to shard, also after a restart")
  func numpyShuffle() throws {
    // numpy.random.seed(233); two lists of 10 and one of 3, shuffled in turn.
    let scratch = try ScratchFolder()
    try Self.write(
      (0..<23).map { [Int32($0)] }, to: scratch.path, vocabularySize: 300, chunksPerShard: 10,
      shuffle: .numpy(233))
    let shards = try TokenShards(folder: scratch.path)
    let order = try (0..<23).map { Int(try shards.tokens(of: $0)[0]) }
    #expect(order == Self.numpyOrder)
    var twister = MersenneTwister(seed: 233)
    for _ in 0..<2 { twister.skipShuffle(of: 10) }
    var rest = Array(20..<23)
    twister.shuffle(&rest)
    #expect(rest == Array(Self.numpyOrder[20...]))
  }

  static let numpyOrder = [
    0, 2, 8, 6, 3, 4, 1, 5, 9, 7, 19, 18, 10, 15, 16, 12, 13, 11, 17, 14, 22, 20, 21,
  ]

  @Test("The order of shards is written as text")
  func shuffleText() throws {
    for shuffle in [ShardShuffle.none, .seeded(7), .numpy(233)] {
      #expect(ShardShuffle(shuffle.text) == shuffle)
    }
    for text in ["", "numpy", "numpy:-1", "numpy:4294967296", "none:1", "seeded:x"] {
      #expect(ShardShuffle(text) == nil)
    }
  }

  @Test("A token that does not fit is refused")
  func tokenRange() throws {
    let scratch = try ScratchFolder()
    let found = try corpusError {
      try Self.write([[1, 10]], to: scratch.path, vocabularySize: 10)
    }
    #expect(
      found
        == .tokenOutOfRange(
          token: 10, path: scratch.path + "/data_0.bin", expected: "an id below 10"))
    #expect(
      try corpusError { try Self.write([[-1]], to: scratch.path, vocabularySize: 10) } != nil)
  }

  @Test("A subset keeps order, sources and documents")
  func subset() throws {
    let scratch = try ScratchFolder()
    let chunks = (0..<10).map { Array(repeating: Int32($0), count: $0 + 1) }
    try Self.write(chunks, to: scratch.path + "/all", vocabularySize: 10, chunksPerShard: 4)
    let all = try TokenShards(folder: scratch.path + "/all")
    var options = ShardOptions()
    options.chunksPerShard = 2
    let written = try all.writeSubset(
      of: [1, 4, 9], to: scratch.path + "/some", vocabularySize: 10, options: options)
    #expect(written.chunks == 3)
    #expect(written.tokens == 17)
    let some = try TokenShards(folder: scratch.path + "/some")
    #expect(some.shardStarts == [0, 2, 3])
    for (place, index) in [1, 4, 9].enumerated() {
      #expect(try some.tokens(of: place) == chunks[index])
      #expect(some.sources[some.source(of: place)] == all.sources[all.source(of: index)])
      #expect(some.documents(of: place) == all.documents(of: index))
    }
    try all.writeSubset(of: [2], to: scratch.path + "/same")
    #expect(scratch.bytes("same/data_0.bin") == bytes(hex: "020002000200"))
    // Copied as it stands, or made wider: the same tokens.
    for (size, width) in [(10, 2), (70_000, 4)] {
      let folder = scratch.path + "/\(size)"
      try all.writeSubset(of: [9, 0, 9], to: folder, vocabularySize: size)
      let copy = try TokenShards(folder: folder)
      #expect(try (0..<3).map { try copy.tokens(of: $0) } == [chunks[9], chunks[0], chunks[9]])
      #expect(scratch.bytes("\(size)/data_0.bin").count == 21 * width)
    }
    // A chunk that is longer than the buffers.
    let long = (0..<700_000).map { Int32($0 % 1000) }
    try Self.write([[1], long], to: scratch.path + "/long", vocabularySize: 1000)
    let longShards = try TokenShards(folder: scratch.path + "/long")
    try longShards.writeSubset(of: [1], to: scratch.path + "/long-copy")
    #expect(try TokenShards(folder: scratch.path + "/long-copy").tokens(of: 0) == long)
    // Ids are looked at on the way.
    #expect(
      try corpusError {
        try all.writeSubset(of: [3, 9], to: scratch.path + "/small", vocabularySize: 9)
      }
        == .tokenOutOfRange(
          token: 9, path: scratch.path + "/all/data_2.bin", expected: "an id below 9"))
    let stopped = try corpusError {
      try all.writeSubset(of: [0], to: scratch.path + "/none", vocabularySize: 10) { _ in false }
    }
    #expect(stopped == .cancelled)
    #expect(
      try corpusError { try all.writeSubset(of: [99], to: scratch.path + "/x", vocabularySize: 10) }
        == .noSuchChunk(index: 99, count: 10))
  }
}
