import Corpus
import Store
import Testing

@Suite("Broken and hostile shards")
struct HostileShardTests {
  /// A sound pair of files of two chunks, to be broken.
  static func sound() throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    try ShardFormatTests.write([[1, 2, 3], [4, 5]], to: scratch.path, vocabularySize: 100_000)
    return scratch
  }

  static func failure(_ scratch: ScratchFolder) throws -> CorpusError? {
    try corpusError { try TokenShards(folder: scratch.path).verify() }
  }

  /// Opens the corpus after `patch` was put at `offset` of the index.
  static func failure(index patch: [UInt8], at offset: Int) throws -> CorpusError? {
    let scratch = try sound()
    var bytes = scratch.bytes("data_0.idx")
    bytes.replaceSubrange(offset..<offset + patch.count, with: patch)
    try scratch.write(bytes, to: "data_0.idx")
    return try failure(scratch)
  }

  static func isMalformed(_ error: CorpusError?) -> Bool {
    if case .malformedShard = error { true } else { false }
  }

  @Test("An index cut anywhere is refused", arguments: [0, 1, 8, 17, 33, 34, 41, 57, 65])
  func truncatedIndex(length: Int) throws {
    let scratch = try Self.sound()
    try scratch.write(scratch.bytes("data_0.idx").prefix(length), to: "data_0.idx")
    #expect(Self.isMalformed(try Self.failure(scratch)))
  }

  @Test("Bytes behind the index are refused")
  func overlongIndex() throws {
    let scratch = try Self.sound()
    try scratch.write(scratch.bytes("data_0.idx") + [0], to: "data_0.idx")
    #expect(Self.isMalformed(try Self.failure(scratch)))
  }

  @Test("A .bin file that is too short is refused")
  func truncatedBin() throws {
    let scratch = try Self.sound()
    try scratch.write(scratch.bytes("data_0.bin").dropLast(), to: "data_0.bin")
    #expect(Self.isMalformed(try Self.failure(scratch)))
  }

  @Test(
    "Wrong header fields are refused",
    arguments: [
      (0, [0x4E]), (8, [1]), (9, [2]), (17, [0]), (17, [6]), (17, [7]), (17, [11]), (17, [255]),
      (18, [3]), (18, [1]), (26, [2]), (26, [0]),
      (18, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
      // 12 times this count overflows 64 bits to the right file size.
      (18, [0x02, 0, 0, 0, 0, 0, 0, 0x40]),
      (26, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
    ] as [(Int, [UInt8])])
  func wrongHeader(offset: Int, patch: [UInt8]) throws {
    #expect(Self.isMalformed(try Self.failure(index: patch, at: offset)))
  }

  @Test(
    "Sizes and pointers outside the .bin file are refused",
    arguments: [
      (34, [0xFF, 0xFF, 0xFF, 0xFF]), (34, [0xFF, 0xFF, 0xFF, 0x7F]), (38, [3, 0, 0, 0]),
      (50, [13]), (50, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
      (50, [0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
    ] as [(Int, [UInt8])])
  func wrongPlaces(offset: Int, patch: [UInt8]) throws {
    #expect(Self.isMalformed(try Self.failure(index: patch, at: offset)))
  }

  @Test("Chunks may overlap and stand in any order, as the format allows")
  func overlapping() throws {
    let scratch = try Self.sound()
    var bytes = scratch.bytes("data_0.idx")
    (bytes[42], bytes[50]) = (8, 4)
    try scratch.write(bytes, to: "data_0.idx")
    let shards = try TokenShards(folder: scratch.path)
    #expect(try shards.tokens(of: 0) == [3, 4, 5])
    #expect(try shards.tokens(of: 1) == [2, 3])
  }

  @Test("A gap in the numbers is named")
  func gap() throws {
    let scratch = try Self.sound()
    for suffix in ["bin", "idx"] {
      try scratch.write(scratch.bytes("data_0.\(suffix)"), to: "data_2.\(suffix)")
    }
    #expect(
      try Self.failure(scratch) == .missingShard(folder: scratch.path, missing: 1, found: 2))
  }

  @Test("An empty .bin behind the last pair is ignored: the published builder leaves it there")
  func loneBin() throws {
    let scratch = try Self.sound()
    try scratch.write([], to: "data_1.bin")
    #expect(try TokenShards(folder: scratch.path).count == 2)
  }

  @Test("Half a pair is a download that was cut, and says so", arguments: ["bin", "idx"])
  func halfShard(present: String) throws {
    let scratch = try Self.sound()
    try scratch.write(scratch.bytes("data_0.\(present)"), to: "data_1.\(present)")
    let missing = present == "bin" ? "idx" : "bin"
    #expect(
      try Self.failure(scratch)
        == .halfShard(
          folder: scratch.path, present: "data_1.\(present)", missing: "data_1.\(missing)"))
    // The whole part can be named.
    #expect(try TokenShards(folder: scratch.path + "/data_0-0").count == 2)
  }

  @Test("A broken entry is met where it is read, and other chunks stay readable")
  func brokenEntry() throws {
    let scratch = try Self.sound()
    var index = scratch.bytes("data_0.idx")
    index.replaceSubrange(34..<38, with: [0xFF, 0xFF, 0xFF, 0xFF])
    try scratch.write(index, to: "data_0.idx")
    let shards = try TokenShards(folder: scratch.path)
    #expect(shards.length(of: 0) == 0)
    #expect(Self.isMalformed(try corpusError { _ = try shards.tokens(of: 0) }))
    #expect(try shards.tokens(of: 1) == [4, 5])
    #expect(shards.tokenCount == 5)
  }

  @Test("A folder without shards says so")
  func empty() throws {
    let scratch = try ScratchFolder()
    #expect(try Self.failure(scratch) == .noShards(folder: scratch.path))
  }

  @Test("Every integer type reads; negative ids are refused where they are met")
  func elementTypes() throws {
    let cases: [(code: UInt8, bin: [UInt8], width: UInt8)] = [
      (1, [1, 200, 3, 4, 5], 1), (2, [1, 127, 3, 4, 0xFF], 1),
      (3, [1, 0, 0, 1, 3, 0, 4, 0, 0xFF, 0xFF], 2),
      (
        5, [1, 2, 3, 4, 255].flatMap { [$0, 0, 0, 0, 0, 0, 0, $0 == 255 ? 255 : 0] as [UInt8] }, 8
      ),
    ]
    for (code, bin, width) in cases {
      let scratch = try Self.sound()
      var index = scratch.bytes("data_0.idx")
      index[17] = code
      index[50] = 3 * width
      try scratch.write(index, to: "data_0.idx")
      try scratch.write(bin, to: "data_0.bin")
      let shards = try TokenShards(folder: scratch.path)
      let first = try shards.tokens(of: 0)
      #expect(first[0] == 1 && first[2] == 3)
      let last = try corpusError { _ = try shards.tokens(of: 1) }
      if code == 1 {
        #expect(last == nil)
      } else {
        guard case .tokenOutOfRange = last else {
          Issue.record("type \(code) accepted a negative token")
          continue
        }
      }
    }
  }

  @Test("Labels that do not fit the index are refused")
  func wrongLabels() throws {
    let good: [String: Column] = [
      "source": .uint16([0, 0]), "document_start": .int64([0, 1, 2]), "document": .int64([7, 8]),
      "token_start": .int32([0, 0]),
    ]
    let bad: [(String, Column?)] = [
      ("source", .uint16([0, 1])), ("source", .uint16([0])), ("source", .int32([0, 0])),
      ("document_start", .int64([0, 2, 1])), ("document_start", .int64([0, 1, 3])),
      ("document_start", .int64([1, 1, 2])), ("document_start", .int64([-1, 1, 2])),
      ("document_start", nil), ("document", .int64([7])), ("token_start", .int32([0])),
    ]
    let scratch = try Self.sound()
    let path = scratch.path + "/data_0.chunks.safetensors"
    let metadata = ["sources": "[\"prose\"]"]
    try Self.write(good, metadata, to: path)
    #expect(try TokenShards(folder: scratch.path).documents(of: 1).map(\.document) == [8])
    for (name, column) in bad {
      var columns = good
      columns[name] = column
      try Self.write(columns, metadata, to: path)
      #expect(try Self.failure(scratch) != nil, "\(name) \(String(describing: column))")
    }
    for sources in ["", "[]", "{}", "[1]"] {
      try Self.write(good, ["sources": sources], to: path)
      #expect(try Self.failure(scratch) != nil, "sources \(sources)")
    }
  }

  /// A column of any type, right or wrong.
  private enum Column {
    case uint16([UInt16])
    case int32([Int32])
    case int64([Int64])
  }

  private static func write(
    _ columns: [String: Column], _ metadata: [String: String], to path: String
  ) throws {
    let columns = columns.sorted { $0.key < $1.key }
    var writer = try SafetensorsWriter(
      replacing: path,
      tensors: columns.map { name, column in
        switch column {
        case .uint16(let values): .init(name: name, type: .u16, shape: [values.count])
        case .int32(let values): .init(name: name, type: .i32, shape: [values.count])
        case .int64(let values): .init(name: name, type: .i64, shape: [values.count])
        }
      }, metadata: metadata)
    for (_, column) in columns {
      switch column {
      case .uint16(let values): try writer.write(values)
      case .int32(let values): try writer.write(values)
      case .int64(let values): try writer.write(values)
      }
    }
    try writer.commit()
  }
}
