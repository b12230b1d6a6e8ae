import Foundation
import Glibc
import Store
import Testing

/// What the system refuses is reported with the reason that it gave, and with what to do.
@Suite struct WriteFailureTests {
  let folder = NSTemporaryDirectory() + "miniplm-full-\(UUID().uuidString)"

  init() throws { try Folder.make(folder) }

  @Test func aFullDeviceIsAFullDisk() throws {
    let log = try JSONLinesLog(appendingTo: "/dev/full")
    #expect {
      try log.append(["a": 1])
    } throws: { "\($0)".contains("no space is left on the disk. Free some disk space") }
  }

  @Test func readingAFolderNamesTheReason() throws {
    #expect {
      _ = try JSONFile.read([String].self, from: folder)
    } throws: { "\($0)".contains("it is a folder") }
    #expect {
      _ = try Digest.sha256(file: folder)
    } throws: { "\($0)".contains("it is a folder") }
    #expect {
      _ = try JSONFile.read([String].self, from: folder + "/none")
    } throws: { "\($0)".contains("No such file or directory") }
  }

  @Test(.timeLimit(.minutes(1))) func aPipeIsNeitherWaitedForNorReplaced() throws {
    let pipe = folder + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let reads: [(String) throws -> Void] = [
      { _ = try FileContents.read($0) },
      { _ = try FileContents.readIfPresent($0) },
      { _ = try JSONFile.read([String].self, from: $0) },
      { _ = try JSONLinesLog.read([String].self, from: $0) },
      { _ = try Digest.sha256(file: $0) },
      { _ = try FileDigests().sha256(of: $0) },
    ]
    for read in reads {
      #expect {
        try read(pipe)
      } throws: { "\($0)".contains("no regular file (a pipe, socket or device)") }
    }
    #expect {
      try AtomicFile.write(text: "text", to: pipe)
    } throws: { "\($0)".contains("found a pipe, socket or device") }
    #expect {
      try AtomicFile.write(text: "text", to: folder)
    } throws: { "\($0)".contains("found a folder") }
    var kind = stat()
    _ = stat(pipe, &kind)
    #expect(kind.st_mode & S_IFMT == S_IFIFO)
    #expect(try Folder.list(folder) == ["pipe"])
  }

  @Test(arguments: [
    ("write", ENOSPC, true), ("sync", EDQUOT, true), ("write", EFBIG, true),
    ("create", EROFS, true), ("write", EIO, true), ("read", EIO, false), ("read", ENOENT, false),
    ("create", EACCES, false),
  ])
  func aFullDiskIsNoFaultOfTheInput(operation: String, code: Int32, isFailedWrite: Bool) {
    let error = StoreError.system(
      operation: operation, path: "p", failure: SystemFailure(code: code))
    #expect(error.isFailedWrite == isFailedWrite)
  }

  @Test func foldersSayWhy() throws {
    try AtomicFile.write(text: "", to: folder + "/file")
    #expect {
      try Folder.make(folder + "/file/sub")
    } throws: { "\($0)".contains("a name in it is a file where a folder is needed") }
    #expect {
      _ = try Folder.list(folder + "/none")
    } throws: { "\($0)".hasPrefix("Cannot list \(folder)/none: No such file") }
  }
}
