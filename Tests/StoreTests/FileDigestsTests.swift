import Foundation
import Store
import Synchronization
import Testing

@Suite struct FileDigestsTests {
  let folder = NSTemporaryDirectory() + "miniplm-digests-\(UUID().uuidString)"
  var cache: String { folder + "/digests.json" }

  init() throws { try Folder.make(folder) }

  private func write(_ text: String, _ name: String = "a.bin") throws -> String {
    let path = folder + "/" + name
    try AtomicFile.write(text: text, to: path)
    return path
  }

  @Test func aDigestIsMadeOnceAndOutlivesTheProcess() throws {
    let path = try write("abc")
    var pieces = 0
    let digests = FileDigests(file: cache)
    #expect(digests.known(path) == nil)
    #expect(digests.unknownBytes([path, folder + "/none"]) == 3)
    let first = try digests.sha256(of: path) { bytes in
      pieces += 1
      return bytes == 3
    }
    #expect(try first == Digest.sha256("abc".utf8))
    #expect(pieces == 1)
    for later in [digests, FileDigests(file: cache)] {
      #expect(later.known(path) == first)
      #expect(later.unknownBytes([path]) == 0)
      let again = try later.sha256(of: path) { _ in
        pieces += 1
        return true
      }
      #expect(again == first)
    }
    #expect(pieces == 1)
  }

  @Test func aChangedFileIsReadAnew() throws {
    let path = try write("abc")
    let digests = FileDigests(file: cache)
    _ = try digests.sha256(of: path)
    // Replaced by a file of the same size, then changed in place.
    _ = try write("abd")
    #expect(digests.known(path) == nil)
    #expect(try digests.sha256(of: path) == Digest.sha256("abd".utf8))
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: Data("xyz".utf8))
    try handle.close()
    #expect(digests.known(path) == nil)
    #expect(try digests.sha256(of: path) == Digest.sha256("xyz".utf8))
    try Folder.remove(path)
    #expect(digests.known(path) == nil)
    #expect(throws: StoreError.self) { try digests.sha256(of: path) }
  }

  @Test func aMovedFolderKeepsItsDigests() throws {
    let path = try write("abc")
    let digest = try FileDigests(file: cache).sha256(of: path)
    let moved = folder + "-moved"
    try FileManager.default.moveItem(atPath: folder, toPath: moved)
    #expect(FileDigests(file: moved + "/digests.json").known(moved + "/a.bin") == digest)
  }

  @Test(arguments: ["", "{", "[]", "{\"a.bin\": 3}", "\u{0}\u{1}"])
  func aDamagedFileIsIgnoredAndReplaced(content: String) throws {
    let path = try write("abc")
    try AtomicFile.write(text: content, to: cache)
    let digests = FileDigests(file: cache)
    #expect(digests.known(path) == nil)
    let digest = try digests.sha256(of: path)
    #expect(FileDigests(file: cache).known(path) == digest)
  }

  @Test func holesAreZeros() throws {
    let path = folder + "/sparse"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 20_000_001)
    try handle.close()
    #expect(
      try FileDigests().sha256(of: path)
        == Digest.sha256([UInt8](repeating: 0, count: 20_000_001)))
  }

  @Test func readingCanBeStoppedAndBegunAgain() throws {
    let path = try write(String(repeating: "0123456789abcdef", count: 1 << 20))
    let digests = FileDigests(file: cache)
    #expect(throws: StoreError.stopped(path: path)) {
      try digests.sha256(of: path) { $0 < 16 << 20 }
    }
    #expect(digests.known(path) == nil)
    #expect(try digests.sha256(of: path) == Digest.sha256(file: path))
  }

  @Test func whoAsksForAFileThatIsBeingReadWaits() throws {
    let path = try write(String(repeating: "0123456789abcdef", count: 1 << 20))
    let digests = FileDigests()
    let (isReading, hasWaited) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let seen = Mutex([Int64]())
    let results = Mutex([String]())
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      if thread == 1 { isReading.wait() }
      let digest = try? digests.sha256(of: path) { bytes in
        if thread == 0, bytes == 8 << 20 {
          isReading.signal()
          hasWaited.wait()
        } else if thread == 1 {
          let calls = seen.withLock {
            $0.append(bytes)
            return $0.count
          }
          if calls == 2 { hasWaited.signal() }
        }
        return true
      }
      results.withLock { $0.append(digest ?? "none") }
    }
    // One that read the file itself would have come to its end.
    #expect(seen.withLock { $0.prefix(2) } == [8 << 20, 8 << 20])
    let whole = try Digest.sha256(file: path)
    #expect(results.withLock { $0 } == [whole, whole])
  }

  @Test func aRecordTakesWhatIsKnown() throws {
    _ = try write("abc")
    let digests = FileDigests()
    let record = try FileRecord(folder: folder, name: "a.bin", prefix: "p/", digests: digests)
    #expect(try record == FileRecord(name: "p/a.bin", bytes: 3, sha256: Digest.sha256("abc".utf8)))
    let listed = try FileRecord.list(folder: folder, suffixes: [".bin"], prefix: "p/") { _ in true }
    #expect(listed == [record])
    let known = try FileRecord.list(
      folder: folder, suffixes: [".bin"], prefix: "p/", digests: digests, goesOn: { _ in false })
    #expect(known == [record])
  }
}
