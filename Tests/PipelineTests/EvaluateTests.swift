import Corpus
import Foundation
import Glibc
import LanguageModels
import Pipeline
import Store
import Testing
import Tokenizers
import Training

@Suite struct EvaluateTests {
  let inputs: ScoredInputs
  private let settings = Evaluate.Settings(chunkTokens: 33, chunksPerBatch: 4)

  init() throws { inputs = try ScoredInputs() }

  private func evaluate(
    _ model: ModelFolder, tokenizer: String? = nil, limit: Int = .max, _ work: Work = Work()
  ) throws -> EvaluationResult {
    try Evaluate(
      model, on: HeldOut(shards: inputs.shards, limit: limit, tokenizer: tokenizer),
      settings: settings, compute: inputs.compute
    ).run(work)
  }

  @Test func shardsThatChangeMeanwhileAreNoticed() throws {
    let file = inputs.shards + "/data_0.bin"
    usleep(30_000)
    let work = Work(progress: { _ in utimensat(AT_FDCWD, file, nil, 0) })
    #expect {
      _ = try evaluate(inputs.teacher, work)
    } throws: { "\($0)".contains("data_0.bin changed while it was read") }
    // Now that nobody writes to it any more.
    #expect(try !evaluate(inputs.teacher).chunks.isEmpty)
  }

  @Test func bitsAByteComeFromTheTokenizerThatIsThere() throws {
    let own = try evaluate(inputs.teacher).summary()
    let bits = try #require(own.all.bitsPerByte)
    // All targets but ends of text stand for as many bytes as the texts that they are of.
    let tokenizer = try Tokenizer.load(from: inputs.tokenizer)
    let shards = try TokenShards(folder: inputs.shards)
    var (bytes, nll) = (0, 0.0)
    for chunk in 0..<shards.count {
      let tokens = try shards.tokens(of: chunk)
      for (input, target) in zip(tokens, tokens.dropFirst())
      where input != ScoredInputs.endOfText && target != ScoredInputs.endOfText {
        bytes += tokenizer.bytes(of: target).count
      }
    }
    nll = own.all.tokenMean * Double(own.all.tokens)
    #expect(abs(bits - nll / log(2) / Double(bytes)) < 1e-9)

    try inputs.save("bare", width: 24, seed: 1, withTokenizer: false)
    let bare = ModelFolder(inputs.root + "/bare")
    #expect(try evaluate(bare).summary().all.bitsPerByte == nil)
    #expect(try evaluate(bare, tokenizer: inputs.tokenizer).summary() == own)
  }

  @Test func aTokenizerThatDidNotPackTheShardsGivesNoBits() throws {
    let path = inputs.shards + "/" + CorpusManifest.fileName
    var manifest = try JSONFile.read(CorpusManifest.self, from: path)
    manifest.tokenizer = "another"
    manifest.tokenizerFingerprint = nil
    try JSONFile.write(manifest, to: path)
    let listener = Listener()
    #expect(try evaluate(inputs.teacher, listener.work).summary().all.bitsPerByte == nil)
    #expect(listener.notes.contains { $0.level == .warning && $0.text.contains("bits a byte") })
  }

  @Test func comparingGivesWhatEvaluatingGives() throws {
    let listener = Listener()
    let compared = try Compare(
      inputs.teacher, inputs.reference, on: HeldOut(shards: inputs.shards), settings: settings,
      compute: inputs.compute
    ).run(listener.work)
    #expect(compared.a == (try evaluate(inputs.teacher)))
    #expect(compared.b == (try evaluate(inputs.reference)))
    let rows = compared.comparison.rows
    #expect(
      rows.map(\.name) == [
        "code", "prose", "all (mean over chunks, as published)", "all (mean over sources)",
        "all (mean over tokens)",
      ])
    let (a, b) = (try compared.a.summary(), try compared.b.summary())
    #expect(rows.map(\.lossA).suffix(3) == [a.all.chunkMean, a.macroLoss, a.all.tokenMean])
    #expect(rows.map(\.lossB).suffix(3) == [b.all.chunkMean, b.macroLoss, b.all.tokenMean])
    #expect(listener.notes.filter { $0.text.hasPrefix("evaluating ") }.count == 2)
    #expect(listener.reports.last?.fraction == 1)
    let json = try JSONFile.text(of: compared)
    #expect(json.contains("\"bitsPerByteA\"") && json.contains("\"tokenMean\""))
  }

  @Test func theLimitTakesTheFirstChunks() throws {
    let all = try evaluate(inputs.teacher)
    // Whole batches: what else is in a batch may change the rounding.
    let some = try evaluate(inputs.teacher, limit: 8)
    #expect(some.chunks == Array(all.chunks.prefix(8)))
  }

  @Test func whatDoesNotFitIsRefusedBeforeItIsLoaded() throws {
    var large = settings
    large.chunksPerBatch = 1 << 20
    large.chunkTokens = 1 << 14
    #expect(throws: ModelError.self) {
      try Evaluate(
        inputs.teacher, on: HeldOut(shards: inputs.shards), settings: large,
        compute: inputs.compute
      ).run(Work())
    }
  }

  @Test(arguments: [0, 1 << 40]) func batchesThatCannotBeAreRefused(chunks: Int) throws {
    var impossible = settings
    impossible.chunksPerBatch = chunks
    #expect(throws: PipelineError.self) {
      try Evaluate(
        inputs.teacher, on: HeldOut(shards: inputs.shards), settings: impossible,
        compute: inputs.compute
      ).run(Work())
    }
  }

  @Test func bothStopBetweenBatches() throws {
    #expect(throws: WorkStopped()) {
      try evaluate(inputs.teacher, Listener(stopAfter: 2).work)
    }
    #expect(throws: WorkStopped()) {
      try Compare(
        inputs.teacher, inputs.reference, on: HeldOut(shards: inputs.shards), settings: settings,
        compute: inputs.compute
      ).run(Listener(stopAfter: 2).work)
    }
  }
}
