import Foundation
import Store
import Testing
import Training

/// Event files, byte by byte as TensorBoard writes them.
@Suite struct EventFileTests {
  struct Told: Decodable {
    var start: Int
    var steps: [StepMetrics]
    var samples: [TextSample]
  }

  private func files(_ folder: String) throws -> [String] {
    try Folder.list(folder).filter { $0.hasPrefix("events.out.tfevents.") }.sorted()
      .map { folder + "/" + $0 }
  }

  @Test func theBytesAreThoseOfTensorBoard() throws {
    let fixtures = try #require(Bundle.module.resourcePath) + "/Fixtures/events"
    let told = try JSONFile.read(Told.self, from: fixtures + "/events.json")
    let folder = try TemporaryFolder()
    var time = 1_700_000_000.25
    let log = try TensorBoardLog(folder: folder.path, runFolder: "/nowhere/run") {
      defer { time += 1 }
      return time
    }
    #expect(log.take(.started(step: told.start)) == nil)
    for step in told.steps { #expect(log.take(.step(step)) == nil) }
    #expect(log.take(.sampled(told.samples)) == nil)
    #expect(log.take(.stopped(step: 23)) == nil)
    let found = try RecordLog.read(log.path)
    let expected = try RecordLog.read(fixtures + "/run.tfevents")
    #expect(found == expected)
    #expect(
      FileManager.default.contents(atPath: log.path)
        == FileManager.default.contents(atPath: fixtures + "/run.tfevents"))
    #expect(try files(folder.path) == [log.path])
  }

  /// Steps that are done again after a stop stand in both files; the second one says so.
  @Test func aRunThatGoesOnBeginsAFileBehindTheLast() throws {
    let folder = try TemporaryFolder()
    let (run, events) = (folder.file("run"), folder.file("events"))
    for number in 1...3 {
      let log = try TensorBoardLog(folder: events, runFolder: run) { Double(number) }
      let control = TrainingControl()
      let trainer = try Tiny.trainer(
        .qwen2, Tiny.settings(steps: 9), folder: run, control: control
      ) { event in
        #expect(log.take(event) == nil)
        if case .step(let metrics) = event, metrics.step == 3 * number { control.stop() }
      }
      _ = try trainer.run()
      let all = try files(events)
      #expect(all.count == number && all.last == log.path)
      #expect(try RecordLog.read(log.path).count >= 5)
    }
  }

  @Test func filesOfAnotherRunAreNotMixed() throws {
    let folder = try TemporaryFolder()
    _ = try TensorBoardLog(folder: folder.file("events"), runFolder: folder.file("run"))
    #expect(throws: StoreError.self) {
      try TensorBoardLog(folder: folder.file("events"), runFolder: folder.file("other"))
    }
    // The same run, killed before its first checkpoint.
    try Folder.make(folder.file("run"))
    try AtomicFile.write(text: "", to: folder.file("run/metrics.jsonl"))
    _ = try TensorBoardLog(folder: folder.file("events"), runFolder: folder.file("run"))
    #expect(try files(folder.file("events")).count == 2)
  }

  @Test func whatCannotBeAFolderIsSaidBeforeTheStart() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(text: "", to: folder.file("file"))
    #expect(throws: StoreError.self) {
      try TensorBoardLog(folder: folder.file("file"), runFolder: folder.file("run"))
    }
  }
}
