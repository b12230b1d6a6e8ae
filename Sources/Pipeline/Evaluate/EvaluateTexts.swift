public import LanguageModels
import Numerics
public import TensorKit
public import Training

/// Measures a model's loss on whole texts, each read in overlapping windows: perplexity as it is usually
/// published, and bits a byte of the texts themselves.
public struct EvaluateTexts {
  private let model: ModelFolder
  private let texts: HeldOutTexts
  private let windows: StridedWindows
  private let settings: Evaluate.Settings
  private let compute: Ops

  /// - Parameter settings: `chunksPerBatch` windows go through one forward pass; `chunkTokens` is that of
  ///   `windows`.
  public init(
    _ model: ModelFolder, on texts: HeldOutTexts, windows: StridedWindows,
    settings: Evaluate.Settings, compute: Ops
  ) {
    self.model = model
    self.texts = texts
    self.windows = windows
    self.settings = settings
    self.compute = compute
  }

  /// The loss of every text.
  ///
  /// - Throws: `PipelineError.setting`, `ModelError.memory` before anything is loaded, `TrainingError`,
  ///   `CorpusError`, `WorkStopped`.
  public func run(_ work: Work) throws -> EvaluationResult {
    try settings.validate()
    let evaluation = StridedEvaluation(windows, windowsPerBatch: settings.chunksPerBatch)
    let configuration = try work.examine(
      model, precision: settings.precision, for: .scoring, compute: compute)
    let plan = try MemoryPlan.check(
      configuration: configuration, maximumTokens: evaluation.maximumTokens,
      precision: settings.precision, purpose: .scoring, compute: compute,
      limitBytes: SystemMemory.available())
    work.note(
      "evaluating \(model.name) in \(MemoryText.plan(of: plan, settings.precision)), windows of "
        + "\(Number.grouped(windows.window)) tokens, one every \(Number.grouped(windows.stride))")
    if let positions = configuration.maximumPositions, windows.window - 1 > positions {
      work.note(
        "\(model.path) was made for \(Number.grouped(positions)) positions "
          + "(max_position_embeddings), and windows have \(Number.grouped(windows.window - 1)): "
          + "beyond them its losses tell little", .warning)
    }
    let source = try texts.open(for: model, endOfText: settings.endOfText, work)
    try work.checkpoint()
    let loaded = try model.load(
      precision: settings.precision, purpose: .scoring, compute: compute, work)
    let workspace = try Workspace(
      for: loaded, maximumTokens: evaluation.maximumTokens, purpose: .scoring)
    let result = try evaluation.run(
      loaded, workspace: workspace, sources: { source.sources },
      next: {
        try work.checkpoint()
        return try source.next()
      },
      progress: { targets, share in
        work.goesOn(
          WorkProgress(
            source.progress.map { min(1, $0.before + $0.current * share) },
            detail: "\(model.name), \(Number.grouped(source.count)) texts, "
              + "\(Number.grouped(targets)) tokens"))
      })
    guard let result else { throw WorkStopped() }
    try source.finish(work)
    if source.count == texts.limit {
      work.note("the first \(Number.grouped(source.count)) texts were taken (--limit)")
    }
    return result
  }
}
