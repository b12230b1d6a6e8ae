import Foundation
import Store
import Testing

@Suite struct ColumnTableTests {
  let folder = NSTemporaryDirectory() + "miniplm-table-\(UUID().uuidString)"
  var path: String { folder + "/t.safetensors" }

  init() throws { try Folder.make(folder) }

  static let table = ColumnTable(
    columns: [
      "score": .float32([1.5, -.infinity, .pi]), "id": .int64([Int64.min, 7]),
      "small": .uint16([0, 65_535, 3]), "count": .int32([]), "n\"é": .int32([-1]),
    ],
    metadata: ["sources": "[\"a\"]", "quote": "\"\n"])

  /// A file with this header and `dataCount` bytes of data.
  func write(header: String, dataCount: Int, length: UInt64? = nil) throws {
    let length = length ?? UInt64(header.utf8.count)
    let bytes =
      withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array(header.utf8)
      + Array(repeating: 0, count: dataCount)
    try AtomicFile.write(bytes, to: path)
  }

  func failure() -> StoreError? {
    do throws(StoreError) {
      _ = try ColumnTableFile(path: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func aTableReadsBackAsWritten() throws {
    try Self.table.write(to: path)
    let file = try ColumnTableFile(path: path)
    #expect(try file.table() == Self.table)
    #expect(file.names == ["count", "id", "n\"é", "score", "small"])
    #expect(file.column("small")?.count == 3)
    #expect(file.column("none") == nil)
    let first = try Digest.sha256(file: path)
    try Self.table.write(to: path)
    #expect(try Digest.sha256(file: path) == first)
  }

  @Test func dataStartAtAMultipleOf64AndColumnsAtTheirWidth() throws {
    try Self.table.write(to: path)
    let bytes = try #require(FileManager.default.contents(atPath: path))
    let length = bytes[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    #expect((8 + length) % 64 == 0)
    let file = try MappedFile(path: path)
    let table = try ColumnTableFile(path: path)
    let base = try #require(file.bytes.baseAddress)
    #expect(try table.bytes("id", as: .int64).count == 16)
    #expect(Int(bitPattern: base) % 64 == 0)
    #expect(bytes.count == 8 + length + 3 * 4 + 2 * 8 + 3 * 2 + 4)
  }

  @Test func anEmptyTableIsAFile() throws {
    try ColumnTable().write(to: path)
    #expect(try ColumnTableFile(path: path).table() == ColumnTable())
  }

  @Test func aMissingColumnAndAWrongTypeAreNamed() throws {
    try Self.table.write(to: path)
    let file = try ColumnTableFile(path: path)
    #expect(throws: StoreError.self) { try file.float32("none") }
    do {
      _ = try file.float32("id")
      Issue.record("an I64 column was read as F32")
    } catch {
      #expect(error.message.contains("column id of I64") && error.message.contains("F32"))
    }
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    try Self.table.write(to: path)
    let whole = try #require(FileManager.default.contents(atPath: path))
    for length in [0, 7, 8, 9, 60, whole.count - 20, whole.count - 1] {
      try AtomicFile.write(whole.prefix(length), to: path)
      #expect(failure() != nil, "\(length) bytes")
    }
    try AtomicFile.write(Array(whole) + [0], to: path)
    #expect(failure() != nil)
  }

  @Test(arguments: [
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2]}}"#,
    #"{"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":"text"}"#, #"{"a":{"b":"c"}}"#, "[]", "{", "null",
  ]) func aHostileHeaderIsRefused(header: String) throws {
    try write(header: header, dataCount: 8)
    guard case .malformed = failure() else {
      Issue.record("\(header) gave \(String(describing: failure()))")
      return
    }
  }

  @Test(arguments: [0, 1, 1000, UInt64.max, UInt64(Int.max), 1 << 40])
  func aHostileHeaderLengthIsRefused(length: UInt64) throws {
    try write(header: "{}", dataCount: 8, length: length)
    #expect(failure() != nil)
  }
}
