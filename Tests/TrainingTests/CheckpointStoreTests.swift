import Foundation
import Store
import Testing
import Training

@Suite struct CheckpointStoreTests {
  private func write(_ store: CheckpointStore, step: Int, kept: Int = 10, _ text: String = "x")
    throws
  {
    _ = try store.write(step: step, keeping: CheckpointRetention(last: kept)) { folder in
      try AtomicFile.write(text: text, to: folder + "/weights")
      try AtomicFile.write(text: "state \(step)", to: folder + "/state")
    }
  }

  private func newest(_ store: CheckpointStore) throws -> (step: Int?, damaged: [String]) {
    var damaged: [String] = []
    let found = try store.latestValid { path, _ in damaged.append(path) }
    return (found?.step, damaged)
  }

  @Test func theNewestIsFoundAndTheOldestGo() throws {
    let folder = try TemporaryFolder()
    let store = try CheckpointStore(runFolder: folder.path)
    #expect(try newest(store).step == nil)
    for step in [5, 10, 1_000_000] { try write(store, step: step, kept: 2) }
    #expect(try store.steps() == [10, 1_000_000])
    #expect(try newest(store).step == 1_000_000)
    #expect(Folder.exists(folder.file("checkpoints/step-000010/checkpoint.json")))
  }

  @Test func aFlippedBitIsFoundAndTheOneBeforeIsUsed() throws {
    let folder = try TemporaryFolder()
    let store = try CheckpointStore(runFolder: folder.path)
    for step in [5, 10] { try write(store, step: step) }
    try AtomicFile.write(text: "y", to: store.path(ofStep: 10) + "/weights")
    let found = try newest(store)
    #expect(found.step == 5)
    #expect(found.damaged == [store.path(ofStep: 10)])
    // It is set aside, so that the step can be written again.
    #expect(try store.steps() == [5])
    try write(store, step: 10)
    #expect(try newest(store).step == 10)
  }

  @Test(arguments: ["weights", "state", "checkpoint.json"])
  func aMissingFileIsDamage(name: String) throws {
    let folder = try TemporaryFolder()
    let store = try CheckpointStore(runFolder: folder.path)
    for step in [5, 10] { try write(store, step: step) }
    try FileManager.default.removeItem(atPath: store.path(ofStep: 10) + "/" + name)
    #expect(throws: TrainingError.self) { try store.verify(step: 10) }
    #expect(try newest(store).step == 5)
  }

  @Test func whatACrashLeftIsRemoved() throws {
    let folder = try TemporaryFolder()
    let half = folder.file("checkpoints/.tmp-step-000015")
    try Folder.make(half)
    try AtomicFile.write(text: "half", to: half + "/weights")
    _ = try CheckpointStore(runFolder: folder.path)
    #expect(!Folder.exists(half))
  }

  @Test func aFailureWhileWritingLeavesTheOldOne() throws {
    struct Full: Error {}
    let folder = try TemporaryFolder()
    let store = try CheckpointStore(runFolder: folder.path)
    try write(store, step: 5, "old")
    #expect(throws: Full.self) {
      try store.write(step: 5, keeping: CheckpointRetention(last: 1)) { _ in throw Full() }
    }
    #expect(try newest(store).step == 5)
    #expect(try Folder.list(folder.file("checkpoints")) == ["step-000005"])
  }

  @Test func aCrashWhileReplacingKeepsTheOldOne() throws {
    let folder = try TemporaryFolder()
    let store = try CheckpointStore(runFolder: folder.path)
    try write(store, step: 5)
    try write(store, step: 5, "replaced")
    #expect(try newest(store).step == 5)
    try FileManager.default.moveItem(
      atPath: store.path(ofStep: 5), toPath: folder.file("checkpoints/.old-step-000005"))
    let next = try CheckpointStore(runFolder: folder.path)
    #expect(try newest(next).step == 5)
  }
}
