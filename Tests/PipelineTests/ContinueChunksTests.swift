import Corpus
import Foundation
import LanguageModels
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers

/// A teacher's text for SeqKD: shards out of shards.
@Suite struct ContinueChunksTests {
  private let inputs: TextInputs
  private let compute: Ops
  private let tokenizer: Tokenizer
  private let shards: TokenShards

  init() throws {
    inputs = try TextInputs()
    compute = try Ops(kernels: .best, pool: ParallelPool(threads: 2))
    tokenizer = try inputs.tokenizer()
    shards = try inputs.pack([inputs.documents(count: 30)], tokenizer)
    _ = try NewModel(
      .file(inputs.configuration()), tokenizerFolder: inputs.path("tokenizer"),
      into: inputs.path("model"), .init(seed: 1), compute: compute
    ).run(Work())
  }

  private func settings(
    seed: UInt64 = 3, temperature: Double = 1, batch: Int = 4
  ) throws -> ContinuationSettings {
    try ContinuationSettings(
      sampling: SamplingSettings(temperature: temperature, seed: seed), promptTokens: 12,
      maximumLength: 20, batch: batch, chunksPerShard: 7)
  }

  @discardableResult
  private func continueChunks(
    into name: String, _ settings: ContinuationSettings, _ watcher: Watcher = Watcher()
  ) throws -> ContinueChunks.Result {
    try ContinueChunks(
      inputs.path("shards"), by: ModelFolder(inputs.path("model")), into: inputs.path(name),
      settings, stateSeconds: 0, digests: FileDigests(), compute: compute
    ).run(watcher.work)
  }

  @Test func chunksKeepTheirBeginningAndEndWhereTheTeacherDoes() throws {
    let watcher = Watcher()
    let result = try continueChunks(into: "new", settings(), watcher)
    let new = try TokenShards(folder: inputs.path("new"))
    #expect(result.chunks == shards.count && new.count == shards.count && result.restored == 0)
    #expect(new.sources == shards.sources)
    let end = try #require(tokenizer.documentEnd?.id)
    var written = 0
    for chunk in 0..<new.count {
      let (old, tokens) = (try shards.tokens(of: chunk), try new.tokens(of: chunk))
      let prompt = min(12, old.count)
      #expect(tokens.prefix(prompt).elementsEqual(old.prefix(prompt)))
      #expect(new.source(of: chunk) == shards.source(of: chunk))
      let rest = tokens.dropFirst(prompt)
      #expect(!rest.isEmpty && !rest.dropLast().contains(end))
      #expect(tokens.count == 20 || tokens.last == end)
      written += rest.count
    }
    #expect(result.newTokens == written)
    #expect(watcher.progress.last?.fraction ?? 0 > 0.9)
    // What it is made of is known to whoever reads it.
    let made = try ShardsTokenizer(ofShards: inputs.path("new"))
    #expect(made.digest == tokenizer.digest && made.endOfText == end)
    // There already.
    #expect(try continueChunks(into: "new", settings()).restored == shards.count)
  }

  /// One sequence by itself, with the generator that text comes from.
  @Test func everySequenceIsTheGenerators() throws {
    try continueChunks(into: "greedy", settings(temperature: 0))
    let new = try TokenShards(folder: inputs.path("greedy"))
    let model = try ModelFolder(inputs.path("model")).load(purpose: .scoring, compute: compute)
    let plan = DecodingPlan(
      configuration: model.configuration, sequences: 1, capacity: 20, compute: compute)
    let generator = try Generator(
      model: model, sampling: .greedy, maximumNewTokens: 20,
      endOfText: [#require(tokenizer.documentEnd?.id)], plan: plan)
    for chunk in stride(from: 0, to: new.count, by: 5) {
      let prompt = Array(try shards.tokens(of: chunk).prefix(12))
      let request = GenerationRequest(
        prompt: 0, tokens: prompt, maximumNewTokens: 20 - prompt.count)
      let found = try #require(try generator.run([request]))
      #expect(try new.tokens(of: chunk) == prompt + found[0].tokens)
    }
  }

  @Test func whatWasStoppedGoesOnToTheSameBytes() throws {
    try continueChunks(into: "whole", settings())
    #expect(throws: WorkStopped()) {
      try continueChunks(into: "cut", settings(), Watcher { $0.detail.hasPrefix("12 of ") })
    }
    #expect(!Folder.exists(inputs.path("cut")))
    #expect(try continueChunks(into: "cut", settings()).restored == 12)
    for name in try Folder.list(inputs.path("whole")) {
      #expect(
        FileManager.default.contents(atPath: inputs.path("whole/\(name)"))
          == FileManager.default.contents(atPath: inputs.path("cut/\(name)")), "\(name)")
    }
  }

  @Test func anotherSeedIsAnotherText() throws {
    try continueChunks(into: "new", settings())
    #expect(throws: CorpusError.self) { try continueChunks(into: "new", settings(seed: 4)) }
    try continueChunks(into: "other", settings(seed: 4))
    let (one, other) = (
      try TokenShards(folder: inputs.path("new")), try TokenShards(folder: inputs.path("other"))
    )
    #expect(try (0..<one.count).contains { try one.tokens(of: $0) != other.tokens(of: $0) })
  }

  @Test func nothingToWriteIsRefused() throws {
    #expect(throws: PipelineError.self) {
      try ContinuationSettings(
        sampling: SamplingSettings(), promptTokens: 1025, maximumLength: 1025)
    }
    #expect(throws: PipelineError.self) {
      try ContinuationSettings(sampling: SamplingSettings(), batch: 0)
    }
  }
}
