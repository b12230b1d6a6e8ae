import Foundation
public import Store

/// Writes what a run tells as event files that TensorBoard opens: losses, learning rate, norm of the
/// gradient, speed by step and wall time, and samples of text.
///
/// A run that goes on gets a file of its own, which says behind which step it does; TensorBoard drops
/// what was written of later steps before. Writing never ends a run: what the disk does not take is kept
/// in memory and tried again with the next step. Not Sendable: the training thread drives it.
public final class TensorBoardLog {
  /// What changed about the writing.
  public enum Change: Sendable, Equatable {
    /// Records are kept back for this reason, until there is room again.
    case heldBack(StoreError)
    /// What was kept back is written, but for so many of the oldest.
    case caughtUp(lost: Int)
  }

  /// Records that are kept back at most.
  static let mostHeldBack = 10_000

  private let log: RecordLog
  private let checkpoints: String
  private let now: () -> Double
  private var pending: [[UInt8]] = []
  private var lost = 0
  private var isHeldBack = false

  /// Where the records go.
  public var path: String { log.path }

  /// Makes the file of a run that begins or goes on.
  ///
  /// - Parameters:
  ///   - folder: the files of one run stand there; it is made if missing.
  ///   - now: seconds since 1970; by default the clock's.
  /// - Throws: `StoreError` where no file can be made or written there, and
  ///   `StoreError.occupied` for a run that begins where event files of another one are.
  public init(
    folder: String, runFolder: String, now: (() -> Double)? = nil
  ) throws(StoreError) {
    if !Folder.exists("\(runFolder)/\(MetricsLog.fileName)"), try EventFolder.isUsed(folder) {
      throw .occupied(
        path: folder, found: "event files of another run",
        instead: "Name another folder for those of this run, a folder each beside one another: "
          + "TensorBoard shows all that are in the folder above them.")
    }
    log = try EventFolder.makeFile(in: folder)
    checkpoints = "\(OutputPath.canonical(runFolder))/\(CheckpointStore.folderName)"
    self.now = now ?? { Date().timeIntervalSince1970 }
    try log.append(SummaryRecord.version.bytes(time: self.now()))
  }

  /// Writes what an event holds.
  public func take(_ event: TrainingEvent) -> Change? {
    switch event {
    case .started(let step): return write(.start(afterStep: step, checkpoints: checkpoints))
    case .wentBack(let step, _): return write(.start(afterStep: step, checkpoints: checkpoints))
    case .step(let metrics):
      return write(.scalars(step: metrics.step, Self.scalars(of: metrics)))
    case .evaluated(let record, _):
      return write(.scalars(step: record.step, Self.scalars(of: record)))
    case .sampled(let samples):
      guard let step = samples.first?.step else { return nil }
      return write(
        .texts(
          step: step,
          samples.enumerated().map { (tag: "samples/\($0)", text: Self.markdown($1)) }))
    case .checkpoint, .stopped, .finished: return sync()
    default: return nil
    }
  }

  /// Tags as transformers' trainer has them, where it has one.
  private static func scalars(of metrics: StepMetrics) -> [(tag: String, value: Float)] {
    var scalars: [(tag: String, value: Float)] = [
      // A refused update has no number, and TensorBoard a sign for that.
      ("train/loss", metrics.loss.map { Float($0) } ?? .nan),
      ("train/grad_norm", metrics.gradientNorm.map { Float($0) } ?? .nan),
      ("train/learning_rate", Float(metrics.learningRate)),
      ("train/epoch", Float(metrics.epoch)),
      ("train/clipped_share", Float(metrics.clippedShare)),
      ("train/tokens_seen", Float(metrics.tokensSeen)),
      ("train/tokens_per_second", Float(metrics.tokensPerSecond)),
      ("train/step_seconds", Float(metrics.stepMilliseconds / 1000)),
    ]
    if let smoothed = metrics.smoothedLoss {
      scalars.append(("train/loss_smoothed", Float(smoothed)))
    }
    if let losses = metrics.distillation {
      scalars += [
        ("train/lm_loss", Float(losses.lmLoss)), ("train/kd_loss", Float(losses.kdLoss)),
        ("train/teacher_entropy", Float(losses.teacherEntropy)),
      ]
      if let share = losses.kdGradientShare {
        scalars.append(("train/kd_gradient_share", Float(share)))
      }
    }
    return scalars + (metrics.minillm.map { Self.scalars(of: $0) } ?? [])
  }

  private static func scalars(of figures: MiniLLMMetrics) -> [(tag: String, value: Float)] {
    [
      ("rollout/policy_loss", Float(figures.policyLoss)),
      ("rollout/reverse_kl", Float(figures.reverseKL)),
      ("rollout/reward", Float(figures.reward)), ("rollout/length", Float(figures.length)),
      ("rollout/finished_share", Float(figures.finishedShare)),
      ("rollout/clipped_share", Float(figures.clippedShare)),
      ("rollout/importance_weight", Float(figures.importanceWeight)),
      ("rollout/ratio", Float(figures.ratio)),
    ]
  }

  private static func scalars(of record: EvaluationRecord) -> [(tag: String, value: Float)] {
    var scalars: [(tag: String, value: Float)] = [
      ("eval/loss", Float(record.losses.all.chunkMean)),
      ("eval/loss_by_token", Float(record.losses.all.tokenMean)),
    ]
    if record.losses.sources.count > 1 {
      for source in record.losses.sources {
        scalars.append(("eval_source/\(source.name)", Float(source.chunkMean)))
      }
    }
    return scalars
  }

  /// TensorBoard shows Markdown: a block of what a prompt became, as it stands.
  private static func markdown(_ sample: TextSample) -> String {
    (sample.prompt + sample.text).split(separator: "\n", omittingEmptySubsequences: false)
      .map { "    " + $0 }.joined(separator: "\n")
  }

  private func write(_ record: SummaryRecord) -> Change? {
    pending.append(record.bytes(time: now()))
    if pending.count > Self.mostHeldBack {
      pending.removeFirst()
      lost += 1
    }
    return attempt { () throws(StoreError) in
      while let first = pending.first {
        try log.append(first)
        pending.removeFirst()
      }
    }
  }

  private func sync() -> Change? { attempt { () throws(StoreError) in try log.sync() } }

  private func attempt(_ body: () throws(StoreError) -> Void) -> Change? {
    do throws(StoreError) {
      try body()
    } catch {
      defer { isHeldBack = true }
      return isHeldBack ? nil : .heldBack(error)
    }
    guard isHeldBack, pending.isEmpty else { return nil }
    defer { (isHeldBack, lost) = (false, 0) }
    return .caughtUp(lost: lost)
  }
}
