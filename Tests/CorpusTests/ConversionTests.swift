import Corpus
import Foundation
import Glibc
import Store
import Testing
import Tokenizers

/// Chunks that the published script converts, by scripts/check_conversion.py.
struct ConversionFixture: Decodable {
  struct Case: Decodable {
    var to: String
    var bos: Bool
    var maximumLength: Int
    var converted: [[Int32]]
  }

  var from: String
  var chunks: [[Int32]]
  var cases: [Case]

  static func load() throws -> ConversionFixture {
    let url = try #require(
      Bundle.module.url(forResource: "conversion", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }

  /// A cut-down tokenizer, as the tests of the tokenizers have it.
  static func tokenizer(_ name: String) throws -> Tokenizer {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try Tokenizer.load(
      from: folder.appending(path: "TokenizersTests/Fixtures/\(name).tokenizer.json").path())
  }

  /// The chunks as shards, each of two documents; the second begins behind the first end of text.
  func write(to folder: String, chunksPerShard: Int, end: Int32) throws -> TokenShards {
    var options = ShardOptions()
    options.chunksPerShard = chunksPerShard
    var writer = try ShardWriter(folder: folder, vocabularySize: 100_000, options: options)
    let sources = try [writer.sources.id(of: "a"), writer.sources.id(of: "b")]
    for (index, tokens) in chunks.enumerated() {
      var pieces = [ChunkPiece(document: Int64(2 * index), tokenStart: 0)]
      if let cut = tokens.firstIndex(of: end), cut + 1 < tokens.count {
        pieces.append(ChunkPiece(document: Int64(2 * index + 1), tokenStart: Int32(cut + 1)))
      }
      try writer.append(PackedChunk(source: sources[index % 2], tokens: tokens, pieces: pieces))
    }
    try writer.finish()
    return try TokenShards(folder: folder)
  }
}

@Suite("Conversion to another tokenizer")
struct ConversionTests {
  @Test("Chunks equal those of the published script")
  func published() throws {
    let fixture = try ConversionFixture.load()
    let old = try ConversionFixture.tokenizer(fixture.from)
    let end = try #require(old.endOfTextID)
    let scratch = try ScratchFolder()
    let shards = try fixture.write(to: scratch.path, chunksPerShard: 1000, end: end)
    for sample in fixture.cases {
      let new = try ConversionFixture.tokenizer(sample.to)
      var settings = try ConversionSettings(from: old, to: new)
      settings.maximumLength = sample.maximumLength
      #expect((settings.beginningOfSequence != nil) == sample.bos)
      let converted = try ConvertedChunks(
        shards: shards, from: old, to: new, settings: settings)
      #expect(converted.count == fixture.chunks.count)
      for (index, expected) in sample.converted.enumerated() {
        let found = try converted.tokens(of: index)
        #expect(found == expected, "\(sample.to) \(sample.maximumLength), chunk \(index)")
      }
    }
  }

  @Test("Shards, labels and documents are the same for any number of threads and shard size")
  func batch() throws {
    let fixture = try ConversionFixture.load()
    let old = try ConversionFixture.tokenizer(fixture.from)
    let new = try ConversionFixture.tokenizer("llama-bpe")
    let end = try #require(old.endOfTextID)
    let scratch = try ScratchFolder()
    let shards = try fixture.write(to: scratch.path + "/old", chunksPerShard: 100, end: end)
    let settings = try ConversionSettings(from: old, to: new)
    let conversion = try ShardConversion(
      shards: shards, from: old, to: new, settings: settings, chunksPerShard: 70)
    for threads in [1, 3] {
      _ = try conversion.run(into: scratch.path + "/\(threads)", threads: threads)
    }
    let names = try Folder.list(scratch.path + "/1")
    #expect(names == (try Folder.list(scratch.path + "/3")))
    #expect(names.contains("data_0.idx") && !names.contains(".lock") && !names.contains("part"))
    for name in names { #expect(scratch.bytes("1/\(name)") == scratch.bytes("3/\(name)")) }
    let result = try TokenShards(folder: scratch.path + "/1")
    #expect(result.count == shards.count)
    let expected = try #require(fixture.cases.first { $0.bos && $0.maximumLength == 1025 })
    let newEnd = settings.newEndOfText
    let unwritten = try ConvertedChunks(shards: shards, from: old, to: new, settings: settings)
    for chunk in 0..<result.count {
      let tokens = try result.tokens(of: chunk)
      #expect(unwritten.length(of: chunk) == tokens.count)
      #expect(unwritten.documents(of: chunk) == result.documents(of: chunk))
      #expect(tokens == expected.converted[chunk])
      #expect(result.sources[result.source(of: chunk)] == ["a", "b"][chunk % 2])
      let pieces = result.documents(of: chunk)
      #expect(pieces.first == ChunkPiece(document: Int64(2 * chunk), tokenStart: 0))
      if pieces.count > 1 {
        #expect(pieces[1].document == Int64(2 * chunk + 1))
        #expect(tokens[Int(pieces[1].tokenStart) - 1] == newEnd)
      }
    }
    // It is there now: nothing is done again, and other settings do not replace it.
    let again = try conversion.run(into: scratch.path + "/1", threads: 1)
    #expect(again.restored == shards.count)
    let other = try ShardConversion(
      shards: shards, from: old, to: old, settings: .init(from: old, to: old), chunksPerShard: 70)
    let failure = try corpusError { _ = try other.run(into: scratch.path + "/1", threads: 1) }
    #expect(
      failure
        == .occupied(
          folder: scratch.path + "/1",
          found: "a conversion of other shards, by other tokenizers or with other settings"))
  }

  @Test("A conversion that is stopped or killed goes on from its last state, to the same bytes")
  func resume() throws {
    let fixture = try ConversionFixture.load()
    let old = try ConversionFixture.tokenizer(fixture.from)
    let new = try ConversionFixture.tokenizer("falcon")
    let scratch = try ScratchFolder()
    let shards = try fixture.write(
      to: scratch.path + "/old", chunksPerShard: 1000, end: try #require(old.endOfTextID))
    var conversion = try ShardConversion(
      shards: shards, from: old, to: new, settings: .init(from: old, to: new), chunksPerShard: 60)
    conversion.blockSize = 7
    _ = try conversion.run(into: scratch.path + "/whole", threads: 2)
    let stopped = try corpusError {
      _ = try conversion.run(into: scratch.path + "/cut", threads: 2) { $0.chunksDone < 130 }
    }
    #expect(stopped == .cancelled)
    #expect(!Folder.exists(scratch.path + "/cut"))
    // What a kill would leave between any two blocks: the folder as it is on disk then.
    var snapshots = 0
    for interval in [Duration.zero, .milliseconds(2)] {
      conversion.stateInterval = interval
      _ = try conversion.run(into: scratch.path + "/live\(interval)", threads: 1) { _ in
        try? FileManager.default.copyItem(
          atPath: scratch.path + "/live\(interval).converting",
          toPath: scratch.path + "/snap\(snapshots).converting")
        snapshots += 1
        return true
      }
    }
    #expect(snapshots > 30)
    let names = try Folder.list(scratch.path + "/whole")
    var restored: Set<Int> = []
    for folder in ["cut"] + (0..<snapshots).map({ "snap\($0)" }) {
      let done = try conversion.run(into: scratch.path + "/" + folder, threads: 2)
      restored.insert(done.restored)
      #expect(try Folder.list(scratch.path + "/" + folder) == names)
      let same = names.allSatisfy {
        scratch.bytes("whole/\($0)") == scratch.bytes("\(folder)/\($0)")
      }
      #expect(same, "\(folder)")
    }
    #expect(restored.count > 10 && restored.contains(133))
  }

  @Test("A folder that holds something else is left alone")
  func foreignFolder() throws {
    let fixture = try ConversionFixture.load()
    let old = try ConversionFixture.tokenizer(fixture.from)
    let scratch = try ScratchFolder()
    let shards = try fixture.write(
      to: scratch.path + "/old", chunksPerShard: 1000, end: try #require(old.endOfTextID))
    let conversion = try ShardConversion(
      shards: shards, from: old, to: old, settings: .init(from: old, to: old))
    try scratch.write("mine", to: "out.converting/notes.txt")
    let error = try corpusError { _ = try conversion.run(into: scratch.path + "/out", threads: 1) }
    #expect(error == .occupied(folder: scratch.path + "/out.converting", found: "notes.txt"))
    #expect(scratch.bytes("out.converting/notes.txt") == Array("mine".utf8))
  }
}

@Suite("Blocks in order")
struct OrderedBlocksTests {
  @Test("Results come in order whatever the threads do", arguments: [1, 2, 7])
  func order(threads: Int) throws {
    var seen: [Int] = []
    let isComplete = try OrderedBlocks.run(count: 200, threads: threads) {
      0
    } produce: { made, block in
      made += 1
      if block % 13 == 0 { Thread.sleep(forTimeInterval: 0.001) }
      return block * block
    } consume: { block, value in
      seen.append(value)
      return block < 150
    }
    #expect(!isComplete)
    #expect(seen == (0...150).map { $0 * $0 })
  }

  @Test("The error of the lowest block that fails is thrown")
  func failure() throws {
    var taken = 0
    let error = try corpusError {
      _ = try OrderedBlocks.run(count: 50, threads: 4) {
      } produce: { _, block in
        if block >= 20 { throw CorpusError.noSuchChunk(index: block, count: 0) }
      } consume: { _, _ in
        taken += 1
        return true
      }
    }
    #expect(error == .noSuchChunk(index: 20, count: 0))
    #expect(taken == 20)
  }

  @Test("Shards that change meanwhile give nothing, and no state to go on from")
  func changedShards() throws {
    let fixture = try ConversionFixture.load()
    let old = try ConversionFixture.tokenizer(fixture.from)
    let scratch = try ScratchFolder()
    let shards = try fixture.write(
      to: scratch.path + "/old", chunksPerShard: 1000, end: try #require(old.endOfTextID))
    var conversion = try ShardConversion(
      shards: shards, from: old, to: old, settings: .init(from: old, to: old))
    conversion.stateInterval = .zero
    usleep(30_000)
    let error = try corpusError {
      _ = try conversion.run(into: scratch.path + "/out", threads: 1) { _ in
        utimensat(AT_FDCWD, scratch.path + "/old/data_0.idx", nil, 0)
        return true
      }
    }
    guard case .changedWhileRead? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!Folder.exists(scratch.path + "/out"))
    #expect(!Folder.exists(scratch.path + "/out.converting/state.json"))
    // Now that nobody writes to them any more.
    let again = try ShardConversion(
      shards: TokenShards(folder: scratch.path + "/old"), from: old, to: old,
      settings: .init(from: old, to: old))
    #expect(try again.run(into: scratch.path + "/out", threads: 1).restored == 0)
  }
}
