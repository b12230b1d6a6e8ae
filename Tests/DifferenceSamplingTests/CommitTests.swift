import Corpus
import DifferenceSampling
import Foundation
import Numerics
import Store
import Testing

@Suite("Commits")
struct CommitTests {
  let folder: TemporaryFolder
  let shards: TokenShards
  let scores: ChunkScores
  var commits: String { folder.path + "/commits" }

  /// 60 chunks of three sources, scored by a formula.
  init() throws {
    folder = try TemporaryFolder()
    var writer = try ShardWriter(folder: folder.path + "/corpus", vocabularySize: 300)
    for name in ["web", "code", "law | notes"] { _ = try writer.sources.id(of: name) }
    var random = RandomSource(seed: 5)
    var document: Int64 = 0
    for _ in 0..<60 {
      let length = 4 + random.index(below: 20)
      let tokens = (0..<length).map { _ in Int32(random.index(below: 300)) }
      var pieces = [ChunkPiece(document: document, tokenStart: 0)]
      if length > 12 {
        document += 1
        pieces.append(ChunkPiece(document: document, tokenStart: 6))
      }
      document += 1
      try writer.append(
        PackedChunk(source: UInt16(random.index(below: 3)), tokens: tokens, pieces: pieces))
    }
    try writer.finish()
    let shards = try TokenShards(folder: folder.path + "/corpus")
    self.shards = shards
    scores = ChunkScores(
      (0..<60).map { chunk in
        ChunkScore(
          chunk: chunk, source: shards.source(of: chunk), length: shards.length(of: chunk),
          counted: shards.length(of: chunk) - 1, teacherNLL: 2,
          referenceNLL: 2 + Float((chunk * 37) % 61) / 16)
      })
    try ChunkScoresFile.write(scores, to: folder.path + "/scores.safetensors")
  }

  private func context(in commits: String, createdAt: String = "noon") throws -> CommitContext {
    let inputs = try FileRecord.list(
      folder: folder.path + "/corpus", suffixes: [".bin", ".idx"], prefix: "corpus/")
    return CommitContext(
      projectName: "demo", commitsFolder: commits, shards: shards, vocabularySize: 300,
      corpus: ArtifactIdentity(name: "corpus", digest: try FileRecord.digest(of: inputs)),
      tokenizer: ArtifactIdentity(name: "bpe", digest: "b"),
      teacher: ArtifactIdentity(name: "T", digest: "t"),
      reference: ArtifactIdentity(name: "R", digest: "r"), inputs: inputs,
      scoresPath: folder.path + "/scores.safetensors", scoringSeed: 42, program: "miniplm 1",
      createdAt: createdAt)
  }

  private func selection(_ settings: SelectionSettings = SelectionSettings()) throws -> Selection {
    try SelectionIndex(scores: scores, sourceNames: shards.sources).select(settings)
  }

  private func files(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try Folder.list(folder) {
      files[name] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    return files
  }

  @Test("Checks that were waived stand in manifest and card, of what was scored alone")
  func waived() throws {
    var context = try context(in: commits)
    let plain = try CorpusCommit(context: context, content: .refined(selection()))
    #expect(try !plain.plan().card.contains("waived"))
    context.waived = "teacher (a\nrehearsal)"
    let (folder, manifest) = try CorpusCommit(
      context: context, content: .refined(selection())
    ).write()
    #expect(manifest.waived == "teacher (a\nrehearsal)")
    #expect(try CommitManifest.read(folder: folder) == manifest)
    let card = String(decoding: try files(folder)["README.md"] ?? Data(), as: UTF8.self)
    #expect(card.contains("checks failed, which were waived:** teacher (a rehearsal)."))
    let sample = UniformSample(source: shards, tokenBudget: 400, seed: 3)
    let uniform = try CorpusCommit(
      context: context, content: .uniform(sample, scores: scores)
    ).write()
    #expect(uniform.manifest.waived == nil)
  }

  @Test("The refined corpus holds the kept chunks in their order, with sources and documents")
  func refined() throws {
    let selection = try selection()
    let commit = try CorpusCommit(
      context: context(in: commits), content: .refined(selection))
    let plan = try commit.plan()
    let (path, manifest) = try commit.write()
    #expect(path == commits + "/0001-r0.50")
    #expect(plan.folder == path)
    let refined = try TokenShards(folder: path)
    let kept = selection.keptChunks()
    #expect(refined.count == 30)
    for (position, chunk) in kept.enumerated() {
      #expect(try refined.tokens(of: position) == shards.tokens(of: chunk))
      #expect(
        refined.sources[refined.source(of: position)] == shards.sources[shards.source(of: chunk)])
      #expect(refined.documents(of: position) == shards.documents(of: chunk))
    }
    let keptTable = try ChunkScoresFile.read(path + "/kept.safetensors").scores
    let dropped = try ChunkScoresFile.read(path + "/dropped.safetensors").scores
    #expect(keptTable.chunks.map { Int($0) } == kept)
    #expect(dropped.chunks.map { Int($0) } == selection.droppedChunks())
    #expect(try ChunkScoresFile.read(path + "/scores.safetensors").scores == scores)
    #expect(manifest.all.keptChunks == 30 && manifest.all.totalChunks == 60)
    #expect(manifest.all.keptTokens == refined.tokenCount)
    #expect(manifest.all.totalTokens == shards.tokenCount)
    #expect(manifest.sources.map(\.keptChunks) == selection.summary.sources.map(\.keptChunks))
    #expect(try CommitManifest.read(folder: path) == manifest)
    // Every file is either the manifest or recorded in it with its digest, and was in the plan.
    let written = try files(path)
    #expect(Set(manifest.outputs.map(\.name) + ["manifest.json"]) == Set(written.keys))
    #expect(Set(plan.files.map(\.name)) == Set(written.keys))
    for record in manifest.outputs {
      #expect(try Digest.sha256(written[record.name] ?? Data()) == record.sha256)
    }
    for file in plan.files where !file.name.hasSuffix(".json") {
      let bytes = try #require(written[file.name]?.count)
      #expect(abs(bytes - file.bytes) < 1000, "\(file.name)")
      if file.name.hasSuffix(".bin") || file.name.hasSuffix(".idx") || file.name == "README.md" {
        #expect(bytes == file.bytes)
      }
    }
    #expect(plan.freeBytes > 0)
    let card = String(decoding: written["README.md"] ?? Data(), as: UTF8.self)
    #expect(card == plan.card)
    #expect(card.contains("30 of 60 chunks"))
    #expect(card.contains("Nothing but the published method decided."))
    #expect(card.contains("| law / notes |"))
  }

  @Test("Equal inputs give equal bytes; only the time differs")
  func reproducible() throws {
    func write(_ commits: String, createdAt: String) throws -> [String: Data] {
      let commit = try CorpusCommit(
        context: context(in: commits, createdAt: createdAt),
        content: .refined(
          selection(
            SelectionSettings(
              rule: .ratio(0.4), floors: ["web": 0.5, "code": 0.2],
              manual: [ManualChoice(chunk: 3, keep: true)]))))
      return try files(try commit.write().folder)
    }
    let first = try write(commits + "-a", createdAt: "noon")
    let second = try write(commits + "-b", createdAt: "noon")
    #expect(first == second)
    let later = try write(commits + "-c", createdAt: "later")
    #expect(
      Set(first.keys.filter { first[$0] != later[$0] }) == ["README.md", "manifest.json"])
    let card = String(decoding: first["README.md"] ?? Data(), as: UTF8.self)
    #expect(card.contains("Beside the published method"))
    #expect(card.contains("at least 50.0 % of web kept"))
  }

  @Test("Versions count up and are never overwritten; leftovers of a crash go")
  func versions() throws {
    let context = try context(in: commits)
    _ = try CorpusCommit(context: context, content: .refined(selection())).write()
    let before = try files(commits + "/0001-r0.50")
    try Folder.make(commits + "/0002-r0.50.tmp-123")
    let again = try CorpusCommit(context: context, content: .refined(selection())).write()
    #expect(again.folder == commits + "/0002-r0.50")
    #expect(try Folder.list(commits) == ["0001-r0.50", "0002-r0.50"])
    #expect(try files(commits + "/0001-r0.50") == before)
    let third = try CorpusCommit(
      context: context, content: .refined(selection(SelectionSettings(rule: .ratio(0.125))))
    ).write()
    #expect(third.folder == commits + "/0003-r0.125")
    #expect(
      try CommitManifest.list(commitsFolder: commits).map(\.version)
        == ["0001-r0.50", "0002-r0.50", "0003-r0.125"])
  }

  @Test("A cancelled commit leaves nothing behind")
  func cancelled() throws {
    let commit = try CorpusCommit(
      context: context(in: commits), content: .refined(selection()))
    #expect(throws: CorpusError.self) { try commit.write { _ in false } }
    #expect(try Folder.list(commits).isEmpty)
  }

  @Test("What does not belong together is refused")
  func refusals() throws {
    let context = try context(in: commits)
    #expect(throws: DifferenceSamplingError.emptySelection) {
      try CorpusCommit(
        context: context, content: .refined(selection(SelectionSettings(rule: .ratio(0)))))
    }
    let some = ChunkScores((0..<40).map { scores[$0] })
    let partial = try SelectionIndex(scores: some, sourceNames: shards.sources, chunkCount: 60)
      .select(SelectionSettings())
    #expect(throws: DifferenceSamplingError.unscored(scored: 40, total: 60)) {
      try CorpusCommit(context: context, content: .refined(partial))
    }
    var wrong = (0..<60).map { scores[$0] }
    wrong[7].length += 1
    let other = try SelectionIndex(scores: ChunkScores(wrong), sourceNames: shards.sources)
      .select(SelectionSettings())
    #expect(throws: DifferenceSamplingError.self) {
      try CorpusCommit(context: context, content: .refined(other))
    }
    // The table on disk holds other scores than the selection.
    wrong[7].length -= 1
    wrong[7].teacherNLL += 1
    let stale = try SelectionIndex(scores: ChunkScores(wrong), sourceNames: shards.sources)
      .select(SelectionSettings())
    let commit = try CorpusCommit(context: context, content: .refined(stale))
    #expect(throws: DifferenceSamplingError.self) { try commit.write() }
    #expect(try Folder.list(commits).isEmpty)
  }

  @Test("A uniform sample has the tokens of the refined corpus within one chunk")
  func uniform() throws {
    for budget in [0, 30, 200, 333, 500, shards.tokenCount, 2 * shards.tokenCount] {
      let sample = UniformSample(source: shards, tokenBudget: budget, seed: 1)
      #expect(sample.chunks == sample.chunks.sorted())
      #expect(Set(sample.chunks).count == sample.chunks.count)
      #expect(sample.tokens == sample.chunks.reduce(0) { $0 + shards.length(of: $1) })
      #expect(abs(sample.tokens - min(budget, shards.tokenCount)) <= shards.longestChunk / 2)
      #expect(sample == UniformSample(source: shards, tokenBudget: budget, seed: 1))
    }
    #expect(
      UniformSample(source: shards, tokenBudget: 300, seed: 1).chunks
        != UniformSample(source: shards, tokenBudget: 300, seed: 2).chunks)
    // Every chunk comes as often as any other.
    var counts = [Int](repeating: 0, count: 60)
    for seed in 0..<400 {
      for chunk in UniformSample(source: shards, tokenBudget: 400, seed: UInt64(seed)).chunks {
        counts[chunk] += 1
      }
    }
    let mean = Double(counts.reduce(0, +)) / 60
    #expect(counts.allSatisfy { abs(Double($0) - mean) < 60 })
    let sample = UniformSample(source: shards, tokenBudget: 400, seed: 3)
    let (path, manifest) = try CorpusCommit(
      context: context(in: commits), content: .uniform(sample, scores: scores)
    ).write()
    #expect(path == commits + "/0001-uniform")
    #expect(try TokenShards(folder: path).tokenCount == sample.tokens)
    #expect(manifest.kind == .uniform && manifest.tokenBudget == 400 && manifest.seed == 3)
    #expect(!Folder.exists(path + "/dropped.safetensors"))
  }

  @Test("The difference of two commits, by source")
  func difference() throws {
    let context = try context(in: commits)
    let wide = try selection(SelectionSettings(rule: .ratio(0.6)))
    let narrow = try selection(
      SelectionSettings(rule: .ratio(0.3), manual: [ManualChoice(chunk: 0, keep: true)]))
    let first = try CorpusCommit(context: context, content: .refined(wide)).write().folder
    let planned = try CorpusCommit(context: context, content: .refined(narrow))
    let before = try CommitDifference(first: first, planned: planned)
    let second = try planned.write().folder
    #expect(try CommitDifference(first: first, second: second) == before)
    let difference = try CommitDifference(first: first, second: second)
    let (a, b) = (Set(wide.keptChunks()), Set(narrow.keptChunks()))
    #expect(difference.all.both.chunks == a.intersection(b).count)
    #expect(difference.onlyFirst == a.subtracting(b).sorted())
    #expect(difference.onlySecond == b.subtracting(a).sorted())
    #expect(
      difference.all.onlyFirst.tokens
        == a.subtracting(b).reduce(0) { $0 + shards.length(of: $1) })
    for (source, row) in difference.sources.enumerated() {
      #expect(row.both.chunks == a.intersection(b).count { shards.source(of: $0) == source })
      #expect(row.onlyFirst.chunks == a.subtracting(b).count { shards.source(of: $0) == source })
    }
  }
}
