import Corpus
import Foundation
import Glibc
import Store
import Testing

@Suite("An input that is written to while it is read")
struct ChangedInputTests {
  enum Change: CaseIterable, Sendable {
    case cut, grown, rewritten, replaced, removed, setBack, firstOfTwo
  }

  private static func change(_ path: String, _ other: String, _ change: Change) throws {
    let size = try #require(FileManager.default.contents(atPath: path)?.count)
    switch change {
    case .cut: truncate(path, off_t(size / 2))
    case .grown:
      let file = open(path, O_WRONLY | O_APPEND)
      _ = "{}\n".withCString { write(file, $0, 3) }
      close(file)
    case .rewritten, .setBack:
      var status = stat()
      stat(path, &status)
      let file = open(path, O_WRONLY)
      _ = "x".withCString { pwrite(file, $0, 1, off_t(size - 1)) }
      close(file)
      if change == .setBack {
        let times = [status.st_atim, status.st_mtim]
        utimensat(AT_FDCWD, path, times, 0)
      }
    case .replaced:
      try FileManager.default.copyItem(atPath: path, toPath: path + ".new")
      rename(path + ".new", path)
    case .removed: unlink(path)
    case .firstOfTwo: truncate(other, 10)
    }
  }

  @Test("Packing refuses to finish and names the file", arguments: Change.allCases)
  func packing(change: Change) throws {
    let scratch = try ScratchFolder()
    let lines = (0..<400).map { CorpusReaderTests.line("text number \($0).") }.joined()
    let first = try scratch.write(lines, to: "a.jsonl")
    let second = try scratch.write(lines, to: "b.jsonl")
    // The clock of a file system stands still for some milliseconds.
    usleep(30_000)
    var slabs = 0
    let error = try corpusError {
      _ = try CorpusBuilder(
        inputs: [first, second], settings: CorpusPipelineTests.settings(.none),
        tokenizer: ByteTokenizer(), options: CorpusPipelineTests.options(threads: 1, state: 3000),
        faults: FaultPoints {
          guard $0 == "slab packed" else { return false }
          slabs += 1
          // In the middle of the second file.
          if slabs == 60 { try? Self.change(second, first, change) }
          return false
        }
      ).build(into: scratch.path + "/out")
    }
    guard case .changedWhileRead(let path, _, _) = error else {
      Issue.record("\(change) gave \(String(describing: error)) after \(slabs) slabs")
      return
    }
    #expect(path == (change == .firstOfTwo ? first : second))
    #expect(!Folder.exists(scratch.path + "/out"))
  }

  @Test("So does a reader, one document at a time")
  func reading() throws {
    let scratch = try ScratchFolder()
    let lines = (0..<60_000).map { CorpusReaderTests.line("text number \($0).") }.joined()
    let path = try scratch.write(lines, to: "a.jsonl")
    usleep(30_000)
    var reader = try CorpusReader(inputs: [path])
    let error = try corpusError {
      _ = try reader.next()
      truncate(path, 5000)
      while try reader.next() != nil {}
    }
    guard case .changedWhileRead(path, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(
    "Shards that change under their reader are noticed and named; a further name is no change",
    arguments: ["bin", "idx"], [Change.cut, .rewritten, .replaced, .removed])
  func openedShards(suffix: String, change: Change) throws {
    let scratch = try HostileShardTests.sound()
    try withExtendedLifetime(scratch) {
      usleep(30_000)
      let shards = try TokenShards(folder: scratch.path)
      let path = "\(scratch.path)/data_0.\(suffix)"
      #expect(link(path, scratch.path + "/another") == 0)
      try shards.requireUnchanged()
      try ChunkPrefix(shards, limit: 1).requireUnchanged()
      try Self.change(path, path, change)
      for source in [shards, ChunkPrefix(shards, limit: 1)] as [any ChunkSource] {
        let error = try corpusError { try source.requireUnchanged() }
        guard case .changedWhileRead(path, _, _)? = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
    }
  }

  @Test("Documents of shards that change before they are cut become no corpus")
  func rechunkedShards() throws {
    let scratch = try ScratchFolder()
    try MegatronTests.write(scratch, "m/x")
    var settings = CorpusSettings()
    settings.packing.maximumLength = 5
    settings.packing.emitsRemainders = true
    let shards = try TokenShards(folder: scratch.path + "/m")
    let rechunking = ShardRechunking(shards, settings: settings, tokenizer: ByteTokenizer())
    usleep(30_000)
    utimensat(AT_FDCWD, scratch.path + "/m/x.bin", nil, 0)
    let error = try corpusError {
      _ = try rechunking.build(into: scratch.path + "/out", replacing: false) { _ in true }
    }
    guard case .changedWhileRead? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try Folder.list(scratch.path) == ["m"])
  }

  @Test("A split of shards that change meanwhile is not published")
  func splitShards() throws {
    let scratch = try HostileShardTests.sound()
    try withExtendedLifetime(scratch) {
      let shards = try TokenShards(folder: scratch.path)
      let split = try ReserveSplit(shards, tokens: 2, rule: .tail)
      usleep(30_000)
      let error = try corpusError {
        _ = try split.write(
          reference: scratch.path + "/a", rest: scratch.path + "/b", threads: 1
        ) { _ in
          utimensat(AT_FDCWD, scratch.path + "/data_0.bin", nil, 0)
          return true
        }
      }
      guard case .changedWhileRead? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(!Folder.exists(scratch.path + "/a") && !Folder.exists(scratch.path + "/b"))
    }
  }
}
