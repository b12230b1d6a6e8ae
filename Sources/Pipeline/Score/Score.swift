public import DifferenceSampling
import LanguageModels
import Store
public import TensorKit

/// Scores every chunk of a corpus with a teacher and a reference: `scores.safetensors` in a folder.
///
/// Before the first chunk `ScoringChecks` are made; a failure that is not waived ends the work.
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
    /// `auto` takes that of the scores that are there, or tries on a probe which is the fastest that
    /// keeps the accuracy.
    public var precision: PrecisionSetting
    /// What `auto` goes by.
    public var precisionRule = PrecisionRule()
    /// Most input tokens of a batch; nil takes that of the scores that are there, or chooses one by
    /// memory.
    public var tokensPerBatch: Int?

    public init(
      seed: UInt64, order: ScoringOrder = .random, blockSize: Int = 64,
      maximumPositions: Int = 1024, precision: PrecisionSetting = .f32, tokensPerBatch: Int? = nil
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
    /// Why it is that one, where `auto` was asked for.
    public let resolved: ResolvedPrecision?
    /// The differences as a histogram: mean, quantiles, scores that are not finite.
    public let differences: ScoreHistogram
  }

  private let inputs: ScoringInputs
  private let settings: Settings
  private let output: String
  private let reserve: String?
  private let waivers: [CheckWaiver]

  /// - Parameters:
  ///   - output: folder for the scores.
  ///   - reserve: folder of the reserve, or of the shards that the reference was trained on; nil
  ///     takes what the reference's folder records. Chunks that are in it are counted and marked.
  ///   - waivers: checks that may fail; those that do are named in the table of scores.
  public init(
    _ inputs: ScoringInputs, settings: Settings, output: String, reserve: String? = nil,
    waivers: [CheckWaiver] = []
  ) {
    self.inputs = inputs
    self.settings = settings
    self.output = output
    self.reserve = reserve
    self.waivers = waivers
  }

  /// Checks what a scoring can go wrong by, and scores what is not scored yet.
  ///
  /// - Parameters:
  ///   - onChecks: gets what the checks found, those of an earlier run where nothing has changed.
  ///   - onEvent: called on this thread, before progress is reported.
  /// - Throws: `PipelineError.checks` before anything is scored; `DifferenceSamplingError`,
  ///   `ModelError`, `CorpusError`, `StoreError`; `WorkStopped` with every finished block on disk.
  public func run(
    _ work: Work, onChecks: (CheckReport) -> Void = { _ in },
    onEvent: (ScoringEvent) -> Void = { _ in }
  ) throws -> Result {
    try inputs.holding(output, for: knownPrecisions(), work) {
      try score(into: $0, work, onChecks: onChecks, onEvent: onEvent)
    }
  }

  /// The precision that is settled before anything is looked at.
  ///
  /// - Throws: `PipelineError.foreignPrecision` for scores that only another machine can go on with.
  private func knownPrecisions() throws(PipelineError) -> [Precision] {
    let capability = inputs.compute.capability
    if settings.precision == .auto,
      let found = ScoringJob.foreignPrecision(folder: output, capability: capability)
    {
      throw .foreignPrecision(path: output, found: found, has: capability.name)
    }
    return settings.precision.exact.map { [$0] } ?? []
  }

  private func score(
    into output: String, _ work: Work, onChecks: (CheckReport) -> Void,
    onEvent: (ScoringEvent) -> Void
  ) throws -> Result {
    let prepared = try ScoringPreparation(
      inputs, settings, reserve: reserve, waivers: waivers, work)
    let probe = try prepared.probe()
    let resolution = try prepared.resolve(folder: output, probe, work)
    let precision = resolution.precision
    if let resolved = resolution.resolved { work.note("precision \(resolved.words)") }
    let memory = try prepared.memory(
      precision, folder: output, isWaived: prepared.waivesMemory(folder: output))
    guard let plan = memory.plan else {
      let report = try prepared.report(
        resolution, probe, memory: memory, models: { pair(prepared, $0) }, work)
      work.note(report)
      onChecks(report)
      throw PipelineError.checks(report.gates)
    }
    work.note("scoring in \(MemoryText.plan(of: plan))")
    let models = pair(prepared, plan)
    var job = try ScoringJob(
      source: prepared.shards, corpus: prepared.corpus, teacher: models.teacher,
      reference: models.reference, settings: plan.settings, folder: output,
      capability: inputs.compute.capability)
    job.reserve = prepared.reserve.overlap
    if try !job.isFinished() {
      let report =
        try repeated(prepared, precision, memory.row, in: output, work)
        ?? prepared.report(resolution, probe, memory: memory, models: { _ in models }, work)
      if report.identity != CheckReport.read(folder: output)?.identity { work.note(report) }
      onChecks(report)
      // What failed need not be measured again to be waived.
      try report.write(folder: output)
      try report.require()
      job.waived = report.waived
    }
    let outcome = try job.run(control: work.control.scoring) { event in
      onEvent(event)
      work.report(event, precision)
    }
    guard case .finished(let scores) = outcome else { throw WorkStopped() }
    var differences = ScoreHistogram()
    for row in 0..<scores.count { differences.add([scores[row]]) }
    return Result(
      scores: scores, path: job.scoresPath, precision: precision,
      resolved: resolution.resolved, differences: differences)
  }

  /// What was found when this very scoring began; nil where it has to be found now.
  private func repeated(
    _ prepared: ScoringPreparation, _ precision: Precision, _ memory: CheckRow, in output: String,
    _ work: Work
  ) throws -> CheckReport? {
    guard var earlier = CheckReport.read(folder: output),
      earlier.identity == (try prepared.identity(precision))
    else { return nil }
    // These two are known by now, and may be others than then.
    for row in [prepared.reserve.row, memory] { earlier.replace(row) }
    earlier.waive(waivers)
    let waived = earlier.waived.map { ", waived: \($0)" } ?? ""
    work.note("the checks were made when this scoring began\(waived)")
    return earlier
  }

  /// Both models; where they fit together, those of the probe stay for the scoring.
  private func pair(
    _ prepared: ScoringPreparation, _ plan: ScoringMemory
  ) -> (teacher: ScoringModel, reference: ScoringModel) {
    let stay = plan.settings.passes == .alternating
    return (
      KeptScorer(stays: stay).keeping(prepared.teacher(plan.settings)),
      KeptScorer(stays: stay).keeping(prepared.reference(plan.settings))
    )
  }
}
