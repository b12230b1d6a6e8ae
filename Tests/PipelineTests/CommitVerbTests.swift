import Corpus
import DifferenceSampling
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers

@Suite struct CommitVerbTests {
  let inputs: ScoredInputs

  init() throws {
    inputs = try ScoredInputs()
    try inputs.score()
  }

  private func sources(teacher: ModelFolder? = nil, tokenizer: String? = nil) -> Commit.Sources {
    Commit.Sources(
      shards: inputs.shards, scores: inputs.scores, teacher: teacher ?? inputs.teacher,
      reference: inputs.reference, tokenizer: tokenizer ?? inputs.tokenizer)
  }

  private func read(_ sources: Commit.Sources? = nil) throws -> Commit.Inputs {
    try Commit.Inputs(sources ?? self.sources(), digests: FileDigests(file: nil))
  }

  private func verb(
    _ made: Commit.Inputs, sample: Bool = true, ownFolders: Bool = false
  ) -> Commit {
    let root = inputs.root
    let own: @Sendable (String) -> String = { root + "/samples/" + $0 }
    let samples = ownFolders ? own : nil
    let settings = Commit.Settings(
      name: "tiny", writesSample: sample, sampleSeed: 5, program: "test 1", createdAt: "noon")
    let places = Commit.Places(commits: inputs.commits, samples: samples)
    return Commit(made, settings: settings, places: places)
  }

  private func selection(_ made: Commit.Inputs, _ ratio: Double = 0.5) throws -> Selection {
    try made.index().select(SelectionSettings(rule: .ratio(ratio)))
  }

  @Test func factsComeFromTheInputsThatKnowThem() throws {
    let made = try read()
    let written = try verb(made).run(selection(made), Work())
    let manifest = written.refined.manifest
    #expect(manifest == (try CommitManifest.read(folder: written.refined.folder)))
    // 77 is the seed of the scores, 5 that of the sample.
    #expect(manifest.seed == 77)
    #expect(written.sample?.manifest.seed == 5)
    #expect(manifest.scoringPrecision == .f32)
    let record = ScoringRecord(
      metadata: try ChunkScoresFile.read(inputs.scores + "/scores.safetensors").metadata)
    #expect(manifest.teacher == record.teacher)
    #expect(manifest.reference == record.reference)
    #expect(manifest.corpus == record.corpus)
    let card = try #require(inputs.files(written.refined.folder)["README.md"])
    #expect(String(decoding: card, as: UTF8.self).contains("- seed: 77\n"))
    #expect(manifest.inputs.map(\.name).contains("tokenizer/tokenizer.json"))
    for input in manifest.inputs {
      let path = input.name.replacing("shards/", with: inputs.shards + "/")
        .replacing("teacher/", with: inputs.teacher.path + "/")
        .replacing("reference/", with: inputs.reference.path + "/")
        .replacing("tokenizer/", with: inputs.tokenizer + "/")
      #expect(try Digest.sha256(file: path) == input.sha256)
    }
  }

  @Test func theShardsKnowTheVocabularyThatDecidesTheWidthOfTokens() throws {
    // The vocabulary of the shards needs 16 bits, whatever the teacher's embedding has room for.
    let made = try read()
    let commit = try verb(made).refined(selection(made))
    let plan = try commit.plan()
    #expect(plan.files.first { $0.name == "data_0.bin" }?.bytes == 2 * plan.tokens)
    // Without a manifest the width stays that of the scored shards.
    try Folder.remove(inputs.shards + "/" + CorpusManifest.fileName)
    let bare = try read()
    let again = try verb(bare).refined(selection(bare)).plan()
    #expect(again.files.first { $0.name == "data_0.bin" }?.bytes == 2 * plan.tokens)
  }

  @Test func otherModelsThanThoseOfTheScoresAreRefused() throws {
    try inputs.save("stranger", width: 24, seed: 9)
    let stranger = ModelFolder(inputs.root + "/stranger")
    #expect {
      try read(sources(teacher: stranger))
    } throws: { error in
      guard case DifferenceSamplingError.otherInputs(_, let mismatches) = error else {
        return false
      }
      return mismatches.map(\.property) == ["teacher"]
    }
    // The same weights in another place are the same model.
    try inputs.save("moved", width: 24, seed: 1)
    _ = try read(sources(teacher: ModelFolder(inputs.root + "/moved")))
  }

  @Test func anotherTokenizerThanThatOfTheShardsIsRefused() throws {
    let other = inputs.root + "/other-tokenizer"
    try Folder.make(other)
    let data = try #require(inputs.files(inputs.tokenizer)["tokenizer.json"])
    let text = String(decoding: data, as: UTF8.self)
    // Other bytes alone are no other tokenizer.
    try AtomicFile.write(text: text + "\n", to: other + "/tokenizer.json")
    let made = try read(sources(tokenizer: other))
    let written = try verb(made, sample: false).run(selection(made), Work())
    let own = try Tokenizer.load(from: inputs.tokenizer).identity()
    #expect(written.refined.manifest.tokenizerFingerprint == own.fingerprint)
    try AtomicFile.write(
      text: text.replacingOccurrences(of: "\"r\"", with: "\"@@\"")
        .replacingOccurrences(of: "\"s\"", with: "\"r\"")
        .replacingOccurrences(of: "\"@@\"", with: "\"s\""), to: other + "/tokenizer.json")
    #expect(throws: DifferenceSamplingError.self) { try read(sources(tokenizer: other)) }
  }

  @Test func scoresWithoutASeedGiveAManifestWithoutOne() throws {
    let path = inputs.scores + "/scores.safetensors"
    let (scores, metadata) = try ChunkScoresFile.read(path)
    try ChunkScoresFile.write(scores, metadata: metadata.filter { $0.key != "seed" }, to: path)
    let listener = Listener()
    let made = try Commit.Inputs(sources(), digests: FileDigests(file: nil), listener.work)
    #expect(listener.notes.contains { $0.level == .warning && $0.text.contains("seed") })
    let written = try verb(made, sample: false).run(selection(made), Work())
    #expect(written.refined.manifest.seed == nil)
    #expect(written.sample == nil)
    let card = try #require(inputs.files(written.refined.folder)["README.md"])
    #expect(!String(decoding: card, as: UTF8.self).contains("- seed:"))
  }

  @Test(arguments: [false, true])
  func aStopLeavesNothingHalfWritten(ownFolders: Bool) throws {
    let made = try read()
    for reports in 1...3 {
      let listener = Listener(stopAfter: reports)
      #expect(throws: WorkStopped()) {
        try verb(made, ownFolders: ownFolders).run(selection(made), listener.work)
      }
      let left = Folder.exists(inputs.commits) ? try Folder.list(inputs.commits) : []
      #expect(left.isEmpty)
    }
  }

  @Test(arguments: [false, true])
  func aMissingSampleIsWrittenByTheNextRun(ownFolders: Bool) throws {
    let made = try read()
    _ = try verb(made, sample: false).run(selection(made), Work())
    let completed = try verb(made, ownFolders: ownFolders).run(selection(made), Work())
    #expect(completed.wasCompleted)
    #expect(completed.refined.manifest.version == "0001-r0.50")
    let sample = try #require(completed.sample)
    #expect(sample.manifest.tokenBudget == completed.refined.manifest.all.keptTokens)
    #expect(
      try CommitManifest.list(commitsFolder: inputs.commits).filter { $0.kind == .refined }.count
        == 1)
    // Complete as it is, the same commit gets a new number.
    let again = try verb(made, ownFolders: ownFolders).run(selection(made), Work())
    #expect(!again.wasCompleted)
    #expect(again.refined.manifest.version == (ownFolders ? "0002-r0.50" : "0003-r0.50"))
  }

  @Test func anotherSelectionIsNoReasonForASampleBesideAnEarlierCommit() throws {
    let made = try read()
    _ = try verb(made, sample: false).run(selection(made), Work())
    let other = try verb(made).run(selection(made, 0.25), Work())
    #expect(!other.wasCompleted)
    #expect(
      try Folder.list(inputs.commits) == ["0001-r0.50", "0002-r0.25", "0003-uniform"])
  }

  @Test func digestsCanBeStopped() throws {
    let listener = Listener(stopAfter: 1)
    #expect(throws: WorkStopped()) {
      try Commit.Inputs(sources(), digests: FileDigests(file: nil), listener.work)
    }
  }

  @Test func whatIsPlannedIsWhatIsWritten() throws {
    let made = try read()
    let chosen = try selection(made)
    let planned = try verb(made).refined(chosen).plan()
    let written = try verb(made).run(chosen, Work()).refined
    #expect(planned.folder == written.folder)
    #expect(planned.chunks == written.manifest.all.keptChunks)
    #expect(
      planned.files.map(\.name).sorted()
        == (try inputs.files(written.folder).keys.sorted()))
  }
}
