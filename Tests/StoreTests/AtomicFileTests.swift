import Foundation
import Store
import Testing

@Suite struct AtomicFileTests {
  let folder = NSTemporaryDirectory() + "miniplm-store-\(UUID().uuidString)"

  init() throws { try Folder.make(folder) }

  @Test func aFailedWriteLeavesTheOldContentAndNoTemporaryFile() throws {
    let path = folder + "/a.txt"
    try AtomicFile.write(text: "old", to: path)
    #expect(throws: StoreError.self) {
      try AtomicFile.write(to: path) { (writer) throws(StoreError) in
        try writer.write(text: "half of the new cont")
        throw StoreError.malformed(path: path, found: "a fault", expected: "none")
      }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try Folder.list(folder) == ["a.txt"])
  }

  @Test func aLargeFileArrivesWhole() throws {
    let path = folder + "/large"
    let bytes = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try AtomicFile.write(bytes, to: path)
    #expect(FileManager.default.contents(atPath: path) == Data(bytes))
    #expect(try Digest.sha256(file: path) == Digest.sha256(bytes))
  }

  @Test func digestIsThePublishedOne() throws {
    #expect(
      try Digest.sha256("abc".utf8)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func aTornLogLineIsDropped() throws {
    let path = folder + "/log.jsonl"
    let first = try JSONLinesLog(appendingTo: path)
    try first.append(["step": 1])
    try first.append(["step": 2])
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"step\": 3".utf8))
    try handle.close()
    #expect(try JSONLinesLog.read([String: Int].self, from: path) == [["step": 1], ["step": 2]])
    let second = try JSONLinesLog(appendingTo: path)
    try second.append(["step": 3])
    #expect(try JSONLinesLog.read([String: Int].self, from: path).count == 3)
  }
}
