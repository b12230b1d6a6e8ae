import Corpus
import Foundation
import Glibc
import LanguageModels
import Store
import Testing
import Training

/// Training data that somebody writes to end the run: what was read since the last checkpoint is of no
/// corpus that there ever was.
@Suite struct ChangedDataTests {
  enum Change: CaseIterable, Sendable {
    case replaced, cut, appended, rewritten, removed, cutIndex

    func make(_ folder: String) throws {
      let (bin, index) = ("\(folder)/data_0.bin", "\(folder)/data_0.idx")
      switch self {
      case .replaced:
        let bytes = try #require(FileManager.default.contents(atPath: bin))
        try Data(bytes.reversed()).write(to: URL(fileURLWithPath: bin), options: .atomic)
      case .cut: truncate(bin, 64)
      case .cutIndex: truncate(index, 0)
      case .appended:
        let handle = try #require(FileHandle(forWritingAtPath: bin))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(count: 8))
        try handle.close()
      case .rewritten:
        let handle = try #require(FileHandle(forWritingAtPath: bin))
        try handle.write(contentsOf: Data([3, 0, 3, 0]))
        try handle.close()
      case .removed: unlink(bin)
      }
    }
  }

  static func write(_ list: ChunkList, to folder: String) throws {
    var writer = try ShardWriter(
      folder: folder, vocabularySize: Tiny.vocabularySize, options: ShardOptions())
    for name in list.sources { _ = try writer.sources.id(of: name) }
    for chunk in 0..<list.count {
      try writer.append(
        PackedChunk(
          source: UInt16(list.source(of: chunk)), tokens: try list.tokens(of: chunk),
          pieces: [ChunkPiece(document: Int64(chunk), tokenStart: 0)]))
    }
    try writer.finish()
  }

  private static func trainer(
    _ chunks: any ChunkSource, heldOut: any ChunkSource = Tiny.chunks(5, seed: 99),
    in folder: String,
    _ settings: TrainingConfiguration, onEvent: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws -> Trainer {
    let model = try Tiny.model(.mamba, compute: try Tiny.compute())
    return try Trainer(
      model: model, workspace: try Tiny.workspace(for: model, settings), configuration: settings,
      chunks: chunks,
      heldOut: HeldOutEvaluation(
        chunks: heldOut, chunkTokens: settings.chunkTokens,
        endOfSequenceToken: Tiny.endOfSequence, chunksPerBatch: 2),
      runFolder: folder, onEvent: onEvent)
  }

  @Test(
    "A run ends where its shards or its held-out shards change, and keeps its last checkpoint",
    arguments: Change.allCases, ["shards", "held"])
  func whileTraining(change: Change, which: String) throws {
    let folder = try TemporaryFolder()
    try Self.write(Tiny.chunks(20), to: folder.file("shards"))
    try Self.write(Tiny.chunks(5, seed: 99), to: folder.file("held"))
    try FileManager.default.copyItem(
      atPath: folder.file(which), toPath: folder.file("as-they-were"))
    usleep(30_000)
    // A checkpoint every three steps; the change comes after the fifth.
    let settings = Tiny.settings(steps: 9)
    let trainer = try Self.trainer(
      TokenShards(folder: folder.file("shards")), heldOut: TokenShards(folder: folder.file("held")),
      in: folder.file("run"), settings
    ) { event in
      if case .step(let metrics) = event, metrics.step == 5 {
        do { try change.make(folder.file(which)) } catch { Issue.record(error) }
      }
    }
    var found: TrainingError?
    do { try trainer.run() } catch let error as TrainingError { found = error }
    guard case .dataChangedMeanwhile(let reason, 5, 3)? = found else {
      Issue.record("\(change) gave \(String(describing: found))")
      return
    }
    #expect(reason.contains("data_0.\(change == .cutIndex ? "idx" : "bin")"))
    #expect(found?.hint.contains("The checkpoint of step 3 stands.") == true)
    #expect(trainer.phase == .failed)
    let store = try CheckpointStore(runFolder: folder.file("run"))
    #expect(try store.steps() == [3])

    // With the shards as they were the run goes on from there, to what an undisturbed one computes.
    try Folder.remove(folder.file(which))
    try FileManager.default.moveItem(
      atPath: folder.file("as-they-were"), toPath: folder.file(which))
    var starts: [Int] = []
    let again = try Self.trainer(
      TokenShards(folder: folder.file("shards")), heldOut: TokenShards(folder: folder.file("held")),
      in: folder.file("run"), settings
    ) { event in
      if case .started(let step) = event { starts.append(step) }
    }
    #expect(try again.run() == .finished)
    #expect(starts == [3])
    let whole = try Self.trainer(Tiny.chunks(20), in: folder.file("whole"), settings)
    #expect(try whole.run() == .finished)
    #expect(try Tiny.bits(again.model) == Tiny.bits(whole.model))
    #expect(try Tiny.facts(folder.file("run")) == Tiny.facts(folder.file("whole")))
  }

  @Test("A change between two checkpoints is no part of the next one, even of a stop")
  func stopAfterChange() throws {
    let folder = try TemporaryFolder()
    try Self.write(Tiny.chunks(20), to: folder.file("shards"))
    usleep(30_000)
    let trainer = try Self.trainer(
      TokenShards(folder: folder.file("shards")), in: folder.file("run"), Tiny.settings(steps: 9))
    for _ in 0..<2 { _ = try trainer.advance() }
    try Change.rewritten.make(folder.file("shards"))
    #expect(throws: TrainingError.self) { try trainer.stop() }
    #expect(try CheckpointStore(runFolder: folder.file("run")).steps() == [])
  }

  /// One token differs, in a chunk that is not among the 4096 of the fingerprint.
  @Test("A resumed run finds a token that differs anywhere in what it reads, and says where")
  func betweenRuns() throws {
    let folder = try TemporaryFolder()
    let count = 6000
    let chunks = (0..<count).map { number in
      (0..<3).map { Int32(1 + (number + $0) % (Tiny.vocabularySize - 1)) }
    }
    func list(changing chunk: Int?) -> ChunkList {
      var chunks = chunks
      if let chunk { chunks[chunk][1] = 2 + chunks[chunk][1] % 50 }
      return ChunkList(chunks: chunks)
    }
    let sampled = Set((0..<4096).map { $0 * count / 4096 })
    let missed = try #require((4000..<count).first { !sampled.contains($0) })
    #expect(try list(changing: missed).fingerprint() == list(changing: nil).fingerprint())
    // A whole epoch, with few steps: the plan takes every chunk.
    var settings = Tiny.settings(steps: 2)
    settings.chunksPerStep = count / 2
    settings.chunksPerMicroBatch = 500
    settings.checkpointInterval = 1
    settings.evaluationInterval = nil
    let first = try Self.trainer(list(changing: nil), in: folder.file("run"), settings)
    _ = try first.advance()
    var found: TrainingError?
    do {
      try Self.trainer(list(changing: missed), in: folder.file("run"), settings).run()
    } catch let error as TrainingError {
      found = error
    }
    guard case .dataChanged(let what, _)? = found else {
      Issue.record("\(String(describing: found))")
      return
    }
    let part = missed * 64 / count
    #expect(
      what
        == "other tokens among the chunks \(part * count / 64) to \((part + 1) * count / 64 - 1)")
    #expect(
      try Self.trainer(list(changing: nil), in: folder.file("run"), settings).run() == .finished)
  }

  @Test("What no step reads may change; a checkpoint of an earlier version is still continued")
  func outsideThePlan() throws {
    let folder = try TemporaryFolder()
    let count = 6000
    var chunks = (0..<count).map { number in
      (0..<3).map { Int32(1 + (number + $0) % (Tiny.vocabularySize - 1)) }
    }
    var settings = Tiny.settings(steps: 4)
    settings.order = .sequential
    settings.evaluationInterval = nil
    let first = try Self.trainer(ChunkList(chunks: chunks), in: folder.file("run"), settings)
    for _ in 0..<3 { _ = try first.advance() }
    let sampled = Set((0..<4096).map { $0 * count / 4096 })
    let missed = try #require((4000..<count).first { !sampled.contains($0) })
    chunks[missed][1] = 2 + chunks[missed][1] % 50
    let state = folder.file("run/checkpoints/step-000003/state.json")
    let text = try String(contentsOfFile: state, encoding: .utf8)
    #expect(text.contains("\"data\""))
    #expect(
      try Self.trainer(ChunkList(chunks: chunks), in: folder.file("run"), settings).run()
        == .finished)
  }
}
