public import Corpus
import DifferenceSampling
import LanguageModels
import Numerics
import Store
public import TensorKit
public import Training

/// The batch of a step of a run: its chunks, the documents that they come from, their scores, and how
/// the run's own model likes them.
public struct StepBatch: Sendable {
  /// A part of a document in a chunk.
  public struct Document: Codable, Sendable, Equatable {
    public var document: Int64
    /// First token of the part in the chunk, and its tokens.
    public var start: Int
    public var tokens: Int
    /// Where it came from; nil where the shards have no table of documents.
    public var record: DocumentRecord?
  }

  /// A chunk of the batch.
  public struct Chunk: Codable, Sendable, Equatable {
    /// Its number in the run's shards.
    public var chunk: Int
    public var source: String
    public var tokens: Int
    public var documents: [Document]
    /// Its number in the corpus that was scored, where the shards are a commit's.
    public var scoredChunk: Int?
    /// Mean loss of teacher and reference, nats a counted token.
    public var teacherLoss: Double?
    public var referenceLoss: Double?
    /// Mean loss of the run's own model, nats a counted token; nil where it was not asked for, no
    /// token counts, or the loss is not finite.
    public var loss: Double?
    /// Whether the loss was computed and is no number.
    public var lossIsNotFinite: Bool

    /// The reference's loss minus the teacher's.
    public var difference: Double? {
      guard let teacherLoss, let referenceLoss else { return nil }
      return referenceLoss - teacherLoss
    }
  }

  public struct Result: Codable, Sendable, Equatable {
    public var run: String
    public var shards: String
    /// From 1.
    public var step: Int
    /// Whether the run passed over the batch, or left its update out.
    public var leftOut: Bool
    /// What the run logged of the step; nil where it has no line of it.
    public var metrics: StepMetrics?
    /// Steps of the checkpoint that the losses are of; nil where none were computed.
    public var checkpointStep: Int?
    /// In the order in which they were read; with losses the highest first.
    public var chunks: [Chunk]
  }

  private let run: String
  private let step: Int
  private let shards: String?
  private let documents: String?

  /// - Parameters:
  ///   - step: from 1, as metrics count.
  ///   - shards: the run's; nil takes what its folder says.
  ///   - documents: folder of the table of documents; nil: that of the shards.
  public init(of run: String, step: Int, shards: String? = nil, documents: String? = nil) {
    self.run = run
    self.step = step
    self.shards = shards
    self.documents = documents
  }

  /// The batch, without losses.
  ///
  /// - Throws: `TrainingError.noRun`; `PipelineError.setting` for a step that the run does not have, or
  ///   shards that are not the run's; `CorpusError`, `StoreError`.
  public func look() throws -> Result {
    let recorded = try RecordedRun(runFolder: run)
    guard (1...recorded.configuration.steps).contains(step) else {
      throw PipelineError.setting(
        name: "step", found: "\(step)", expected: "1 to \(recorded.configuration.steps)")
    }
    let corpus = try open(recorded)
    let path = corpus.folder
    let batches = try RunBatches(plan: recorded.plan, runFolder: run)
    let numbers = batches.chunks(ofStep: step)
    let decision = batches.decisions.decision(ofStep: step)
    // What was passed over is what a person wants to see.
    let shown = numbers.isEmpty ? recorded.plan.chunks(ofStep: step - 1) : numbers
    let table = try DocumentTable.find(in: documents ?? path)
    let kept = "\(path)/\(CorpusCommit.keptName)"
    let scores = Folder.exists(kept) ? try ChunkScoresFile.read(kept).scores : nil
    let metrics = try MetricsLog.read(runFolder: run).compactMap { record in
      if case .step(let metrics) = record, metrics.step == step { metrics } else { nil }
    }
    return Result(
      run: run, shards: path, step: step,
      leftOut: decision?.leavesOut == true || numbers.isEmpty,
      metrics: metrics.last, checkpointStep: nil,
      chunks: try shown.map { try chunk($0, corpus, table, scores) })
  }

  /// The batch with the loss of each chunk by the run's newest checkpoint before the step, or else its
  /// first one after; the highest loss first.
  ///
  /// - Throws: as `look`; `ModelError`; `WorkStopped`.
  public func run(compute: Ops, _ work: Work) throws -> Result {
    var result = try look()
    let recorded = try RecordedRun(runFolder: run)
    if try RunInputs.read(runFolder: run)?.isConverted == true {
      throw PipelineError.setting(
        name: "model-losses", found: "a run whose chunks are converted as they are read",
        expected: "a run on shards of its own tokenizer")
    }
    let store = CheckpointStore(reading: run)
    let steps = try store.steps()
    guard let nearest = steps.last(where: { $0 < step }) ?? steps.first else {
      throw TrainingError.noRun(path: run)
    }
    let corpus = try open(recorded)
    let model = try ModelFolder(store.path(ofStep: nearest)).load(
      precision: .f32, purpose: .scoring, compute: compute, work)
    let length = recorded.configuration.chunkTokens
    let workspace = try Workspace(
      for: model, maximumTokens: length - 1, maximumSequences: 1, purpose: .scoring)
    for (place, row) in result.chunks.enumerated() {
      try work.checkpoint()
      let evaluation = HeldOutEvaluation(
        chunks: ChunkList(chunks: [try corpus.tokens(of: row.chunk)]), chunkTokens: length,
        endOfSequenceToken: recorded.configuration.endOfSequenceToken, chunksPerBatch: 1)
      do {
        let found = try evaluation.run(model, workspace: workspace)?.chunks.first
        result.chunks[place].loss = found.map { $0.nllSum / Double(max(1, $0.tokens)) }
      } catch TrainingError.lossNotFinite {
        result.chunks[place].lossIsNotFinite = true
      }
      work.report(
        WorkProgress(
          Double(place + 1) / Double(result.chunks.count),
          detail: "chunk \(place + 1) of \(result.chunks.count)"))
    }
    result.checkpointStep = nearest
    func rank(_ chunk: Chunk) -> Double {
      chunk.lossIsNotFinite ? .infinity : chunk.loss ?? -.infinity
    }
    result.chunks = result.chunks.enumerated().sorted {
      (rank($0.element), $1.offset) > (rank($1.element), $0.offset)
    }.map(\.element)
    return result
  }

  private func open(_ recorded: RecordedRun) throws -> TokenShards {
    let corpus = try RunShards.open(run: run, shards: shards)
    let isConverted = try RunInputs.read(runFolder: run)?.isConverted ?? false
    guard corpus.count == recorded.plan.chunkCount,
      try isConverted || corpus.fingerprint() == recorded.dataFingerprint
    else {
      throw PipelineError.setting(
        name: "shards", found: "\(corpus.folder), which are other chunks",
        expected: "the \(recorded.plan.chunkCount) chunks that the run was begun on")
    }
    return corpus
  }

  private func chunk(
    _ number: Int, _ corpus: TokenShards, _ table: DocumentTable?, _ scores: ChunkScores?
  ) throws -> Chunk {
    let starts = corpus.documents(of: number).map { Int($0.tokenStart) }
    let documents = try zip(starts, corpus.documentLengths(of: number)).map { start, part in
      Document(
        document: part.document, start: start, tokens: part.tokens,
        record: try table?.record(of: part.document))
    }
    let score = scores.flatMap { number < $0.count ? $0[number] : nil }
    func finite(_ value: Float?) -> Double? {
      value.flatMap { $0.isFinite ? Double($0) : nil }
    }
    return Chunk(
      chunk: number, source: corpus.sources[corpus.source(of: number)],
      tokens: corpus.length(of: number), documents: documents, scoredChunk: score?.chunk,
      teacherLoss: finite(score?.teacherNLL), referenceLoss: finite(score?.referenceNLL),
      loss: nil, lossIsNotFinite: false)
  }
}
