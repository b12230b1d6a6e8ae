import Foundation
import Store
import Testing

@Suite struct OutputPathTests {
  let root = NSTemporaryDirectory() + "miniplm-output-\(UUID().uuidString)"

  init() throws { try Folder.make(root) }

  private func path(_ typed: String) throws -> String {
    try OutputPath(typed.replacing("ROOT", with: root)).path.replacing(root, with: "ROOT")
  }

  @Test(arguments: [
    ("ROOT/o", "ROOT/o"), ("ROOT/o/", "ROOT/o"), ("ROOT/o//", "ROOT/o"), ("ROOT//o", "ROOT/o"),
    ("ROOT/./o/.", "ROOT/o"), ("ROOT/a/../o", "ROOT/o"), ("ROOT/a/b/../../o/", "ROOT/o"),
    ("ROOT/o/..", "ROOT"), ("o", "o"), ("./o", "o"), ("o/", "o"), ("../o/", "../o"),
    ("a/../o", "o"),
  ])
  func slashesAndDots(_ typed: String, _ expected: String) throws {
    #expect(try path(typed) == expected)
  }

  @Test func theFolderOfTheProcessIsNamed() throws {
    #expect(try OutputPath(".").path == FileManager.default.currentDirectoryPath)
    #expect(try OutputPath("a/..").path == FileManager.default.currentDirectoryPath)
  }

  @Test func aTildeIsTheHomeFolder() throws {
    let home = try #require(ProcessInfo.processInfo.environment["HOME"])
    let name = "miniplm-none-\(UUID().uuidString)"
    #expect(try OutputPath("~/\(name)/").path == (home == "/" ? "" : home) + "/" + name)
    #expect(try path("ROOT/~") == "ROOT/~")
  }

  @Test func linksStandForWhatTheyLeadTo() throws {
    try Folder.make(root + "/real/in")
    try FileManager.default.createSymbolicLink(
      atPath: root + "/link", withDestinationPath: root + "/real/in")
    try FileManager.default.createSymbolicLink(
      atPath: root + "/nowhere", withDestinationPath: root + "/none")
    let real = String(cString: try #require(realpath(root, nil)))
    #expect(try OutputPath(root + "/link").path == real + "/real/in")
    #expect(try OutputPath(root + "/link/../o").path == real + "/real/o")
    for typed in ["/nowhere", "/nowhere/", "/nowhere/o"] {
      #expect(throws: StoreError.self) { try OutputPath(root + typed) }
    }
  }

  @Test func whatCannotBeAPlaceIsRefused() throws {
    try AtomicFile.write(text: "text", to: root + "/file")
    #expect {
      _ = try OutputPath("")
    } throws: { "\($0)".hasPrefix("Cannot write to \"\": found an empty name") }
    #expect {
      _ = try OutputPath(folder: root + "/file")
    } throws: { "\($0)".contains("exists already and holds a file") }
    #expect {
      _ = try OutputPath(folder: root + "/file/o")
    } throws: { "\($0)".contains("found a file, \(root)/file") }
    #expect {
      _ = try OutputPath(file: root + "/file")
    } throws: { "\($0)".contains("holds 4 bytes") }
    #expect(throws: StoreError.self) { try OutputPath(file: root) }
    #expect(throws: StoreError.self) { try OutputPath(file: root + "/new/") }
    #expect(throws: StoreError.self) { try OutputPath(file: "/dev/null") }
    #expect(throws: StoreError.self) {
      try OutputPath(root + "/" + String(repeating: "n", count: 240))
    }
    #expect(try Folder.list(root) == ["file"])
  }

  @Test func whatIsReadIsNoPlaceForResults() throws {
    try Folder.make(root + "/in/deep")
    func refuses(_ output: String, _ input: String, inside: Bool = false) throws -> Bool {
      do throws(StoreError) {
        try OutputPath(root + output).requireApart(
          from: [(root + input, "the input")], mayBeInside: inside)
        return false
      } catch {
        guard case .unusableOutput = error else { throw error }
        return true
      }
    }
    #expect(try refuses("/in", "/in/"))
    #expect(try refuses("/in/deep/../new", "/in"))
    #expect(try refuses("/a/new", "/a"), "neither needs to exist")
    #expect(try !refuses("/in/new", "/in", inside: true))
    #expect(try refuses("/in", "/in", inside: true))
    #expect(try !refuses("/input", "/in"))
    #expect(try !refuses("/new", "/in"))
  }

  @Test func onlyAnEmptyFolderIsFree() throws {
    try Folder.make(root + "/o")
    try OutputPath(folder: root + "/o").requireFree()
    try AtomicFile.write(text: "", to: root + "/o/b")
    try AtomicFile.write(text: "", to: root + "/o/a")
    #expect {
      try OutputPath(folder: root + "/o/").requireFree()
    } throws: { "\($0)".contains("holds a, b; nothing was changed") }
  }

  @Test func anEmptyFolderIsFilledNotReplaced() throws {
    try Folder.make(root + "/o")
    let before = try inode(root + "/o")
    try Folder.make(root + "/made/sub")
    for name in ["a", "b", "sub/c"] {
      try AtomicFile.write(text: name, to: "\(root)/made/\(name)")
    }
    try Folder.publish(root + "/made", as: root + "/o")
    #expect(try inode(root + "/o") == before)
    #expect(try Folder.list(root) == ["o"])
    #expect(try Folder.list(root + "/o") == ["a", "b", "sub"])
  }

  @Test func aFilledFolderIsNotPublishedOver() throws {
    try Folder.make(root + "/o")
    try AtomicFile.write(text: "theirs", to: root + "/o/a")
    try Folder.make(root + "/made")
    try AtomicFile.write(text: "ours", to: root + "/made/a")
    #expect {
      try Folder.publish(root + "/made", as: root + "/o")
    } throws: { "\($0)".contains("holds a; nothing was changed") }
    #expect(FileManager.default.contents(atPath: root + "/o/a") == Data("theirs".utf8))
    // A lock is no content.
    try Folder.remove(root + "/o/a")
    try AtomicFile.write(text: "", to: "\(root)/o/\(FolderLock.name)")
    try Folder.publish(root + "/made", as: root + "/o")
    #expect(try Folder.list(root + "/o") == [FolderLock.name, "a"])
  }

  @Test func fillingThatWasCutGoesOn() throws {
    try Folder.make(root + "/o")
    try AtomicFile.write(text: "a", to: root + "/o/a")
    try Folder.make(root + "/made")
    for name in ["b", ".publishing"] {
      try AtomicFile.write(text: name, to: "\(root)/made/\(name)")
    }
    try Folder.finishPublishing(root + "/made", as: root + "/o")
    #expect(try Folder.list(root + "/o") == ["a", "b"])
    #expect(!Folder.exists(root + "/made"))
    // Without its mark a work folder is none that was being published.
    try Folder.make(root + "/made")
    try Folder.finishPublishing(root + "/made", as: root + "/o")
    #expect(Folder.exists(root + "/made"))
  }

  private func inode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.systemFileNumber] as? Int)
  }
}
