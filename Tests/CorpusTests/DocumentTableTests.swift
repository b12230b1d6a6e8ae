import Corpus
import Foundation
import Store
import Testing

@Suite("Where documents came from, and where they are")
struct DocumentTableTests {
  /// A packed corpus of the inputs of the pipeline tests.
  static func build(
    _ scratch: ScratchFolder, _ name: String, shuffle: ShardShuffle = .numpy(5),
    inputs: [String]? = nil
  ) throws -> (inputs: [String], settings: CorpusSettings) {
    let inputs = try inputs ?? CorpusPipelineTests.inputs(scratch)
    let settings = CorpusPipelineTests.settings(shuffle)
    _ = try CorpusBuilder(
      inputs: inputs, settings: settings, tokenizer: ByteTokenizer(),
      options: CorpusPipelineTests.options(threads: 3)
    ).build(into: scratch.path + "/" + name)
    return (inputs, settings)
  }

  /// Whether every shard has the chunks of its documents beside it.
  static func isIndexed(_ shards: TokenShards) -> Bool {
    shards.shardPaths.allSatisfy { Folder.exists($0 + ".documents.safetensors") }
  }

  static func table(_ scratch: ScratchFolder, _ name: String) throws -> DocumentTable {
    try #require(try DocumentTable.find(in: scratch.path + "/" + name))
  }

  @Test(
    "Every row names its document: file, place, length, tokens, fingerprint, source, text",
    arguments: [ShardShuffle.none, .numpy(5)])
  func rows(shuffle: ShardShuffle) throws {
    let scratch = try ScratchFolder()
    let (inputs, settings) = try Self.build(scratch, "out", shuffle: shuffle)
    let table = try Self.table(scratch, "out")
    let shards = try TokenShards(folder: scratch.path + "/out")
    let all = try documents(CorpusReader(inputs: inputs, options: settings.reader))
    #expect(table.count == all.count && all.count > 200)
    #expect(try Folder.list(scratch.path + "/out").count { $0.hasPrefix("documents_") } > 3)
    #expect(Self.isIndexed(shards) && shards.keepsTextOrder)
    for document in all.reversed() {
      let record = try table.record(of: document.id)
      #expect(record.source == document.source && record.bytes == document.text.count)
      #expect(record.tokens == document.text.count + 1)
      #expect(record.fingerprint == document.text.withUnsafeBytes { Fingerprint.hash64($0) })
      #expect(try table.text(of: record) == document.text)
      let content = try #require(FileManager.default.contents(atPath: record.file))
      if record.line > 0 {
        let lines = content[..<record.offset].count { $0 == 0x0A }
        #expect(record.line == lines + 1)
      } else {
        #expect(record.offset == 0 && record.file.hasSuffix(".txt"))
      }
      let places = shards.places(ofDocument: document.id)
      #expect(try shards.tokens(of: places) == document.text.map { Int32($0) } + [256])
      for place in places {
        #expect(shards.documents(of: place.chunk).contains { $0.document == document.id })
      }
    }
    for wrong in [-1, Int64(all.count)] {
      let error = try corpusError { _ = try table.record(of: wrong) }
      #expect(error == .noSuchDocument(id: wrong, count: all.count))
      #expect(shards.places(ofDocument: wrong).isEmpty)
    }
  }

  @Test("Without the index of documents the labels are read, with the same answer")
  func scanning() throws {
    let scratch = try ScratchFolder()
    _ = try Self.build(scratch, "out", shuffle: .none)
    let indexed = try TokenShards(folder: scratch.path + "/out")
    for shard in indexed.shardPaths { try Folder.remove(shard + ".documents.safetensors") }
    let plain = try TokenShards(folder: scratch.path + "/out")
    #expect(!Self.isIndexed(plain))
    for document in 0..<Int64(try Self.table(scratch, "out").count) {
      #expect(plain.places(ofDocument: document) == indexed.places(ofDocument: document))
    }
  }

  @Test("Texts of compressed files come from their start, up to a limit; changed files are noticed")
  func files() throws {
    let scratch = try ScratchFolder()
    var writer = try JSONLinesWriter(replacing: scratch.path + "/a.jsonl.zst")
    for number in 0..<200 {
      try writer.append(text: Array("Text \(number) \"é\"\n.".utf8), meta: [])
    }
    try writer.commit()
    let plain = try scratch.write(
      "\u{FEFF}One. Two. " + String(repeating: "x", count: 99), to: "t.txt")
    _ = try Self.build(scratch, "out", inputs: [scratch.path + "/a.jsonl.zst", plain])
    let table = try Self.table(scratch, "out")
    let record = try table.record(of: 150)
    #expect(record.line == 151)
    #expect(try table.text(of: record) == Array("Text 150 \"é\"\n.".utf8))
    #expect(try table.text(of: record, limit: record.offset) == nil)
    let text = try table.record(of: 200)
    #expect(text.line == 0 && text.bytes == 109)
    #expect(try table.text(of: text)?.count == 109)
    try scratch.write("One. Two! " + String(repeating: "x", count: 99), to: "t.txt")
    guard case .changedInput(let path, _, _) = try corpusError({ _ = try table.text(of: text) })
    else {
      Issue.record("a changed file was taken")
      return
    }
    #expect(path == plain)
  }

  @Test("Parts and conversions of a corpus keep its table and find their documents")
  func derived() throws {
    let scratch = try ScratchFolder()
    _ = try Self.build(scratch, "out")
    let shards = try TokenShards(folder: scratch.path + "/out")
    let table = try Self.table(scratch, "out")
    for (number, rule) in [ReserveRule.tail, .random(seed: 4)].enumerated() {
      let folders = (scratch.path + "/ref\(number)", scratch.path + "/rest\(number)")
      _ = try ReserveSplit(shards, tokens: shards.tokenCount / 3, rule: rule)
        .write(reference: folders.0, rest: folders.1, threads: 1)
      let sides = [try TokenShards(folder: folders.0), try TokenShards(folder: folders.1)]
      for side in sides { #expect(Self.isIndexed(side)) }
      for document in stride(from: Int64(0), to: Int64(table.count), by: 7) {
        var found: [[Int32]] = []
        for side in sides {
          for place in side.places(ofDocument: document) {
            found.append(try side.tokens(of: [place]))
          }
        }
        let all = try shards.places(ofDocument: document).map { try shards.tokens(of: [$0]) }
        if rule == .tail {
          let same = Set(found) == Set(all) && found.count == all.count
          #expect(same, "document \(document)")
        } else {
          #expect(found.allSatisfy { all.contains($0) })
        }
        let copied = try Self.table(scratch, "rest\(number)").record(of: document)
        #expect(try copied == table.record(of: document))
      }
    }
  }
}
