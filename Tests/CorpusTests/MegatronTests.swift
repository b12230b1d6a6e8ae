import Corpus
import Foundation
import Store
import Testing

/// Data sets as Megatron-LM and GPT-NeoX write them: one pair of files under any name, one sequence a
/// document, of any length.
@Suite("Shards of Megatron-LM")
struct MegatronTests {
  /// An index as its builder writes it.
  static func index(
    _ sizes: [Int], type: UInt8, width: Int, documents: [Int], tail: [UInt8] = []
  ) -> [UInt8] {
    var bytes = Array("MMIDIDX\0\0".utf8)
    func append(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    append(UInt64(1))
    append(type)
    append(UInt64(sizes.count))
    append(UInt64(documents.count))
    for size in sizes { append(Int32(size)) }
    var place = 0
    for size in sizes {
      append(Int64(place))
      place += size * width
    }
    for document in documents { append(Int64(document)) }
    return bytes + tail
  }

  static func write(
    _ scratch: ScratchFolder, _ name: String, type: UInt8 = 4, width: Int = 4,
    tail: [UInt8] = []
  ) throws {
    let documents = [[5, 6, 7, 0], [8, 0], [9, 10, 11, 12, 13, 0]]
    var tokens: [UInt8] = []
    for token in documents.joined() {
      tokens += (0..<width).map { UInt8(truncatingIfNeeded: token >> (8 * $0)) }
    }
    try scratch.write(Data(tokens).map { $0 }, to: name + ".bin")
    try scratch.write(
      index(documents.map(\.count), type: type, width: width, documents: [0, 1, 2, 3], tail: tail),
      to: name + ".idx")
  }

  @Test(
    "By its folder, its prefix and each of its files",
    arguments: [
      "", "/corpus_text_document", "/corpus_text_document.bin", "/corpus_text_document.idx", "/",
    ])
  func places(_ tail: String) throws {
    let scratch = try ScratchFolder()
    try Self.write(scratch, "m/corpus_text_document")
    let path = scratch.path + "/m" + tail
    #expect(ShardLocation(path).holdsShards)
    let shards = try TokenShards(folder: path)
    #expect(shards.count == 3 && shards.tokenCount == 12)
    #expect(try shards.tokens(of: 2) == [9, 10, 11, 12, 13, 0])
  }

  @Test("Of several pairs one is to be named")
  func several() throws {
    let scratch = try ScratchFolder()
    try Self.write(scratch, "m/train_text_document")
    try Self.write(scratch, "m/valid_text_document")
    let error = try corpusError { _ = try TokenShards(folder: scratch.path + "/m") }
    #expect(error?.message.contains("train_text_document and valid_text_document") == true)
    #expect(try TokenShards(folder: scratch.path + "/m/valid_text_document").count == 3)
  }

  @Test(
    "Every type that holds tokens",
    arguments: [(1, 1), (2, 1), (3, 2), (4, 4), (5, 8), (8, 2), (9, 4), (10, 8)] as [(UInt8, Int)])
  func types(_ type: UInt8, _ width: Int) throws {
    let scratch = try ScratchFolder()
    try Self.write(scratch, "m/x", type: type, width: width)
    let shards = try TokenShards(folder: scratch.path + "/m")
    #expect(try shards.tokens(of: 0) == [5, 6, 7, 0])
    try shards.writeSubset(of: [2, 0], to: scratch.path + "/copy")
    #expect(try TokenShards(folder: scratch.path + "/copy").tokens(of: 1) == [5, 6, 7, 0])
  }

  @Test("What holds no tokens says what it is")
  func others() throws {
    let scratch = try ScratchFolder()
    for (type, width) in [(6, 8), (7, 4)] as [(UInt8, Int)] {
      try Self.write(scratch, "f/x", type: type, width: width)
      let error = try corpusError { _ = try TokenShards(folder: scratch.path + "/f") }
      #expect(error?.message.contains("floating-point numbers") == true)
    }
    try scratch.write("TNTIDX\0\0 and so on, longer than a header of the newer form", to: "o/x.idx")
    try scratch.write("", to: "o/x.bin")
    let older = try corpusError { _ = try TokenShards(folder: scratch.path + "/o") }
    #expect(older == .olderIndex(path: scratch.path + "/o/x.idx"))
    try Self.write(scratch, "mixed/x", tail: [0, 1, 0])
    let mixed = try corpusError { _ = try TokenShards(folder: scratch.path + "/mixed") }
    #expect(mixed?.message.contains("sequences of mode 1") == true)
    try Self.write(scratch, "text/x", tail: [0, 0, 0])
    #expect(try TokenShards(folder: scratch.path + "/text").count == 3)
  }

  @Test("Sizes that do not match are refused when it is opened, or when it is looked at")
  func sizes() throws {
    let scratch = try ScratchFolder()
    try Self.write(scratch, "m/x")
    let (bin, idx) = (scratch.bytes("m/x.bin"), scratch.bytes("m/x.idx"))
    func failure(_ bin: [UInt8], _ idx: [UInt8]) throws -> CorpusError? {
      try scratch.write(bin, to: "m/x.bin")
      try scratch.write(idx, to: "m/x.idx")
      return try corpusError { try TokenShards(folder: scratch.path + "/m").verifyLayout() }
    }
    #expect(try failure(bin, idx) == nil)
    #expect(try failure(bin.dropLast(4), idx) != nil)
    #expect(try failure(bin + [0, 0, 0, 0], idx) != nil)
    #expect(try failure(bin, idx + [0]) != nil)
    #expect(try failure(bin, idx.dropLast(8)) != nil)
    var gap = idx
    gap[34 + 12 + 8] += 4
    #expect(try failure(bin, gap)?.message.contains("chunk 1 at byte 20") == true)
    // Chunks may stand in another order, with nothing between them.
    var order = idx
    for (entry, place) in ([24, 40, 0] as [UInt8]).enumerated() {
      order[34 + 12 + 8 * entry] = place
    }
    #expect(try failure(bin, order) == nil)
    order[34 + 12] += 4
    #expect(try failure(bin, order)?.message.contains("chunk 0 at byte 28") == true)
    var size = idx
    size[34] = 3
    #expect(try failure(bin, size) != nil)
  }

  @Test("Documents become chunks, and Megatron's reader finds its last document")
  func chunks() throws {
    let scratch = try ScratchFolder()
    try Self.write(scratch, "m/x")
    var settings = CorpusSettings()
    settings.packing.maximumLength = 5
    settings.packing.emitsRemainders = true
    settings.shards.documentIndex = .megatron
    let shards = try TokenShards(folder: scratch.path + "/m")
    let rechunking = ShardRechunking(shards, settings: settings, tokenizer: ByteTokenizer())
    let out = scratch.path + "/out"
    let made = try rechunking.build(into: out, replacing: false) { _ in true }
    #expect(made.documents == 3 && made.chunks > 2)
    let chunked = try TokenShards(folder: out)
    #expect(chunked.longestChunk <= 5)
    let all = try (0..<chunked.count).flatMap { try chunked.tokens(of: $0) }
    let end = ByteTokenizer().endOfText
    #expect(
      all.filter { $0 != end } == [5, 6, 7, 0, 8, 0, 9, 10, 11, 12, 13, 0].filter { $0 != end })
    #expect(try rechunking.build(into: out, replacing: false) { _ in true } == made)
    // The entries at the end of the index: 0, 1 ... n.
    let bytes = scratch.bytes("out/data_0.idx")
    let entries = (0...chunked.count).map { bytes[bytes.count - 8 * (chunked.count + 1 - $0)] }
    #expect(entries == (0...chunked.count).map { UInt8($0) })
    // Chunks are no documents: cutting them once more would put ends into the middle of texts.
    try shards.writeSubset(of: 0..<3, to: scratch.path + "/published")
    let published = try TokenShards(folder: scratch.path + "/published")
    #expect(throws: CorpusError.self) {
      _ = try ShardRechunking(published, settings: settings, tokenizer: ByteTokenizer())
        .build(into: scratch.path + "/never", replacing: false) { _ in true }
    }
    #expect(!Folder.exists(scratch.path + "/never.building"))
  }

  @Test("A thousand shards with sources of their own open in no time")
  func manySources() throws {
    let scratch = try ScratchFolder()
    var writer = try ShardWriter(
      folder: scratch.path + "/s", vocabularySize: 300,
      options: {
        var options = ShardOptions()
        options.chunksPerShard = 30_000
        return options
      }())
    for number in 0..<SourceTable.limit {
      let source = try writer.sources.id(of: "source \(number)")
      try writer.append(PackedChunk(source: source, tokens: [1, 2], pieces: []))
    }
    try writer.finish()
    let start = ContinuousClock.now
    let shards = try TokenShards(folder: scratch.path + "/s")
    #expect(shards.sources.count == SourceTable.limit)
    #expect(start.duration(to: .now) < .seconds(5))
  }
}
