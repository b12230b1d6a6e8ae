import Corpus
import DifferenceSampling
import LanguageModels
import Numerics
import Store
import TensorKit

/// A scoring before its first batch: everything that it needs is open, and is looked at.
struct ScoringPreparation {
  let inputs: ScoringInputs
  let settings: Score.Settings
  let waivers: [CheckWaiver]
  let shards: TokenShards
  let corpus: ArtifactIdentity
  let endOfText: Int32
  let reserve: ReserveCheck.Finding
  /// Of both models, by precision and size of the batches.
  let teacher: (ScoringSettings) -> ScoringModel
  let reference: (ScoringSettings) -> ScoringModel
  private let identities: (teacher: ArtifactIdentity, reference: ArtifactIdentity)
  private let made: ShardsTokenizer
  /// Of the vocabularies.
  private let sizes: (teacher: Int, reference: Int)
  let lengths: LongChunks

  init(
    _ inputs: ScoringInputs, _ settings: Score.Settings, reserve: String?,
    waivers: [CheckWaiver], _ work: Work
  ) throws {
    self.inputs = inputs
    self.settings = settings
    self.waivers = waivers
    try ScoringInputs.check("positions", settings.maximumPositions)
    shards = try TokenShards(ShardLocation(inputs.shards))
    made = try ShardsTokenizer(ofShards: inputs.shards)
    lengths = try LongChunks(
      in: shards, beyond: settings.maximumPositions + 1, inputs.shards,
      models: [inputs.teacher, inputs.reference], work)
    endOfText = try inputs.endOfTextToken(work)
    teacher = try inputs.model(inputs.teacher, work)
    reference = try inputs.model(inputs.reference, work)
    corpus = try Identities(inputs.digests, work).shards(shards, at: inputs.shards)
    self.reserve = try ReserveCheck(
      reserve: reserve, reference: inputs.reference.path, threads: inputs.compute.pool.threads
    ).compare(with: shards, work)
    let plain = ScoringSettings(endOfText: endOfText)
    sizes = (
      try inputs.teacher.configuration().vocabularySize,
      try inputs.reference.configuration().vocabularySize
    )
    identities = (teacher(plain).identity, reference(plain).identity)
  }

  /// What the checks are about; where it is what it was, they need not be made again.
  func identity(_ precision: Precision) throws -> String {
    var hasher = try Digest.Hasher()
    let parts = [
      corpus.digest, identities.teacher.digest, identities.reference.digest, "\(endOfText)",
      "\(settings.maximumPositions)", precision.rawValue,
      inputs.compute.capability.arithmetic(of: precision) ?? "", reserve.overlap?.digest ?? "",
      inputs.tokenizer ?? "",
    ]
    for part in parts { Array("\(part)\n".utf8).withUnsafeBytes { hasher.update($0) } }
    return hasher.finish()
  }

  // MARK: - Checks

  /// The memory of the job in `precision`, and what is to be said of it. What does not fit is planned
  /// with one chunk a batch and one model at a time where that is waived, and not at all elsewhere.
  func memory(
    _ precision: Precision, folder: String?, isWaived: Bool
  ) throws -> (plan: ScoringMemory?, row: CheckRow) {
    var wanted = ScoringSettings(
      endOfText: endOfText, seed: settings.seed, order: settings.order,
      blockSize: settings.blockSize, maximumPositions: settings.maximumPositions,
      precision: precision)
    do {
      let plan = try inputs.memory(
        wanted, tokensPerBatch: settings.tokensPerBatch, folder: folder)
      let free = Number.bytes(inputs.memoryLimit ?? SystemMemory.available())
      return (plan, CheckRow(.memory, .ok, "\(MemoryText.plan(of: plan)); \(free) are free"))
    } catch let error as DifferenceSamplingError {
      guard case .doesNotFit = error else { throw error }
      let row = CheckRow(.memory, .failed, error.message, advice: error.hint)
      guard isWaived else { return (nil, row) }
      wanted.tokensPerBatch = settings.tokensPerBatch ?? settings.maximumPositions
      wanted.passes = .onePassEach
      return (
        ScoringMemory(
          teacher: try inputs.teacher.configuration(),
          reference: try inputs.reference.configuration(), settings: wanted,
          compute: inputs.compute), row
      )
    }
  }

  /// Whether failed memory shall not gate, this time or when the scoring in `folder` began.
  func waivesMemory(folder: String?) -> Bool {
    let earlier = folder.flatMap { CheckReport.read(folder: $0) }
    return waivers.contains { $0.check == .memory }
      || earlier?.rows.contains { $0.check == .memory && $0.isWaived } ?? false
  }

  /// The chunks that are tried.
  func probe() throws -> ScoringProbe {
    try ScoringProbe(
      of: shards, seed: settings.seed, endOfText: endOfText,
      positions: settings.maximumPositions)
  }

  /// Whether both models have the ids of the probe.
  func knows(_ probe: ScoringProbe) -> Bool {
    probe.tokens.map {
      $0.lowerBound >= 0 && Int($0.upperBound) < min(sizes.teacher, sizes.reference)
    } ?? false
  }

  /// Makes every check.
  ///
  /// - Parameters:
  ///   - memory: as `memory` gives it.
  ///   - models: teacher and reference in the settings of the plan; they are loaded where the probe
  ///     has not been scored yet.
  func report(
    _ resolution: ScoringResolution, _ probe: ScoringProbe,
    memory: (plan: ScoringMemory?, row: CheckRow),
    models: (ScoringMemory) -> (teacher: ScoringModel, reference: ScoringModel), _ work: Work
  ) throws -> CheckReport {
    let precision = resolution.precision
    var rows = [
      try TokenizerCheck(
        made: made, shards: inputs.shards, place: inputs.tokenizer, teacher: inputs.teacher,
        reference: inputs.reference
      ).row(),
      vocabulary(probe), try lengths.check(), reserve.row, memory.row,
    ]
    var report = CheckReport(
      identity: try identity(precision), rows: [], precision: precision,
      resolved: resolution.resolved, probeChunks: probe.chunks.count)
    if let plan = memory.plan, knows(probe) {
      var outcomes = resolution.outcomes
      if outcomes == nil {
        let pair = models(plan)
        outcomes = (
          try outcome("teacher", pair.teacher, plan, probe, work),
          try outcome("reference", pair.reference, plan, probe, work)
        )
      }
      if let (teacher, reference) = outcomes {
        let checks = ProbeChecks(
          teacher: teacher, reference: reference, vocabularies: sizes,
          areSame: identities.teacher.digest == identities.reference.digest,
          areUntrained: { [inputs] in
            [inputs.teacher, inputs.reference].allSatisfy {
              (try? $0.examine())?.isAsMade() ?? false
            }
          }, precision: precision)
        rows += [checks.finite(), checks.better(), checks.speed(tokens: lengths.inputs)]
        report.secondsForAll = checks.seconds(tokens: lengths.inputs)
      }
    } else {
      let why = memory.plan == nil ? "the models do not fit" : "ids of the probe are unknown"
      rows += [.finite, .teacher, .speed].map { CheckRow($0, .unknown, "not measured: \(why)") }
    }
    report.rows = rows
    report.waive(waivers)
    return report
  }

  private func vocabulary(_ probe: ScoringProbe) -> CheckRow {
    let words =
      "teacher \(Number.grouped(sizes.teacher)), reference "
      + "\(Number.grouped(sizes.reference)) ids"
    let advice = "Use models that were made for the tokenizer of these shards."
    if let tokens = probe.tokens, !knows(probe) {
      let id = tokens.lowerBound < 0 ? tokens.lowerBound : tokens.upperBound
      return CheckRow(
        .vocabulary, .failed, "the shards hold the id \(id): \(words)", advice: advice)
    }
    if let stated = made.vocabularySize, stated > min(sizes.teacher, sizes.reference) {
      return CheckRow(
        .vocabulary, .failed,
        "the shards were packed with \(Number.grouped(stated)) ids: \(words)", advice: advice)
    }
    guard let tokens = probe.tokens else {
      return CheckRow(.vocabulary, .unknown, "the probe holds no token: \(words)")
    }
    let stated = made.vocabularySize.map { "\(Number.grouped($0)) ids" }
    return CheckRow(
      .vocabulary, .ok,
      "shards \(stated ?? "up to \(Number.grouped(Int(tokens.upperBound))) in the probe"), \(words)"
    )
  }
}
