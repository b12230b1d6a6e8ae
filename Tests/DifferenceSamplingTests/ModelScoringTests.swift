import Corpus
import DifferenceSampling
import Foundation
import Glibc
import LanguageModels
import Numerics
import Store
import TensorKit
import Testing

/// Real models, from shards on disk to a refined corpus.
@Suite("Scoring with models")
struct ModelScoringTests {
  static let vocabulary = 61
  let folder: TemporaryFolder
  let shards: TokenShards

  init() throws {
    folder = try TemporaryFolder()
    var writer = try ShardWriter(
      folder: folder.path + "/corpus", vocabularySize: Self.vocabulary)
    for name in ["a", "b"] { _ = try writer.sources.id(of: name) }
    var random = RandomSource(seed: 8)
    for chunk in 0..<30 {
      // One chunk of one token, and some longer than the scored window.
      let length = chunk == 11 ? 1 : 3 + random.index(below: 60)
      let tokens = (0..<length).map { _ in Int32(random.index(below: Self.vocabulary)) }
      try writer.append(
        PackedChunk(
          source: UInt16(chunk % 2), tokens: tokens,
          pieces: [ChunkPiece(document: Int64(chunk), tokenStart: 0)]))
    }
    try writer.finish()
    shards = try TokenShards(folder: folder.path + "/corpus")
    let models: [(String, ModelConfiguration)] = [
      (
        "teacher",
        try ModelConfiguration(
          .qwen2,
          ModelSizes(
            vocabularySize: Self.vocabulary, hiddenSize: 48, intermediateSize: 80, layerCount: 2,
            headCount: 4, keyValueHeadCount: 2))
      ),
      (
        "reference",
        try ModelConfiguration(
          .mamba, ModelSizes(vocabularySize: Self.vocabulary, hiddenSize: 24, layerCount: 2))
      ),
    ]
    for (index, (name, configuration)) in models.enumerated() {
      let model = try LanguageModel.make(
        configuration, initialization: .seeded(RandomSource(seed: UInt64(index))),
        compute: Self.compute(threads: 1))
      try model.save(to: "\(folder.path)/\(name)")
    }
  }

  static func compute(threads: Int) throws -> Compute {
    try Compute(kernels: .best, pool: try ParallelPool(threads: threads))
  }

  private func model(_ name: String, threads: Int) throws -> any CausalLanguageModel {
    try LanguageModel.load(
      folder: "\(folder.path)/\(name)", compute: Self.compute(threads: threads))
  }

  private func job(
    _ name: String, threads: Int, passes: ScoringPasses = .alternating
  ) throws -> ScoringJob {
    let settings = ScoringSettings(
      endOfText: 0, seed: 1, blockSize: 8, tokensPerBatch: 100, maximumPositions: 40,
      passes: passes)
    func scoring(_ model: String) -> ScoringModel {
      ScoringModel(identity: ArtifactIdentity(name: model, digest: model)) {
        try ModelScorer(model: self.model(model, threads: threads), settings: settings)
      }
    }
    return try ScoringJob(
      source: shards, corpus: ArtifactIdentity(name: "corpus", digest: "c"),
      teacher: scoring("teacher"), reference: scoring("reference"), settings: settings,
      folder: "\(folder.path)/\(name)")
  }

  /// The masked mean NLL of one chunk from the model's logits, in double precision.
  private func expected(_ model: any CausalLanguageModel, _ chunk: [Int32]) throws -> Double {
    let window = Array(chunk.prefix(41))
    let batch = PackedBatch(
      try windows([window], vocabularySize: Self.vocabulary), weighting: .sum)
    let workspace = try Workspace(for: model, maximumTokens: 64, purpose: .scoring)
    let logits = try model.logits(batch, workspace: workspace)
    var sum = 0.0
    var counted = 0
    for position in 0..<(window.count - 1) where window[position] != 0 {
      let row = logits[(position * Self.vocabulary)..<((position + 1) * Self.vocabulary)]
        .map(Double.init)
      let largest = row.max() ?? 0
      let normaliser = largest + log(row.reduce(0) { $0 + exp($1 - largest) })
      sum += normaliser - row[Int(window[position + 1])]
      counted += 1
    }
    return sum / Double(counted)
  }

  @Test("The score of a chunk is the masked mean computed from its logits")
  func scores() throws {
    guard case .finished(let scores) = try job("run", threads: 2).run() else {
      Issue.record("not finished")
      return
    }
    let teacher = try model("teacher", threads: 1)
    let reference = try model("reference", threads: 1)
    #expect(scores.nonFiniteChunks == [11])
    for chunk in 0..<shards.count where chunk != 11 {
      let tokens = try shards.tokens(of: chunk)
      let score = scores[chunk]
      #expect(
        score.counted == tokens.prefix(40).dropLast(tokens.count > 40 ? 0 : 1).count { $0 != 0 })
      #expect(abs(Double(score.teacherNLL) - (try expected(teacher, tokens))) < 2e-5)
      #expect(abs(Double(score.referenceNLL) - (try expected(reference, tokens))) < 2e-5)
    }
    // The tokens of one chunk add up to its score.
    let settings = ScoringSettings(endOfText: 0)
    let tokens = try TokenScores(
      tokens: shards.tokens(of: 3), chunk: 3, mask: LossMask(endOfText: 0), maximumPositions: 40,
      teacher: ModelScorer(model: teacher, settings: settings),
      reference: ModelScorer(model: reference, settings: settings))
    let mean = try #require(tokens.meanDifference)
    #expect(abs(mean - Double(scores[3].difference)) < 2e-5)
  }

  @Test("Any number of threads, any passes: the same bytes")
  func determinism() throws {
    let jobs = [
      try job("one", threads: 1), try job("two", threads: 2), try job("three", threads: 3),
      try job("passes", threads: 2, passes: .onePassEach),
    ]
    let files = try jobs.map { job in
      _ = try job.run()
      return try Data(contentsOf: URL(fileURLWithPath: job.scoresPath))
    }
    #expect(files.dropFirst().allSatisfy { $0 == files[0] })
  }

  @Test("Calls larger than the workspace are split; a token outside the vocabulary is an error")
  func scorer() throws {
    let scorer = try ModelScorer(model: model("teacher", threads: 1), maximumTokens: 20)
    let chunks = try windows(
      [[1, 2, 3, 4, 5, 6, 7, 8], [9], [], [5, 6, 7, 8, 9, 10, 11, 12, 13, 1, 2, 3]],
      vocabularySize: scorer.vocabularySize)
    let together = try scorer.logProbabilities(of: chunks + chunks)
    #expect(together.map(\.count) == [7, 0, 0, 11, 7, 0, 0, 11])
    for (chunk, values) in zip(chunks + chunks, together) {
      let alone = try #require(try scorer.logProbabilities(of: [chunk]).first)
      for (one, other) in zip(alone, values) { #expect(abs(one - other) < 1e-5) }
    }
    let foreign = try windows([[1, 61]], vocabularySize: 62)
    #expect(throws: ModelError.self) { try scorer.logProbabilities(of: foreign) }
    let long = try windows([Array(repeating: 1, count: 30)], vocabularySize: 61)
    #expect(throws: ModelError.self) { try scorer.logProbabilities(of: long) }
  }
}
