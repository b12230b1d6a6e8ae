import Foundation
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
