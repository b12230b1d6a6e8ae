import Corpus
public import DifferenceSampling
import LanguageModels
import Store
public import TensorKit

/// Scores every chunk of a corpus with a teacher and a reference: `scores.safetensors` in a folder.
///
/// Blocks are safe on disk as they are done: stopped or killed, the same verb goes on and gives the
/// same bytes.
public struct Score {
  /// What decides the scores beside corpus and models.
  public struct Settings: Sendable, Equatable {
    public var seed: UInt64
    public var order: ScoringOrder
    /// Chunks of one block: what a crash can cost.
    public var blockSize: Int
    /// Most positions of a chunk that are scored.
    public var maximumPositions: Int
    public var precision: Precision
    /// Most input tokens of a batch; nil takes that of the scores that are there, or chooses one by
    /// memory.
    public var tokensPerBatch: Int?

    public init(
      seed: UInt64, order: ScoringOrder = .random, blockSize: Int = 64,
      maximumPositions: Int = 1024, precision: Precision = .f32, tokensPerBatch: Int? = nil
    ) {
      self.seed = seed
      self.order = order
      self.blockSize = blockSize
      self.maximumPositions = maximumPositions
      self.precision = precision
      self.tokensPerBatch = tokensPerBatch
    }
  }

  /// What came out.
  public struct Result: Sendable {
    public let scores: ChunkScores
    /// Where the table stands.
    public let path: String
    public let precision: Precision
    /// The differences as a histogram: mean, quantiles, scores that are not finite.
    public let differences: ScoreHistogram
  }

  private let inputs: ScoringInputs
  private let settings: Settings
  private let output: String
  private let reserve: String?

  /// - Parameters:
  ///   - output: folder for the scores.
  ///   - reserve: folder of the reserve, or of the shards that the reference was trained on; nil
  ///     takes what the reference's folder records. Chunks that are in it are counted and marked.
  public init(
    _ inputs: ScoringInputs, settings: Settings, output: String, reserve: String? = nil
  ) {
    self.inputs = inputs
    self.settings = settings
    self.output = output
    self.reserve = reserve
  }

  /// Scores what is not scored yet.
  ///
  /// - Parameter onEvent: called on this thread, before progress is reported.
  /// - Throws: `DifferenceSamplingError`, `ModelError`, `CorpusError`, `StoreError`; `WorkStopped`
  ///   with every finished block on disk.
  public func run(
    _ work: Work, onEvent: (ScoringEvent) -> Void = { _ in }
  ) throws -> Result {
    try inputs.holding(output, for: [settings.precision], work) {
      try score(into: $0, work, onEvent: onEvent)
    }
  }

  private func score(
    into output: String, _ work: Work, onEvent: (ScoringEvent) -> Void
  ) throws -> Result {
    let shards = try inputs.open(positions: settings.maximumPositions, work)
    let memory = try inputs.plan(
      ScoringSettings(
        endOfText: inputs.endOfTextToken(work), seed: settings.seed, order: settings.order,
        blockSize: settings.blockSize, maximumPositions: settings.maximumPositions,
        precision: settings.precision),
      tokensPerBatch: settings.tokensPerBatch, folder: output, work)
    let teacher = try inputs.model(inputs.teacher, work)(memory.settings)
    let reference = try inputs.model(inputs.reference, work)(memory.settings)
    if teacher.identity.digest == reference.identity.digest {
      work.note(
        "teacher (\(inputs.teacher.path)) and reference (\(inputs.reference.path)) are the same "
          + "model: every difference is 0, and a selection by it means nothing", .warning)
    }
    var job = try ScoringJob(
      source: shards,
      corpus: Identities(inputs.digests, work).shards(shards, at: inputs.shards),
      teacher: teacher, reference: reference,
      settings: memory.settings, folder: output)
    job.reserve = try ReserveCheck(
      reserve: reserve, reference: inputs.reference.path,
      threads: inputs.compute.pool.threads
    ).overlap(with: shards, work)
    let outcome = try job.run(control: work.control.scoring) { event in
      onEvent(event)
      work.report(event, settings.precision)
    }
    guard case .finished(let scores) = outcome else { throw WorkStopped() }
    var differences = ScoreHistogram()
    for row in 0..<scores.count { differences.add([scores[row]]) }
    return Result(
      scores: scores, path: job.scoresPath, precision: settings.precision,
      differences: differences)
  }
}
