import Corpus
import Foundation
import Numerics
import Store
import Testing

@Suite("Building with several threads, and going on after a crash")
struct CorpusPipelineTests {
  /// Documents of many lengths in two files and a folder of texts, with lines that cannot be used.
  static func inputs(_ scratch: ScratchFolder) throws -> [String] {
    var random = RandomSource(seed: 8)
    func lines(_ count: Int) -> String {
      var text = ""
      for number in 0..<count {
        switch random.index(below: 12) {
        case 0: text += "broken \(number)\n"
        case 1: text += "{\"text\": \"\"}\n"
        case 2: text += "\n"
        default:
          let words = (0..<random.index(below: 60)).map { _ in "w\(random.index(below: 90))." }
          text += CorpusReaderTests.line(
            "d\(number) " + words.joined(separator: " "),
            source: ["code", "prose", "web"][random.index(below: 3)])
        }
      }
      return text
    }
    try scratch.write("One text. " + String(repeating: "More of it. ", count: 300), to: "t/a.txt")
    try scratch.write([0x61, 0xFF], to: "t/bad.txt")
    try scratch.write("", to: "t/empty.txt")
    return [
      try scratch.write(lines(200), to: "a.jsonl"), scratch.path + "/t",
      try scratch.write(lines(150) + "{\"text\": \"no end of line\"}", to: "b.jsonl"),
    ]
  }

  static func settings(_ shuffle: ShardShuffle) -> CorpusSettings {
    var settings = CorpusSettings()
    settings.packing.maximumLength = 65
    settings.packing.emitsRemainders = true
    settings.reader.longestDocument = 6000
    settings.shards.chunksPerShard = 150
    settings.shards.shuffle = shuffle
    return settings
  }

  static func options(threads: Int, slab: Int = 700, state: Int = 4000) -> PipelineOptions {
    var options = PipelineOptions(threads: threads)
    options.slabSize = slab
    options.checkpointBytes = state
    options.documentsPerPart = 40
    return options
  }

  @Test("Bytes do not depend on threads, on the size of slabs, on how often a state is written")
  func threads() throws {
    let scratch = try ScratchFolder()
    let inputs = try Self.inputs(scratch)
    var first: [String: [UInt8]]?
    for (number, options) in [
      Self.options(threads: 1, slab: 1 << 20, state: 1 << 30), Self.options(threads: 1),
      Self.options(threads: 2),
      Self.options(threads: 5, slab: 256, state: 1), Self.options(threads: 3, slab: 5000),
    ].enumerated() {
      let name = "out\(number)"
      let manifest = try CorpusBuilder(
        inputs: inputs, settings: Self.settings(.numpy(1)), tokenizer: ByteTokenizer(),
        options: options
      ).build(into: scratch.path + "/" + name)
      #expect(manifest.rejected["broken_json"] ?? 0 > 10)
      #expect(manifest.rejected["bad_utf8"] == 1)
      #expect(manifest.shards > 3)
      let content = try CorpusBuilderTests.content(scratch, name)
      let different = (first ?? content).keys.filter { content[$0] != (first ?? content)[$0] }
      #expect(different.isEmpty && content.count == (first ?? content).count, "options \(number)")
      first = first ?? content
    }
    // One after the other, by the plain reader.
    let rejects = try JSONLinesLog.read(Reject.self, from: scratch.path + "/out0/rejects.jsonl")
    let log = try RejectLog(path: scratch.path + "/rejects.jsonl")
    let all = try documents(
      CorpusReader(inputs: inputs, options: Self.settings(.none).reader, rejects: log))
    #expect(
      try JSONLinesLog.read(Reject.self, from: scratch.path + "/rejects.jsonl") == rejects)
    let manifest = try #require(try CorpusBuilder.manifest(of: scratch.path + "/out0"))
    #expect(manifest.documents == all.count)
  }

  @Test(
    "Killed at any point, the same call goes on and gives the same bytes",
    arguments: [ShardShuffle.none, .numpy(7)])
  func faults(shuffle: ShardShuffle) throws {
    let scratch = try ScratchFolder()
    let inputs = try Self.inputs(scratch)
    let settings = Self.settings(shuffle)
    var names: [String] = []
    func build(_ folder: String, threads: Int, stopAt stop: Int?) throws {
      var passed = 0
      let faults = FaultPoints { name in
        defer { passed += 1 }
        if stop == nil { names.append(name) }
        return passed == stop
      }
      _ = try CorpusBuilder(
        inputs: inputs, settings: settings, tokenizer: ByteTokenizer(),
        options: Self.options(threads: threads, state: 12_000), faults: faults
      ).build(into: folder)
    }
    try build(scratch.path + "/whole", threads: 1, stopAt: nil)
    let whole = try CorpusBuilderTests.content(scratch, "whole")
    #expect(Set(names).count == 12)
    for stop in names.indices {
      let folder = "k\(stop)"
      let killed = try corpusError {
        try build(scratch.path + "/" + folder, threads: 1 + stop % 3, stopAt: stop)
      }
      #expect(killed != nil)
      // A second death on the way, now and then.
      if stop % 4 == 0 {
        _ = try corpusError { try build(scratch.path + "/" + folder, threads: 1, stopAt: 5) }
      }
      try build(scratch.path + "/" + folder, threads: 2, stopAt: names.count * 2)
      let same = try CorpusBuilderTests.content(scratch, folder) == whole
      #expect(same, "\(names[stop]), \(stop)")
      try Folder.remove(scratch.path + "/" + folder)
    }
  }

  @Test("A build goes on where it was, and does not read again what is done")
  func goesOn() throws {
    let scratch = try ScratchFolder()
    let inputs = try Self.inputs(scratch)
    var calls = 0
    let builder = CorpusBuilder(
      inputs: inputs, settings: Self.settings(.none), tokenizer: ByteTokenizer(),
      options: Self.options(threads: 1, state: 1),
      faults: FaultPoints {
        if $0 == "slab packed" { calls += 1 }
        return calls == 60
      })
    #expect(try corpusError { _ = try builder.build(into: scratch.path + "/out") } != nil)
    calls = 1000
    _ = try builder.build(into: scratch.path + "/out")
    let resumed = calls - 1000
    calls = 1000
    _ = try builder.build(into: scratch.path + "/again")
    #expect(calls - 1000 > resumed + 50)
  }

  @Test("A damaged state is not gone on from; another request starts anew")
  func damagedState() throws {
    let scratch = try ScratchFolder()
    let inputs = try Self.inputs(scratch)
    func builder(_ settings: CorpusSettings, dies: Bool) -> CorpusBuilder {
      var calls = 0
      return CorpusBuilder(
        inputs: inputs, settings: settings, tokenizer: ByteTokenizer(),
        options: Self.options(threads: 1, state: 12_000),
        faults: FaultPoints { _ in
          calls += 1
          return dies && calls == 90
        })
    }
    _ = try builder(Self.settings(.none), dies: false).build(into: scratch.path + "/whole")
    let whole = try CorpusBuilderTests.content(scratch, "whole")
    var random = RandomSource(seed: 3)
    for round in 0..<30 {
      let name = "r\(round)"
      let out = scratch.path + "/" + name
      #expect(
        try corpusError { _ = try builder(Self.settings(.none), dies: true).build(into: out) }
          != nil)
      let path = name + ".building/state.json"
      var state = scratch.bytes(path)
      #expect(!state.isEmpty)
      if round % 3 == 0 { state.removeLast(random.index(below: state.count)) }
      if round % 3 == 1 { state[random.index(below: state.count)] ^= 1 }
      try scratch.write(state, to: path)
      let result = try corpusError {
        _ = try builder(Self.settings(.none), dies: false).build(into: out)
      }
      #expect(result == nil)
      let same = try CorpusBuilderTests.content(scratch, name) == whole
      #expect(same, "round \(round)")
      try Folder.remove(out)
      try Folder.remove(out + ".building")
    }
    let out = scratch.path + "/other"
    _ = try corpusError { _ = try builder(Self.settings(.none), dies: true).build(into: out) }
    var other = Self.settings(.seeded(1))
    other.packing.maximumLength = 33
    let manifest = try builder(other, dies: false).build(into: out)
    #expect(manifest.settings == other)
    #expect(try TokenShards(folder: out).longestChunk <= 33)
  }

  @Test("A line that is too long is named with its length and not kept, wherever it stands")
  func longLines() throws {
    let scratch = try ScratchFolder()
    let long = CorpusReaderTests.line(String(repeating: "x", count: 50_000))
    let good = CorpusReaderTests.line("good")
    let path = try scratch.write(long + good + good + long + long + good + long, to: "a.jsonl")
    var settings = Self.settings(.none)
    settings.packing.maximumLength = 9
    let manifest = try CorpusBuilder(
      inputs: [path], settings: settings, tokenizer: ByteTokenizer(),
      options: Self.options(threads: 2)
    ).build(into: scratch.path + "/out")
    #expect(manifest.documents == 3)
    let rejects = try JSONLinesLog.read(Reject.self, from: scratch.path + "/out/rejects.jsonl")
    let length = long.utf8.count
    #expect(rejects.map(\.reason) == [.tooLong, .tooLong, .tooLong, .tooLong])
    #expect(rejects.map(\.line) == [1, 4, 5, 7])
    #expect(rejects.map(\.length) == Array(repeating: length - 1, count: 4))
    let second = length + 2 * good.utf8.count
    #expect(
      rejects.map(\.offset) == [0, second, second + length, second + 2 * length + good.utf8.count])
  }
}
