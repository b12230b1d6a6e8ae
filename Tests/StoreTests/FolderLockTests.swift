import Foundation
import Store
import Testing

@Suite struct FolderLockTests {
  let folder = NSTemporaryDirectory() + "miniplm-lock-\(UUID().uuidString)"

  init() throws { try Folder.make(folder) }

  @Test func aSecondLockIsToldWhoHoldsTheFirst() throws {
    let first = try FolderLock(folder: folder)
    do throws(StoreError) {
      _ = try FolderLock(folder: folder)
      Issue.record("two hold one folder")
    } catch {
      guard case .locked(folder, let holder) = error else { throw error }
      #expect(holder.hasPrefix("process \(getpid()) "))
      #expect(holder.contains(", since 20"))
      #expect(holder.contains("("))
    }
    first.release()
    let second = try FolderLock(folder: folder)
    second.release()
  }

  @Test func noFileStaysBehind() throws {
    let inside = try FolderLock(folder: folder)
    let beside = try FolderLock(output: folder + "/result")
    #expect(try Folder.list(folder) == [".lock", "result.lock"])
    inside.release()
    beside.release()
    #expect(try Folder.list(folder).isEmpty)
    // Once more is no harm, not even to another's lock.
    let next = try FolderLock(folder: folder)
    inside.release()
    #expect(try Folder.list(folder) == [".lock"])
    next.release()
  }

  @Test func theFileOfADeadProcessHoldsNobodyUp() throws {
    try AtomicFile.write(text: "process 1 (long gone)", to: folder + "/.lock")
    let lock = try FolderLock(folder: folder)
    #expect(lock.isEnforced)
    lock.release()
    #expect(try Folder.list(folder).isEmpty)
  }
}
