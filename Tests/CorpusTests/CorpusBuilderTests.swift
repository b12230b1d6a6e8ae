import Corpus
import Foundation
import Store
import Testing

@Suite("Building a tokenized corpus")
struct CorpusBuilderTests {
  static func inputs(_ scratch: ScratchFolder) throws -> [String] {
    let lines = (0..<300).map { number in
      let text = (0..<30).map { "word\($0 &* number % 97)." }.joined(separator: " ")
      return CorpusReaderTests.line(text, source: number % 3 == 0 ? "code" : "prose")
    }
    return [
      try scratch.write(lines.joined() + "broken\n", to: "a.jsonl"),
      try scratch.write("One text. " + String(repeating: "More of it. ", count: 50), to: "b.txt"),
    ]
  }

  static var settings: CorpusSettings {
    var settings = CorpusSettings()
    settings.packing.maximumLength = 129
    settings.shards.chunksPerShard = 100
    settings.shards.shuffle = .seeded(3)
    return settings
  }

  static func content(_ scratch: ScratchFolder, _ folder: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try Folder.list(scratch.path + "/" + folder) {
      files[name] = scratch.bytes(folder + "/" + name)
    }
    return files
  }

  @Test("Inputs become shards, counts and a manifest with digests")
  func build() throws {
    let scratch = try ScratchFolder()
    let inputs = try Self.inputs(scratch)
    let builder = CorpusBuilder(
      inputs: inputs, settings: Self.settings, tokenizer: ByteTokenizer())
    var last = CorpusProgress()
    let manifest = try builder.build(into: scratch.path + "/out") { progress in
      last = progress
      return true
    }
    #expect(manifest.documents == 301)
    #expect(manifest.rejected == ["broken_json": 1])
    #expect(manifest.sources.map(\.name) == ["code", "prose", "b"])
    #expect(manifest.sources.map(\.documents) == [100, 200, 1])
    #expect(try manifest.inputs.map(\.sha256) == inputs.map { try Digest.sha256(file: $0) })
    #expect(manifest.inputs.map(\.documents) == [300, 1])
    #expect(last.bytesRead == last.totalBytes && last.totalBytes > 0)
    #expect(last.documents == 301 && last.chunks == manifest.chunks)
    #expect(try CorpusBuilder.manifest(of: scratch.path + "/out") == manifest)

    let shards = try TokenShards(folder: scratch.path + "/out")
    #expect(shards.count == manifest.chunks)
    #expect(shards.tokenCount == manifest.tokens)
    #expect(shards.shardStarts.count == manifest.shards + 1)
    #expect(shards.longestChunk <= 129)
    #expect(shards.chunkCounts() == manifest.sources.map(\.chunks))
    #expect(!Folder.exists(scratch.path + "/out.building"))
  }

  @Test("Tokens of the chunks are the tokens of their documents, in order")
  func content() throws {
    let scratch = try ScratchFolder()
    let inputs = try Self.inputs(scratch)
    var settings = Self.settings
    settings.packing.emitsRemainders = true
    settings.shards.shuffle = .none
    _ = try CorpusBuilder(inputs: inputs, settings: settings, tokenizer: ByteTokenizer())
      .build(into: scratch.path + "/out")
    let shards = try TokenShards(folder: scratch.path + "/out")
    var found: [Int64: [Int32]] = [:]
    for chunk in 0..<shards.count {
      let tokens = try shards.tokens(of: chunk)
      let pieces = shards.documents(of: chunk)
      for (index, piece) in pieces.enumerated() {
        let end = index + 1 < pieces.count ? Int(pieces[index + 1].tokenStart) : tokens.count
        found[piece.document, default: []] += tokens[Int(piece.tokenStart)..<end]
      }
    }
    for document in try documents(CorpusReader(inputs: inputs)) {
      #expect(found[document.id] == document.text.map { Int32($0) } + [256])
    }
  }

  @Test("After a crash the same call gives the same bytes; a finished corpus is not made again")
  func repeatable() throws {
    let scratch = try ScratchFolder()
    let inputs = try Self.inputs(scratch)
    let builder = CorpusBuilder(
      inputs: inputs, settings: Self.settings, tokenizer: ByteTokenizer())
    _ = try builder.build(into: scratch.path + "/one")
    // What a killed run leaves behind.
    try scratch.write("half", to: "two.building/data_0.bin.tmp-1")
    try scratch.write("half", to: "two.building/data_7.idx")
    let stopped = try corpusError {
      _ = try builder.build(into: scratch.path + "/two") { _ in false }
    }
    #expect(stopped == .cancelled)
    #expect(!Folder.exists(scratch.path + "/two"))
    _ = try builder.build(into: scratch.path + "/two")
    #expect(try Self.content(scratch, "one") == Self.content(scratch, "two"))
    var calls = 0
    _ = try builder.build(into: scratch.path + "/two") { _ in
      calls += 1
      return true
    }
    #expect(calls == 0)
  }

  @Test("Other settings, tokenizers or inputs are not taken for the same corpus")
  func recognition() throws {
    let scratch = try ScratchFolder()
    let inputs = try Self.inputs(scratch)
    let out = scratch.path + "/out"
    func builder(
      _ inputs: [String], _ settings: CorpusSettings, _ tokenizer: ByteTokenizer = ByteTokenizer()
    ) -> CorpusBuilder {
      CorpusBuilder(inputs: inputs, settings: settings, tokenizer: tokenizer)
    }
    let first = try builder(inputs, Self.settings).build(into: out)
    let occupied = CorpusError.occupied(
      folder: out, found: "a corpus of other inputs or settings (--replace makes it anew)")
    var other = Self.settings
    other.packing.maximumLength = 65
    #expect(try corpusError { _ = try builder(inputs, other).build(into: out) } == occupied)
    #expect(
      try corpusError { _ = try builder([inputs[0]], Self.settings).build(into: out) } == occupied)
    var tokenizer = ByteTokenizer()
    tokenizer.identity = "other"
    #expect(
      try corpusError { _ = try builder(inputs, Self.settings, tokenizer).build(into: out) }
        == occupied)
    // The same bytes written again are the same input; other bytes are not.
    try scratch.write(scratch.bytes("b.txt"), to: "b.txt")
    #expect(try builder(inputs, Self.settings).build(into: out) == first)
    var changed = scratch.bytes("b.txt")
    changed[0] = UInt8(ascii: "X")
    try scratch.write(changed, to: "b.txt")
    #expect(try corpusError { _ = try builder(inputs, Self.settings).build(into: out) } == occupied)
    let second = try builder(inputs, Self.settings).build(into: out, replacing: true)
    #expect(second.inputs != first.inputs)
    try scratch.write("mine", to: "full/notes.txt")
    #expect(
      try corpusError {
        _ = try builder(inputs, Self.settings).build(into: scratch.path + "/full")
      } == .occupied(folder: scratch.path + "/full", found: "notes.txt"))
  }

  @Test("Nothing usable, or too little for one chunk, is said so")
  func empty() throws {
    let scratch = try ScratchFolder()
    let none = try scratch.write("broken\n", to: "none.jsonl")
    let little = try scratch.write(CorpusReaderTests.line("abc"), to: "little.jsonl")
    let out = scratch.path + "/out"
    #expect(
      try corpusError {
        _ = try CorpusBuilder(inputs: [none], tokenizer: ByteTokenizer()).build(into: out)
      }
        == .emptyCorpus(
          inputs: [none],
          rejects: [
            RejectSummary(
              reason: .brokenJSON, count: 1,
              first: Reject(
                file: none, offset: 0, line: 1, reason: .brokenJSON, start: "broken", length: 6))
          ]))
    // A refusal leaves nothing to go on from.
    #expect(!Folder.exists(out + ".building"))
    #expect(
      try corpusError {
        _ = try CorpusBuilder(inputs: [little], tokenizer: ByteTokenizer()).build(into: out)
      } == .noChunks(documents: 1, tokens: 4))
    #expect(!Folder.exists(out))
  }
}
