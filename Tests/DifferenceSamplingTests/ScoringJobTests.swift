import Corpus
import DifferenceSampling
import Foundation
import LanguageModels
import Store
import Synchronization
import Testing

/// What a test throws to end a run in the middle, as a crash would.
private struct Crash: Error {}

@Suite("Scoring job")
struct ScoringJobTests {
  let corpus = MemoryCorpus(count: 37)
  let corpusIdentity = ArtifactIdentity(name: "corpus", digest: "c0")

  private func job(
    _ folder: String, teacher: FakeScorer = FakeScorer(scale: 1),
    reference: FakeScorer = FakeScorer(scale: 1.5), teacherDigest: String = "t0",
    names: (teacher: String, reference: String) = ("T", "R"), corpus: MemoryCorpus? = nil,
    _ change: (inout ScoringSettings) -> Void = { _ in }
  ) throws -> ScoringJob {
    var settings = ScoringSettings(endOfText: 0, seed: 7, blockSize: 5, tokensPerBatch: 30)
    change(&settings)
    return try ScoringJob(
      source: corpus ?? self.corpus, corpus: corpusIdentity,
      teacher: ScoringModel(identity: .init(name: names.teacher, digest: teacherDigest)) {
        teacher
      },
      reference: ScoringModel(identity: .init(name: names.reference, digest: "r0")) { reference },
      settings: settings, folder: folder)
  }

  /// Chunks whose scores stand in parts on disk.
  private func savedChunks(_ folder: String) throws -> Int {
    let parts = folder + "/scores"
    guard Folder.exists(parts) else { return 0 }
    return try Folder.list(parts).filter {
      $0.hasPrefix("part-") && $0.hasSuffix(".safetensors")
    }.reduce(0) { sum, name in
      let file = try SafetensorsFile(path: "\(parts)/\(name)")
      return sum + (try file.values(of: "chunk", as: Int64.self).count)
    }
  }

  private func bytes(_ job: ScoringJob) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: job.scoresPath))
  }

  @Test("Every chunk gets the masked means of both models")
  func values() throws {
    let folder = try TemporaryFolder()
    let job = try job(folder.path)
    guard case .finished(let scores) = try job.run() else {
      Issue.record("not finished")
      return
    }
    #expect(scores.count == corpus.count)
    for chunk in 0..<corpus.count {
      let tokens = corpus.chunks[chunk]
      var sum = 0.0
      var counted = 0
      for (input, target) in zip(tokens, tokens.dropFirst()) where input != 0 {
        sum -= Double(FakeScorer.logProbability(input, target, scale: 1))
        counted += 1
      }
      let score = scores[chunk]
      #expect(score.chunk == chunk)
      #expect(score.counted == counted)
      #expect(score.source == corpus.sourceOfChunk[chunk])
      #expect(score.length == tokens.count)
      #expect(score.teacherNLL == Float(sum / Double(counted)))
      #expect(abs(score.referenceNLL - 1.5 * score.teacherNLL) < 1e-5)
    }
    #expect(!Folder.exists(folder.path + "/scores"))
    let read = try ChunkScoresFile.read(job.scoresPath)
    #expect(read.scores == scores)
    #expect(try SafetensorsFile(path: job.scoresPath).tensors.map(\.name).contains("source"))
  }

  @Test("Only the first positions of a long chunk are scored")
  func longChunks() throws {
    let folder = try TemporaryFolder()
    var corpus = corpus
    corpus.chunks[3] = (0..<40).map { Int32(1 + $0 % 9) }
    let job = try job(folder.path, corpus: corpus) { $0.maximumPositions = 10 }
    guard case .finished(let scores) = try job.run() else {
      Issue.record("not finished")
      return
    }
    #expect(scores[3].counted == 10)
    #expect(scores[3].length == 40)
  }

  @Test("A crash in any batch, then the same job again: the same bytes, no block twice")
  func crashes() throws {
    let whole = try TemporaryFolder()
    let undisturbed = FakeScorer(scale: 1)
    let reference = try job(whole.path, teacher: undisturbed)
    _ = try reference.run()
    let expected = try bytes(reference)
    for crashAt in 0..<undisturbed.calls {
      let folder = try TemporaryFolder()
      let dying = FakeScorer(scale: 1)
      dying.willScore = { if $0 == crashAt { throw Crash() } }
      #expect(throws: Crash.self) { try job(folder.path, teacher: dying).run() }
      // What a killed process leaves in the middle of writing a part.
      try Data([1, 2, 3]).write(
        to: URL(fileURLWithPath: folder.path + "/scores/part-000099.safetensors.tmp-1"))
      try Data([1, 2, 3]).write(
        to: URL(fileURLWithPath: folder.path + "/scores.safetensors.tmp-1"))
      let again = FakeScorer(scale: 1)
      let resumed = try job(folder.path, teacher: again)
      let before = try savedChunks(folder.path)
      _ = try resumed.run()
      #expect(again.chunksScored == corpus.count - before)
      #expect(try bytes(resumed) == expected)
      #expect(try Folder.list(folder.path) == ["scores.safetensors"])
    }
  }

  @Test("One pass each gives the same bytes, also after crashes and a change of passes")
  func passes() throws {
    let whole = try TemporaryFolder()
    let reference = try job(whole.path)
    _ = try reference.run()
    let expected = try bytes(reference)
    for crashAt in 0..<12 {
      let folder = try TemporaryFolder()
      let dying = FakeScorer(scale: 1.5)
      dying.willScore = { if $0 == crashAt { throw Crash() } }
      #expect(throws: Crash.self) {
        try job(folder.path, reference: dying) { $0.passes = .onePassEach }.run()
      }
      let teacher = FakeScorer(scale: 1)
      let resumed = try job(folder.path, teacher: teacher) {
        $0.passes = crashAt.isMultiple(of: 2) ? .alternating : .onePassEach
      }
      _ = try resumed.run()
      #expect(teacher.calls == 0)
      #expect(try bytes(resumed) == expected)
      #expect(try Folder.list(folder.path) == ["scores.safetensors"])
    }
  }

  @Test("A damaged part is reported and made again")
  func damage() throws {
    let whole = try TemporaryFolder()
    let reference = try job(whole.path)
    _ = try reference.run()
    let expected = try bytes(reference)
    let damages: [(Data) -> Data] = [
      { $0.prefix(100) }, { _ in Data() },
      { data in
        var data = data
        data[data.count - 3] ^= 1
        return data
      }, { _ in Data(repeating: 0xFF, count: 64) },
    ]
    for damage in damages {
      let folder = try TemporaryFolder()
      let dying = FakeScorer(scale: 1)
      dying.willScore = { if $0 == 6 { throw Crash() } }
      #expect(throws: Crash.self) { try job(folder.path, teacher: dying).run() }
      let path = folder.path + "/scores/part-000001.safetensors"
      let part = try Data(contentsOf: URL(fileURLWithPath: path))
      try damage(part).write(to: URL(fileURLWithPath: path))
      var reported: [String] = []
      let resumed = try job(folder.path)
      _ = try resumed.run {
        if case .damagedPart(let path, let reason) = $0 {
          reported.append(path)
          #expect(!reason.isEmpty)
        }
      }
      #expect(reported == [path])
      #expect(try bytes(resumed) == expected)
    }
  }

  @Test("Scores of another job are refused, with what differs")
  func otherJob() throws {
    let folder = try TemporaryFolder()
    let dying = FakeScorer(scale: 1)
    dying.willScore = { if $0 == 6 { throw Crash() } }
    #expect(throws: Crash.self) { try job(folder.path, teacher: dying).run() }
    func mismatches(_ job: ScoringJob) -> [String] {
      do {
        _ = try job.run()
        return []
      } catch let error as DifferenceSamplingError {
        guard case .otherJob(_, let mismatches) = error else { return ["\(error)"] }
        return mismatches.map(\.property)
      } catch {
        return ["\(error)"]
      }
    }
    #expect(mismatches(try job(folder.path, teacherDigest: "t1")) == ["teacher"])
    #expect(mismatches(try job(folder.path) { $0.seed = 8 }) == ["seed"])
    _ = try job(folder.path).run()
    #expect(
      mismatches(try job(folder.path, teacherDigest: "t1") { $0.blockSize = 4 })
        == ["teacher", "block_size"])
  }

  @Test("Models and corpora that were moved go on where they were, and give the same scores")
  func moved() throws {
    let folder = try TemporaryFolder()
    let dying = FakeScorer(scale: 1)
    dying.willScore = { if $0 == 6 { throw Crash() } }
    #expect(throws: Crash.self) { try job(folder.path, teacher: dying).run() }
    let saved = try savedChunks(folder.path)
    #expect(saved > 0)
    var restored = 0
    let moved = try job(folder.path, names: ("disk/T sha256:t9", "R copy"))
    _ = try moved.run { if case .restored(let rows, _) = $0 { restored += rows.count } }
    #expect(restored > 0)
    let whole = try TemporaryFolder()
    let other = try job(whole.path, names: ("disk/T sha256:t9", "R copy"))
    _ = try other.run()
    #expect(try bytes(moved) == bytes(other))
    let teacher = FakeScorer(scale: 1)
    _ = try job(folder.path, teacher: teacher).run()
    #expect(teacher.calls == 0)
  }

  @Test("A finished job loads no model and reports its scores")
  func finished() throws {
    let folder = try TemporaryFolder()
    _ = try job(folder.path).run()
    let teacher = FakeScorer(scale: 1)
    var restored = 0
    var finished = false
    _ = try job(folder.path, teacher: teacher).run {
      if case .restored(let rows, let progress) = $0 {
        restored = rows.count
        #expect(progress.chunksDone == 37 && progress.blocksDone == 8)
      }
      if case .finished = $0 { finished = true }
    }
    #expect(teacher.calls == 0)
    #expect(restored == 37)
    #expect(finished)
  }

  @Test("Stop after the block saves it; stop now does not")
  func stopping() throws {
    for request in [ScoringControl.Request.stopAfterBlock, .stopNow] {
      let folder = try TemporaryFolder()
      let control = ScoringControl()
      let teacher = FakeScorer(scale: 1)
      teacher.willScore = { if $0 == 3 { control.request = request } }
      let first = try job(folder.path, teacher: teacher)
      guard case .stopped(let progress) = try first.run(control: control) else {
        Issue.record("not stopped")
        return
      }
      let saved = try savedChunks(folder.path)
      #expect(saved == 5 * progress.blocksDone)
      #expect(request == .stopNow ? saved <= progress.chunksDone : saved == progress.chunksDone)
      #expect(saved < 37)
      guard case .finished(let scores) = try job(folder.path).run() else {
        Issue.record("not finished")
        return
      }
      #expect(scores.count == 37)
    }
  }

  @Test("Of chunks that have changed meanwhile no block stays, at the end and at a stop")
  func changedChunks() throws {
    var changing = corpus
    changing.isChanged = true
    for request in [ScoringControl.Request.run, .stopAfterBlock] {
      let folder = try TemporaryFolder()
      let control = ScoringControl()
      let teacher = FakeScorer(scale: 1)
      teacher.willScore = { if $0 == 3 { control.request = request } }
      let changed = try job(folder.path, teacher: teacher, corpus: changing)
      #expect(throws: CorpusError.self) { try changed.run(control: control) }
      #expect(try Folder.list(folder.path) == [])
    }
  }

  @Test("A paused job waits between batches and goes on")
  func pausing() async throws {
    let folder = try TemporaryFolder()
    let control = ScoringControl()
    let calls = Atomic<Int>(0)
    let path = folder.path
    control.request = .pause
    let running = Task.detached {
      let teacher = FakeScorer(scale: 1)
      teacher.willScore = { calls.store($0 + 1, ordering: .releasing) }
      _ = try self.job(path, teacher: teacher).run(control: control)
    }
    try await Task.sleep(for: .milliseconds(150))
    #expect(calls.load(ordering: .acquiring) == 0)
    control.request = .run
    try await running.value
    #expect(calls.load(ordering: .acquiring) > 0)
  }

  @Test("NaN and infinite scores are counted, kept in the table and out of the selection")
  func nonFinite() throws {
    final class Broken: ChunkScorer {
      var vocabularySize: Int { 51 }
      func logProbabilities(of chunks: [ChunkWindow]) throws -> [[Float]] {
        chunks.map { chunk in
          chunk.tokens.dropFirst().map { $0 == 5 ? .nan : $0 == 6 ? -.infinity : -1 }
        }
      }
    }
    let folder = try TemporaryFolder()
    var last: ScoringProgress?
    let job = try ScoringJob(
      source: corpus, corpus: corpusIdentity,
      teacher: ScoringModel(identity: .init(name: "T", digest: "t")) { Broken() },
      reference: ScoringModel(identity: .init(name: "R", digest: "r")) { FakeScorer(scale: 1) },
      settings: ScoringSettings(endOfText: 0), folder: folder.path)
    guard
      case .finished(let scores) = try job.run(report: {
        if case .finished(_, let progress) = $0 { last = progress }
      })
    else {
      Issue.record("not finished")
      return
    }
    #expect(!scores.nonFiniteChunks.isEmpty)
    #expect(last?.nonFinite == scores.nonFiniteChunks.count)
    let kept = try SelectionIndex(scores: scores, sourceNames: corpus.sources)
      .select(SelectionSettings(rule: .ratio(1))).keptChunks()
    #expect(Set(kept).isDisjoint(with: scores.nonFiniteChunks))
    #expect(kept.count + scores.nonFiniteChunks.count == 37)
  }

  @Test("A token that a model does not know is an error that names the chunk")
  func foreignToken() throws {
    var other = corpus
    other.chunks[7][1] = 51
    let folder = try TemporaryFolder()
    #expect(throws: ModelError.tokenOutOfRange(chunk: 7, token: 51, vocabularySize: 51)) {
      try job(folder.path, corpus: other).run()
    }
  }

  @Test("A scorer that breaks its contract is an error, not a wrong score")
  func contract() throws {
    final class Short: ChunkScorer {
      var vocabularySize: Int { 51 }
      func logProbabilities(of chunks: [ChunkWindow]) throws -> [[Float]] {
        chunks.map { _ in [0] }
      }
    }
    let folder = try TemporaryFolder()
    let job = try ScoringJob(
      source: corpus, corpus: corpusIdentity,
      teacher: ScoringModel(identity: .init(name: "T", digest: "t")) { Short() },
      reference: ScoringModel(identity: .init(name: "R", digest: "r")) { FakeScorer(scale: 1) },
      settings: ScoringSettings(endOfText: 0), folder: folder.path)
    #expect(throws: DifferenceSamplingError.self) { try job.run() }
  }

  @Test("Random order is a permutation, equal for equal seeds; sequential is the corpus order")
  func order() throws {
    func scored(_ change: (inout ScoringSettings) -> Void) throws -> [Int] {
      let folder = try TemporaryFolder()
      var chunks: [Int] = []
      _ = try job(folder.path, change).run {
        if case .scored(let rows, _) = $0 { chunks += rows.map(\.chunk) }
      }
      return chunks
    }
    let random = try scored { $0.seed = 3 }
    #expect(random.sorted() == Array(0..<37))
    #expect(random != Array(0..<37))
    #expect(try scored { $0.seed = 3 } == random)
    #expect(try scored { $0.seed = 4 } != random)
    #expect(try scored { $0.order = .sequential } == Array(0..<37))
  }
}
