import Foundation
import Store
import Testing

/// Files that a killed process has left while it wrote them.
@Suite struct TemporaryNameTests {
  @Test func namesTellTheirWriter() {
    let own = TemporaryName.of("/a/data_0.bin")
    #expect(TemporaryName.writer(of: own) == ProcessInfo.processInfo.processIdentifier)
    #expect(TemporaryName.writer(of: "step-10.tmp-77") == 77)
    for name in ["a", "a.tmp", "a.tmp-", ".tmp-7", "a.tmp-x7", "a.tmp-7.json", "a.tmp--7", "7"] {
      #expect(TemporaryName.writer(of: name) == nil, "\(name)")
    }
  }

  @Test func whatGoneProcessesLeftIsRemovedAndNothingElse() throws {
    let folder = NSTemporaryDirectory() + "leftovers-\(UUID().uuidString)"
    defer { try? Folder.remove(folder) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    let gone = process.processIdentifier
    try Folder.make(folder + "/runs/a")
    try Folder.make(folder + "/commits/0001-r0.50.tmp-\(gone)")
    try Folder.make(folder + ".other")
    defer { try? Folder.remove(folder + ".other") }
    let left = [
      "x.json.tmp-\(gone)", "runs/a/model.safetensors.tmp-\(gone)",
      "commits/0001-r0.50.tmp-\(gone)/data_0.bin",
      "y.tmp-\(ProcessInfo.processInfo.processIdentifier)",
    ]
    // Process 1 lives as long as the machine.
    let kept = ["z.tmp-1", "runs/a/metrics.jsonl", "runs/a/notes.tmp"]
    for name in left + kept { try AtomicFile.write(text: "x", to: "\(folder)/\(name)") }
    let beyond = folder + ".other/w.tmp-\(gone)"
    try AtomicFile.write(text: "x", to: beyond)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/linked", withDestinationPath: folder + ".other")
    #expect(try TemporaryName.removeLeftovers(below: folder) == 4)
    for name in left { #expect(!Folder.exists("\(folder)/\(name)"), "\(name)") }
    for name in kept { #expect(Folder.exists("\(folder)/\(name)"), "\(name)") }
    #expect(Folder.exists(beyond))
    #expect(try TemporaryName.removeLeftovers(below: folder) == 0)
  }
}
