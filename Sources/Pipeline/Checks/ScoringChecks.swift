import DifferenceSampling
import LanguageModels

/// What is looked at before chunks are scored, without scoring them: one tokenizer, ids, lengths,
/// the reserve, memory, and on a small probe of the corpus numbers, losses and speed.
///
/// `Score` makes the same checks before it begins.
public struct ScoringChecks {
  private let inputs: ScoringInputs
  private let settings: Score.Settings
  private let reserve: String?
  private let waivers: [CheckWaiver]

  /// - Parameters:
  ///   - reserve: as of `Score`.
  ///   - waivers: failures that shall not gate.
  public init(
    _ inputs: ScoringInputs, settings: Score.Settings, reserve: String? = nil,
    waivers: [CheckWaiver] = []
  ) {
    self.inputs = inputs
    self.settings = settings
    self.reserve = reserve
    self.waivers = waivers
  }

  /// Makes every check; one that fails is a row, not an error.
  ///
  /// - Throws: `ModelError`, `CorpusError`, `PipelineError.setting` for what cannot even be looked
  ///   at; `WorkStopped`.
  public func run(_ work: Work) throws -> CheckReport {
    try inputs.examine(settings.precision.exact.map { [$0] } ?? [], work)
    let prepared = try ScoringPreparation(
      inputs, settings, reserve: reserve, waivers: waivers, work)
    let probe = try prepared.probe()
    let resolution = try prepared.resolve(folder: nil, probe, work)
    let memory = try prepared.memory(
      resolution.precision, folder: nil, isWaived: prepared.waivesMemory(folder: nil))
    return try prepared.report(
      resolution, probe, memory: memory,
      models: { plan in
        (prepared.teacher(plan.settings), prepared.reference(plan.settings))
      }, work)
  }
}
