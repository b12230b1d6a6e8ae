import Corpus
import Store
import Testing

@Suite("Setting chunks aside for the reference model")
struct ReserveTests {
  /// 600 chunks of 10 tokens in shards of 250; every document fills three chunks and a half.
  static func corpus(_ scratch: ScratchFolder, isLabelled: Bool = true) throws -> TokenShards {
    var options = ShardOptions()
    options.chunksPerShard = 250
    let folder = scratch.path + "/all"
    var writer = try ShardWriter(folder: folder, vocabularySize: 100_000, options: options)
    let source = try writer.sources.id(of: "prose")
    for chunk in 0..<600 {
      let halves = [2 * chunk / 7, (2 * chunk + 1) / 7]
      var pieces = [ChunkPiece(document: Int64(halves[0]), tokenStart: 0)]
      if halves[1] != halves[0] {
        pieces.append(ChunkPiece(document: Int64(halves[1]), tokenStart: 5))
      }
      let tokens = (0..<10).map { Int32(chunk * 10 + $0) }
      try writer.append(PackedChunk(source: source, tokens: tokens, pieces: pieces))
    }
    try writer.finish()
    if !isLabelled {
      for shard in 0..<3 { try Folder.remove("\(folder)/data_\(shard).chunks.safetensors") }
    }
    return try TokenShards(folder: folder)
  }

  static func tokens(_ shards: TokenShards) throws -> [[Int32]] {
    try (0..<shards.count).map { try shards.tokens(of: $0) }
  }

  static func split(
    _ scratch: ScratchFolder, _ shards: TokenShards, tokens: Int, _ rule: ReserveRule,
    _ name: String = "s"
  ) throws -> (record: ReserveRecord, reference: TokenShards, rest: TokenShards) {
    let folders = (scratch.path + "/\(name)-reference", scratch.path + "/\(name)-rest")
    let record = try ReserveSplit(shards, tokens: tokens, rule: rule)
      .write(reference: folders.0, rest: folders.1, threads: 2)
    return (record, try TokenShards(folder: folders.0), try TokenShards(folder: folders.1))
  }

  @Test("A tail is the last chunks in order, and together they are the corpus")
  func tail() throws {
    let scratch = try ScratchFolder()
    let shards = try Self.corpus(scratch)
    let (record, reference, rest) = try Self.split(scratch, shards, tokens: 1495, .tail)
    #expect(record.reservedChunks == 150)
    #expect(record.reservedTokens == 1500)
    #expect(record.restChunks == 450)
    #expect(try Self.tokens(rest) + Self.tokens(reference) == Self.tokens(shards))
    for chunk in 0..<150 {
      #expect(reference.documents(of: chunk) == shards.documents(of: 450 + chunk))
    }
    // A whole shard is a link to the first file, not a copy.
    let (linked, _, _) = try Self.split(scratch, shards, tokens: 1000, .tail, "linked")
    #expect(linked.reservedChunks == 100)
    #expect(try ReserveRecord(path: scratch.path + "/linked-rest") == linked)
  }

  @Test("Drawn documents are on one side only, chunks of both sides on none", arguments: [3, 4])
  func random(seed: UInt64) throws {
    let scratch = try ScratchFolder()
    let shards = try Self.corpus(scratch)
    let (record, reference, rest) = try Self.split(
      scratch, shards, tokens: 1500, .random(seed: seed))
    #expect(record.separatesDocuments)
    #expect(record.reservedChunks + record.restChunks + record.leftOutChunks == 600)
    #expect(abs(record.reservedTokens - 1500) < 200)
    #expect(record.leftOutChunks > 0)
    func documents(_ shards: TokenShards) -> Set<Int64> {
      Set((0..<shards.count).flatMap { shards.documents(of: $0).map(\.document) })
    }
    #expect(documents(reference).isDisjoint(with: documents(rest)))
    let again = try Self.split(scratch, shards, tokens: 1500, .random(seed: seed), "again")
    #expect(try Self.tokens(again.reference) == Self.tokens(reference))
    let other = try Self.split(scratch, shards, tokens: 1500, .random(seed: seed + 9), "other")
    #expect(try Self.tokens(other.reference) != Self.tokens(reference))
  }

  @Test("Without labels single chunks are drawn")
  func unlabelled() throws {
    let scratch = try ScratchFolder()
    let shards = try Self.corpus(scratch, isLabelled: false)
    let (record, reference, rest) = try Self.split(
      scratch, shards, tokens: 1500, .random(seed: 1))
    #expect(!record.separatesDocuments)
    #expect(record.leftOutChunks == 0)
    #expect(abs(record.reservedTokens - 1500) <= 20)
    #expect(Set(try Self.tokens(reference)).isDisjoint(with: try Self.tokens(rest)))
  }

  @Test("Reserved chunks are found again, in any order and folder, and counted")
  func overlap() throws {
    let scratch = try ScratchFolder()
    let shards = try Self.corpus(scratch)
    let (_, reference, rest) = try Self.split(scratch, shards, tokens: 1500, .random(seed: 3))
    for folder in ["/s-reference", "/s-rest"] {
      let path = scratch.path + folder
      let set = try ReserveOverlap.fingerprints(of: path, threads: 2)
      #expect(set.count == reference.count)
      let clean = try ReserveOverlap(of: rest, in: set, named: path, threads: 2)
      #expect(clean.chunks.isEmpty && clean.warning == nil)
      let all = try ReserveOverlap(of: shards, in: set, named: path, threads: 1)
      #expect(all.chunks.count == reference.count)
      #expect(try all.chunks.map { try shards.tokens(of: $0) } == Self.tokens(reference))
      #expect(all.column.count { $0 == 1 } == reference.count)
      #expect(all.warning?.hasPrefix("\(reference.count) of 600 chunks") == true)
    }
    // Shards alone do, too: their chunks are hashed.
    let set = try ReserveOverlap.fingerprints(of: scratch.path + "/all", threads: 2)
    #expect(try ReserveOverlap(of: rest, in: set, named: "", threads: 1).chunks.count == rest.count)
  }

  @Test("Sizes that leave nothing on a side are refused")
  func sizes() throws {
    let scratch = try ScratchFolder()
    let shards = try Self.corpus(scratch)
    for tokens in [0, -1, 6000, 7000] {
      #expect(try corpusError { _ = try ReserveSplit(shards, tokens: tokens, rule: .tail) } != nil)
    }
    let all = try corpusError { _ = try Self.split(scratch, shards, tokens: 5995, .tail) }
    #expect(all != nil)
    let first = try Self.split(scratch, shards, tokens: 100, .tail, "twice")
    let again = try Self.split(scratch, shards, tokens: 100, .tail, "twice")
    #expect("\(again)" == "\(first)", "the same split is there already")
    let other = try corpusError { _ = try Self.split(scratch, shards, tokens: 200, .tail, "twice") }
    guard case .occupied = other else {
      Issue.record("a split replaced another")
      return
    }
  }

  @Test("Fingerprints differ for any change, and are equal for equal tokens")
  func fingerprints() {
    let tokens = (0..<1025).map { Int32($0 * 37) }
    var all: Set<UInt64> = [Fingerprint.chunk(tokens), Fingerprint.chunk([])]
    for place in tokens.indices {
      var changed = tokens
      changed[place] += 1
      all.insert(Fingerprint.chunk(changed))
      all.insert(Fingerprint.chunk(Array(tokens[..<place])))
    }
    #expect(all.count == 2 + 1025 + 1024)
    #expect(Fingerprint.chunk(tokens) == Fingerprint.chunk(tokens))
  }

  @Test("Fingerprints on disk are those of every version")
  func fingerprintFormat() {
    func hash(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { Fingerprint.hash64($0) } }
    // By an implementation in Python.
    #expect(hash([]) == 0x29c6_b5de_f462_654f)
    #expect(hash(Array("a".utf8)) == 0x254c_15ba_8ed4_2a04)
    #expect(hash(Array("hello world".utf8)) == 0xbd68_0686_b7a3_75ce)
    #expect(hash(Array("0123456789abcdef".utf8)) == 0xd52b_dd62_ca0d_b2d5)
    #expect(hash(Array(0...255)) == 0x5c24_3f3c_e031_2844)
    #expect(Fingerprint.chunk([0, 1, 65_535, 151_935]) == 0x73ec_9472_968b_1677)
  }
}
