import Foundation
import Store
import Testing
import Training

/// A fork equals a run that lacks its chunks from that step on.
@Suite struct ForkTests {
  private let run = FaultyRun(.notANumber, steps: 14, faulty: [], FaultPolicy())

  /// Every file of a folder with its digest.
  private func content(_ folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      let path = "\(folder)/\(name)"
      if !Folder.isFolder(path) { files[name] = try Digest.sha256(file: path) }
    }
    return files
  }

  /// A run from the start whose folder says what it leaves out.
  private func fresh(_ folder: String, after step: Int, without chunks: [Int]) throws -> String {
    try Folder.make(folder)
    let drops = "[{\"afterStep\": \(step), \"chunks\": \(chunks), \"documents\": []}]"
    try AtomicFile.write(
      text: "{\"formatVersion\": 1, \"parent\": \"none\", \"step\": \(step + 1), "
        + "\"checkpointStep\": 0, \"drops\": \(drops)}",
      to: "\(folder)/\(RunFork.fileName)")
    return folder
  }

  @Test func aForkEqualsARunWithoutTheChunks() throws {
    let folder = try TemporaryFolder()
    let parent = folder.file("parent")
    var settings = run
    settings.settings.checkpointsKept = 10
    let whole = try settings.outcome(parent)
    let before = try content(parent)
    // The second epoch's batches would be the same; here each chunk comes once.
    let fork = try RunFork.make(
      of: parent, beforeStep: 9, dropping: [16, 20, 21, 3], into: folder.file("fork"))
    #expect(fork.checkpointStep == 6)
    #expect(fork.droppedChunks == [3, 16, 20, 21])
    var passed: [Int] = []
    var starts: [Int] = []
    let forked = try settings.outcome(folder.file("fork")) { event in
      if case .passedOver(let step) = event { passed.append(step) }
      if case .started(let step) = event { starts.append(step) }
    }
    #expect(starts == [6])
    #expect(passed == [11])
    #expect(forked.bits != whole.bits)
    let expected = try settings.outcome(
      fresh(folder.file("fresh"), after: 6, without: [3, 16, 20, 21]))
    #expect(forked.bits == expected.bits)
    #expect(forked.facts == expected.facts)
    #expect(try content(parent) == before)
    // Up to the checkpoint it is its parent.
    let shared = try MetricsLog.read(runFolder: folder.file("fork")).filter { $0.step <= 6 }
    #expect(try shared == MetricsLog.read(runFolder: parent).filter { $0.step <= 6 })
  }

  /// A fork without any chunk that is still to come is its parent.
  @Test func aForkWithoutNewsEqualsItsParent() throws {
    let folder = try TemporaryFolder()
    let parent = folder.file("parent")
    let whole = try run.outcome(parent)
    _ = try RunFork.make(of: parent, beforeStep: 14, dropping: [0], into: folder.file("fork"))
    let forked = try run.outcome(folder.file("fork"))
    #expect(forked.bits == whole.bits)
    #expect(forked.facts == whole.facts)
  }

  @Test func aStoppedForkGoesOnWithTheSameBits() throws {
    let folder = try TemporaryFolder()
    let parent = folder.file("parent")
    _ = try run.outcome(parent)
    _ = try RunFork.make(of: parent, beforeStep: 13, dropping: [25], into: folder.file("one"))
    try FileManager.default.copyItem(atPath: folder.file("one"), toPath: folder.file("two"))
    let expected = try run.outcome(folder.file("one"))
    for _ in 0..<4 {
      let control = TrainingControl()
      try run.trainer(folder.file("two"), control: control) {
        if case .step = $0 { control.stop() }
      }.run()
    }
    let found = try run.outcome(folder.file("two"))
    #expect(found.bits == expected.bits)
    #expect(found.facts == expected.facts)
  }

  /// A fork of a fork leaves out what both do; decisions before the step go along.
  @Test func forksAddUp() throws {
    let folder = try TemporaryFolder()
    let faulty = FaultyRun(
      .notANumber, steps: 14, faulty: [8], FaultPolicy(onNotFinite: .back))
    _ = try faulty.outcome(folder.file("parent"))
    let one = try RunFork.make(
      of: folder.file("parent"), beforeStep: 12, dropping: [23], into: folder.file("one"))
    #expect(try Decisions.read(runFolder: folder.file("one")).decisions.map(\.fault.step) == [5])
    _ = try faulty.outcome(folder.file("one"))
    let two = try RunFork.make(
      of: folder.file("one"), beforeStep: 14, dropping: [27], into: folder.file("two"))
    #expect(two.droppedChunks == [23, 27])
    #expect(two.drops.first == one.drops.first)
    #expect(try faulty.trainer(folder.file("two")).run() == .finished)
  }

  /// Where no checkpoint before the step is kept, the fork begins anew.
  @Test func withoutACheckpointItBeginsFromTheStart() throws {
    let folder = try TemporaryFolder()
    _ = try run.outcome(folder.file("parent"))
    let fork = try RunFork.make(
      of: folder.file("parent"), beforeStep: 2, dropping: [3], into: folder.file("fork"))
    #expect(fork.checkpointStep == 0)
    let found = try run.outcome(folder.file("fork"))
    let expected = try run.outcome(fresh(folder.file("fresh"), after: 0, without: [3]))
    #expect(found.bits == expected.bits)
  }

  @Test func whatCannotBeForkedIsSaid() throws {
    let folder = try TemporaryFolder()
    #expect(throws: TrainingError.noRun(path: folder.file("nothing"))) {
      try RunFork.make(
        of: folder.file("nothing"), beforeStep: 2, dropping: [3], into: folder.file("fork"))
    }
    _ = try run.outcome(folder.file("parent"))
    for (step, chunk) in [(0, 3), (16, 3), (5, 28), (5, -1)] {
      #expect {
        try RunFork.make(
          of: folder.file("parent"), beforeStep: step, dropping: [chunk],
          into: folder.file("fork"))
      } throws: {
        if case TrainingError.cannotFork = $0 { true } else { false }
      }
    }
    #expect(!Folder.exists(folder.file("fork")))
    #expect(try Folder.list(folder.path).sorted() == ["parent"])
  }
}
