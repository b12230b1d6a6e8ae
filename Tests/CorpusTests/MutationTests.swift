import Corpus
import Foundation
import Numerics
import Store
import Testing

/// Damages the bytes of inputs at random, always alike for one seed. `MUTATIONS` in the environment
/// of the tests asks for more rounds.
@Suite("Readers take any bytes")
struct MutationTests {
  static let rounds = ProcessInfo.processInfo.environment["MUTATIONS"].flatMap(Int.init) ?? 250

  static func mutate(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random.index(below: 4) {
      guard !bytes.isEmpty else { return [UInt8(random.index(below: 256))] }
      let place = random.index(below: bytes.count)
      switch random.index(below: 8) {
      case 0: bytes[place] ^= 1 << UInt8(random.index(below: 8))
      case 1: bytes[place] = UInt8(random.index(below: 256))
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.index(below: 40)))
      case 3: bytes.removeSubrange(place...)
      case 4:
        let end = min(bytes.count, place + 1 + random.index(below: 200))
        bytes.insert(contentsOf: bytes[place..<end], at: random.index(below: bytes.count))
      case 5:
        let odd: [[UInt8]] = [
          Array("\\ud800".utf8), [0xFF], [0xC3], [0], Array("\n".utf8), Array("\"".utf8),
          Array("}{".utf8), Array("[[[[".utf8), Array("NaN".utf8), [0xEF, 0xBB, 0xBF],
          Array("\r".utf8), Array("1e999".utf8), Array("\\".utf8),
        ]
        bytes.insert(contentsOf: odd[random.index(below: odd.count)], at: place)
      case 6: bytes.insert(contentsOf: repeatElement(bytes[place], count: 3000), at: place)
      default: bytes.swapAt(place, random.index(below: bytes.count))
      }
    }
    return bytes
  }

  /// What the plain reader and the pipeline make of `path`; both must agree.
  static func compare(_ path: String, _ scratch: ScratchFolder, round: Int) throws {
    var settings = CorpusSettings()
    settings.packing.maximumLength = 17
    settings.packing.emitsRemainders = true
    settings.reader.longestDocument = 2500
    let log = try RejectLog(path: scratch.path + "/rejects.jsonl")
    var count = 0
    let plain = try corpusError {
      count = try documents(
        CorpusReader(inputs: [path], options: settings.reader, rejects: log)
      ).count
    }
    let out = scratch.path + "/out"
    var options = PipelineOptions(threads: 1 + round % 3)
    options.slabSize = 300 + 100 * (round % 5)
    var manifest: CorpusManifest?
    let built = try corpusError {
      manifest = try CorpusBuilder(
        inputs: [path], settings: settings, tokenizer: ByteTokenizer(), options: options
      ).build(into: out)
    }
    if let manifest {
      #expect(plain == nil && manifest.documents == count, "round \(round)")
      let rejected = Dictionary(
        uniqueKeysWithValues: log.counts.map { ($0.key.rawValue, $0.value) })
      #expect(manifest.rejected == rejected, "round \(round)")
      let shards = try TokenShards(folder: out)
      #expect(shards.tokenCount == manifest.tokens)
    } else if case .emptyCorpus = built {
      #expect(count == 0, "round \(round)")
    } else if plain == nil {
      #expect(built != nil, "round \(round)")
    }
    try Folder.remove(out)
    try Folder.remove(out + ".building")
  }

  static func content() -> String {
    var random = RandomSource(seed: 1)
    return (0..<40).map { number in
      CorpusReaderTests.line(
        "Text \(number). \\u00e9\\n \\ud83d\\ude00 "
          + String(repeating: "ab. ", count: random.index(below: 100)))
    }.joined()
  }

  @Test("Damaged JSON lines, the same through both readers")
  func jsonLines() async {
    await #expect(processExitsWith: .success) { try MutationTests.damageJSONLines() }
  }

  static func damageJSONLines() throws {
    let scratch = try ScratchFolder()
    var random = RandomSource(seed: 11)
    let good = Array(Self.content().utf8)
    for round in 0..<Self.rounds {
      let path = scratch.path + "/a.jsonl"
      try Self.overwrite(Self.mutate(good, &random), path)
      try Self.compare(path, scratch, round: round)
    }
    try #require(peakMemory < memoryLimit)
  }

  @Test("Damaged zstd files, the same through both readers")
  func damagedZstd() async {
    await #expect(processExitsWith: .success) { try MutationTests.damageCompressed("zst") }
  }

  @Test("Damaged gzip files, the same through both readers")
  func damagedGzip() async {
    await #expect(processExitsWith: .success) { try MutationTests.damageCompressed("gz") }
  }

  static func damageCompressed(_ suffix: String) throws {
    let scratch = try ScratchFolder()
    var random = RandomSource(seed: 12)
    var writer = try JSONLinesWriter(replacing: scratch.path + "/good.zst")
    for number in 0..<60 {
      try writer.append(
        text: Array("Document \(number), some words. \(number &* 7919)".utf8),
        meta: [("pile_set_name", "s\(number % 3)")])
    }
    try writer.commit()
    let good = suffix == "zst" ? scratch.bytes("good.zst") : try Self.gzip(Self.content())
    for round in 0..<Self.rounds {
      let path = scratch.path + "/a.jsonl.\(suffix)"
      try Self.overwrite(Self.mutate(good, &random), path)
      try Self.compare(path, scratch, round: round)
    }
    try #require(peakMemory < memoryLimit)
  }

  /// A gzip member of stored blocks, so that the tests need no compressor.
  static func gzip(_ text: String) throws -> [UInt8] {
    let content = Array(text.utf8)
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var start = 0
    while start < content.count {
      let part = content[start..<min(content.count, start + 1000)]
      start = part.endIndex
      let size = UInt16(part.count)
      bytes.append(start == content.count ? 1 : 0)
      for value in [size, ~size] { bytes += [UInt8(value & 255), UInt8(value >> 8)] }
      bytes += part
    }
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in content {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
    }
    for value in [~crc, UInt32(content.count)] {
      for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8((value >> shift) & 255)) }
    }
    return bytes
  }

  @Test("Damaged indexes and labels are refused or read within their bounds")
  func shards() async {
    await #expect(processExitsWith: .success) { try MutationTests.damageShards() }
  }

  static func damageShards() throws {
    let scratch = try ScratchFolder()
    try ShardFormatTests.write(
      (0..<30).map { Array(repeating: Int32($0), count: 1 + $0 % 5) }, to: scratch.path + "/good",
      vocabularySize: 300)
    var random = RandomSource(seed: 13)
    let names = ["data_0.idx", "data_0.chunks.safetensors", "data_0.bin"]
    for name in names { try scratch.write(scratch.bytes("good/" + name), to: "bad/" + name) }
    for round in 0..<Self.rounds {
      let name = names[round % 3]
      let good = scratch.bytes("good/" + name)
      try Self.overwrite(Self.mutate(good, &random), scratch.path + "/bad/" + name)
      _ = try corpusError {
        let shards = try TokenShards(folder: scratch.path + "/bad")
        try shards.verifyLayout()
        for chunk in 0..<min(shards.count, 1000) {
          _ = try shards.tokens(of: chunk)
          _ = shards.source(of: chunk)
          _ = shards.documents(of: chunk)
        }
      }
      try Self.overwrite(good, scratch.path + "/bad/" + name)
    }
    try #require(peakMemory < memoryLimit)
  }

  @Test("Damaged document tables are refused or read within their bounds")
  func documentTables() async {
    await #expect(processExitsWith: .success) { try MutationTests.damageDocumentTables() }
  }

  static func damageDocumentTables() throws {
    let scratch = try ScratchFolder()
    _ = try DocumentTableTests.build(scratch, "good")
    let count = try DocumentTableTests.table(scratch, "good").count
    var random = RandomSource(seed: 14)
    let names = try Folder.list(scratch.path + "/good")
    for name in names { try scratch.write(scratch.bytes("good/" + name), to: "bad/" + name) }
    let damaged = ["documents.json", "documents_1.safetensors", "data_0.documents.safetensors"]
    for round in 0..<Self.rounds {
      let name = damaged[round % 3]
      let good = scratch.bytes("good/" + name)
      try Self.overwrite(Self.mutate(good, &random), scratch.path + "/bad/" + name)
      _ = try corpusError {
        let table = try DocumentTable(folder: scratch.path + "/bad")
        let shards = try TokenShards(folder: scratch.path + "/bad")
        for document in stride(from: Int64(30), to: Int64(min(table.count, count)), by: 5) {
          let places = shards.places(ofDocument: document)
          _ = try shards.tokens(of: places)
          _ = try table.text(of: table.record(of: document))
        }
      }
      try Self.overwrite(good, scratch.path + "/bad/" + name)
    }
    try #require(peakMemory < memoryLimit)
  }

  @Test("A damaged state is not gone on from: the bytes are those of a whole run")
  func states() throws {
    let scratch = try ScratchFolder()
    let inputs = try CorpusPipelineTests.inputs(scratch)
    func build(_ name: String, dies: Bool) throws {
      var calls = 0
      _ = try CorpusBuilder(
        inputs: inputs, settings: CorpusPipelineTests.settings(.none), tokenizer: ByteTokenizer(),
        options: CorpusPipelineTests.options(threads: 1, slab: 6000, state: 12_000),
        faults: FaultPoints { _ in
          calls += 1
          return dies && calls == 28
        }
      ).build(into: scratch.path + "/" + name)
    }
    try build("whole", dies: false)
    let whole = try CorpusBuilderTests.content(scratch, "whole")
    _ = try corpusError { try build("half", dies: true) }
    let names = try Folder.list(scratch.path + "/half.building").filter { $0 != ".lock" }
    #expect(names.contains("state.json"))
    var random = RandomSource(seed: 15)
    for round in 0..<Self.rounds / 4 {
      for name in names {
        let bytes = scratch.bytes("half.building/" + name)
        try Folder.make(scratch.path + "/out.building")
        try Self.overwrite(
          name == "state.json" ? Self.mutate(bytes, &random) : bytes,
          scratch.path + "/out.building/" + name)
      }
      try build("out", dies: false)
      let same = try CorpusBuilderTests.content(scratch, "out") == whole
      #expect(same, "round \(round)")
      try Folder.remove(scratch.path + "/out")
      try Folder.remove(scratch.path + "/out.building")
    }
  }

  /// Writes without waiting for the disk, as a hundred thousand rounds need it.
  static func overwrite(_ bytes: [UInt8], _ path: String) throws {
    try #require(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
  }

  /// What a process of its own may take in all: damaged lengths must not become allocations. In the
  /// process of all the tests, others that run at the same time would count as well.
  static let memoryLimit = 1 << 30

  /// Most memory that the process has had, in bytes.
  static var peakMemory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
  }
}
