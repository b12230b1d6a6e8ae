import Foundation
import Store
import Testing

@Suite struct RecordLogTests {
  let folder = NSTemporaryDirectory() + "miniplm-records-\(UUID().uuidString)"

  init() throws { try Folder.make(folder) }

  /// RFC 3720, appendix B.4, and the check value of the catalogue of checksums.
  @Test func checksumsAreThePublishedOnes() {
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum([]) == 0)
  }

  @Test func recordsComeBackAndACutOneIsLeftOut() throws {
    let path = folder + "/records"
    let records = [[], [1], (0..<300).map { UInt8(truncatingIfNeeded: $0) }]
    let log = try RecordLog(creating: path)
    for record in records { try log.append(record) }
    try log.sync()
    #expect(try RecordLog.read(path) == records)
    let whole = try #require(FileManager.default.contents(atPath: path))
    for missing in [1, 4, 200, 315] {
      try whole.dropLast(missing).write(to: URL(fileURLWithPath: path))
      #expect(try RecordLog.read(path) == Array(records.dropLast()))
    }
  }

  @Test(arguments: [0, 9, 20]) func aFlippedBitIsFound(offset: Int) throws {
    let path = folder + "/flipped-\(offset)"
    let log = try RecordLog(creating: path)
    try log.append(Array("sixteen letters.".utf8))
    var bytes = try #require(FileManager.default.contents(atPath: path))
    bytes[offset] ^= 4
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.self) { try RecordLog.read(path) }
  }

  @Test func nothingIsOverwritten() throws {
    let path = folder + "/there"
    try AtomicFile.write(text: "x", to: path)
    #expect(throws: StoreError.self) { try RecordLog(creating: path) }
  }
}
