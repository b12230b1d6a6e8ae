import Corpus
public import LanguageModels
import Numerics
public import Store
public import TensorKit
import Tokenizers

/// Lets a teacher write the rest of every chunk: the text that SeqKD trains on.
///
/// Chunk i of the result begins with the first tokens of chunk i, and ends where the teacher ends it
/// or at the length of a chunk. Sources stay; documents are no longer those of the corpus.
public struct ContinueChunks {
  /// What came out.
  public struct Result: Sendable, Equatable {
    public var chunks: Int
    /// Chunks that were there from an earlier run.
    public var restored: Int
    /// Tokens that the teacher wrote in this run.
    public var newTokens: Int
  }

  private let shards: String
  private let teacher: ModelFolder
  private let folder: String
  private let settings: ContinuationSettings
  private let endOfText: Int32?
  private let stateSeconds: Double
  private let digests: FileDigests
  private let compute: Ops

  /// - Parameters:
  ///   - shards: the folder whose chunks are continued, or a part of it.
  ///   - folder: where the new shards go.
  ///   - endOfText: the token that ends a sequence; nil: as the shards' records or the teacher name it.
  ///   - stateSeconds: seconds between two states to go on from; decides nothing about the bytes.
  public init(
    _ shards: String, by teacher: ModelFolder, into folder: String,
    _ settings: ContinuationSettings, endOfText: Int32? = nil, stateSeconds: Double = 20,
    digests: FileDigests, compute: Ops
  ) {
    self.shards = shards
    self.teacher = teacher
    self.folder = folder
    self.settings = settings
    self.endOfText = endOfText
    self.stateSeconds = stateSeconds
    self.digests = digests
    self.compute = compute
  }

  /// Continues all chunks, goes on where an earlier run was stopped, or finds the result. What cannot
  /// work is refused before the weights are read.
  ///
  /// - Throws: `CorpusError`, `ModelError`, `PipelineError`; `WorkStopped` with all whole batches kept.
  public func run(_ work: Work) throws -> Result {
    let output = try OutputPath(folder: folder, isPublished: true)
    try output.requireApart(from: WhatIsRead.shards(shards))
    let configuration = try work.examine(
      teacher, precision: settings.precision, for: .scoring, compute: compute)
    let plan = try DecodingPlan.check(
      configuration: configuration, sequences: settings.batch, capacity: settings.maximumLength,
      precision: settings.precision, compute: compute, limitBytes: SystemMemory.available())
    let made = try ShardsTokenizer(ofShards: shards)
    try made.compare(with: teacher, requiredOf: "teacher", work)
    let end = try EndOfText.find(given: endOfText, shards: shards, model: teacher, work)
    return try work.holding([.output(output.path)]) {
      let corpus = try TokenShards(ShardLocation(shards))
      let record = ContinuationRecord(
        corpus: try corpus.identity(), chunks: corpus.count,
        teacher: try Identities(digests, work).model(teacher), tokenizer: made.digest,
        tokenizerFingerprint: made.identity?.fingerprint, endOfText: end,
        vocabularySize: configuration.vocabularySize, settings: settings)
      return try write(corpus, record, plan, into: output.path, work)
    }
  }

  private func write(
    _ corpus: TokenShards, _ record: ContinuationRecord, _ plan: DecodingPlan,
    into folder: String, _ work: Work
  ) throws -> Result {
    var newTokens = 0
    let restored = try stoppable {
      try ShardRewriting(
        corpus, record: record, vocabularySize: record.vocabularySize, keepsDocuments: false,
        stateInterval: .seconds(stateSeconds)
      ).run(into: folder) { restored, append in
        if restored > 0 {
          work.note("\(Number.grouped(restored)) chunks are there already")
        }
        let generator = try Generator(
          model: teacher.load(
            precision: settings.precision, purpose: .scoring, compute: compute, work),
          sampling: settings.sampling, maximumNewTokens: settings.maximumLength,
          endOfText: [record.endOfText], plan: plan)
        return try continueChunks(of: corpus, from: restored, generator, append) { done, tokens in
          newTokens = tokens
          return work.goesOn(done)
        }
      }
    }
    return Result(chunks: corpus.count, restored: restored, newTokens: newTokens)
  }

  /// Whether all are done.
  private func continueChunks(
    of corpus: TokenShards, from first: Int, _ generator: Generator,
    _ append: ([PackedChunk]) throws -> Void, _ goesOn: (WorkProgress, Int) -> Bool
  ) throws -> Bool {
    var pace = Pace()
    var newTokens = 0
    for start in stride(from: first, to: corpus.count, by: settings.batch) {
      let batch = start..<min(corpus.count, start + settings.batch)
      let requests = try batch.map { chunk in
        let prompt = Array(try corpus.tokens(of: chunk).prefix(settings.promptTokens))
        return GenerationRequest(
          prompt: chunk, tokens: prompt,
          maximumNewTokens: settings.maximumLength - prompt.count)
      }
      let most = requests.reduce(0) { $0 + ($1.maximumNewTokens ?? 0) }
      var written = 0
      let found = try generator.run(requests) { _, _ in
        newTokens += 1
        written += 1
        let share = Double(batch.count) * Double(written) / Double(max(1, most))
        let done = (Double(start) + share) / Double(corpus.count)
        return goesOn(
          WorkProgress(
            done, secondsLeft: pace.secondsLeft(at: done),
            detail: "\(Number.grouped(start)) of \(Number.grouped(corpus.count)) chunks, "
              + "\(Number.grouped(Int(Double(newTokens) / max(0.001, pace.seconds)))) tokens/s"),
          newTokens)
      }
      guard let found else { return false }
      try append(
        zip(requests, found).map { request, continuation in
          PackedChunk(
            source: UInt16(corpus.source(of: request.prompt)),
            tokens: request.tokens + continuation.tokens, pieces: [])
        })
      corpus.release(batch)
    }
    return true
  }
}
