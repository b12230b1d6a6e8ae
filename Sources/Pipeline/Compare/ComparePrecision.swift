import Corpus
public import DifferenceSampling
import LanguageModels
import Store
public import TensorKit

/// What reduced precision does to scores and to the selection: a sample of the chunks is scored in
/// each precision, in the same batches, and compared with f32.
public struct ComparePrecision {
  /// What is scored and what is compared.
  public struct Settings: Sendable, Equatable {
    /// Chunks in the sample.
    public var chunks: Int
    /// Seed of the sample.
    public var seed: UInt64
    /// Ratios of the selections that are compared.
    public var ratios: [Double]
    /// Precisions beside f32.
    public var precisions: [Precision]
    /// Most positions of a chunk that are scored.
    public var maximumPositions: Int
    /// Most input tokens of a batch; nil as in `Score`.
    public var tokensPerBatch: Int?

    public init(
      chunks: Int, seed: UInt64, ratios: [Double], precisions: [Precision],
      maximumPositions: Int = 1024, tokensPerBatch: Int? = nil
    ) {
      self.chunks = chunks
      self.seed = seed
      self.ratios = ratios
      self.precisions = precisions.filter { $0 != .f32 }
      self.maximumPositions = maximumPositions
      self.tokensPerBatch = tokensPerBatch
    }
  }

  /// What one precision gave.
  public struct Row: Sendable {
    public let outcome: PrecisionTrial.Outcome
    /// Chunks of the sample.
    public let chunks: Int
    /// With f32; nil for f32 itself.
    public let agreement: ScoreAgreement?
  }

  private let inputs: ScoringInputs
  private let settings: Settings
  private let output: String

  /// - Parameter output: folder for the scores, one sub-folder a precision.
  public init(_ inputs: ScoringInputs, settings: Settings, output: String) {
    self.inputs = inputs
    self.settings = settings
    self.output = output
  }

  /// Scores what is not scored yet; blocks are safe on disk as they are done.
  ///
  /// - Parameter onRow: gets each precision as it is done, f32 first.
  /// - Throws: as `Score`; `WorkStopped`.
  @discardableResult
  public func run(_ work: Work, onRow: (Row) throws -> Void = { _ in }) throws -> [Row] {
    try inputs.holding(output, for: settings.precisions, work) {
      try compare(in: $0, work, onRow: onRow)
    }
  }

  private func compare(
    in output: String, _ work: Work, onRow: (Row) throws -> Void
  ) throws -> [Row] {
    let shards = try inputs.open(positions: settings.maximumPositions, work)
    let sample = try ChunkSample(of: shards, count: settings.chunks, seed: settings.seed)
    let trial = try trial(sample, of: shards, in: output, work)
    let share = 1 / Double(settings.precisions.count + 1)
    var rows: [Row] = []
    for (place, precision) in ([.f32] + settings.precisions).enumerated() {
      let start = Double(place) * share
      let part = work.part(start...min(1, start + share))
      let outcome = try trial.score(in: precision, control: work.control.scoring) {
        part.report($0, precision)
      }
      guard let outcome else { throw WorkStopped() }
      let row = Row(
        outcome: outcome, chunks: sample.count,
        agreement: try rows.first.map {
          try ScoreAgreement(
            of: outcome.scores, with: $0.outcome.scores, ratios: settings.ratios)
        })
      rows.append(row)
      try onRow(row)
    }
    return rows
  }

  private func trial(
    _ sample: ChunkSample, of shards: TokenShards, in output: String, _ work: Work
  ) throws -> PrecisionTrial {
    // f32 takes the most memory; what it is planned with holds for all, so that they differ in
    // nothing but the precision.
    let memory = try inputs.plan(
      ScoringSettings(
        endOfText: inputs.endOfTextToken(work), seed: settings.seed, order: .sequential,
        blockSize: 32, maximumPositions: settings.maximumPositions, precision: .f32),
      tokensPerBatch: settings.tokensPerBatch,
      folder: PrecisionTrial.folder(of: .f32, in: output), work)
    var corpus = try Identities(inputs.digests, work).shards(shards, at: inputs.shards)
    corpus.name += ", \(sample.count) chunks by seed \(settings.seed)"
    return PrecisionTrial(
      source: sample, corpus: corpus, teacher: try inputs.model(inputs.teacher, work),
      reference: try inputs.model(inputs.reference, work), settings: memory.settings,
      folder: output)
  }
}
