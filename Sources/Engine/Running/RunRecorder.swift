import EngineInterface
import Numerics
import Training

/// Turns what a training run tells into the picture of it; picks up earlier points after a resume.
struct RunRecorder {
  private(set) var snapshot: RunSnapshot
  /// The newest held-out result, by source.
  private(set) var losses: EvaluationSummary?
  private let runFolder: String

  /// - Parameter memory: bytes that the run holds; 0 for one that is over.
  init(name: String, corpus: String, runFolder: String, steps: Int, memory: Int = 0) {
    snapshot = RunSnapshot(name: name, corpus: corpus, steps: steps, memory: memory)
    self.runFolder = runFolder
  }

  /// A run as its metrics on disk tell it.
  static func restored(name: String, corpus: String, runFolder: String) -> RunRecorder {
    var recorder = RunRecorder(name: name, corpus: corpus, runFolder: runFolder, steps: 0)
    recorder.restore(upTo: .max)
    return recorder
  }

  /// Takes an event; returns a line for the log when it is worth one.
  mutating func record(_ event: TrainingEvent) -> Notice? {
    switch event {
    case .started(let step):
      restore(upTo: step)
      return notice(
        step == 0 ? "\(snapshot.name) starts" : "\(snapshot.name) resumes at step \(step)")
    case .step(let metrics):
      add(metrics)
      guard let z = metrics.lossZScore, z > 4 else { return nil }
      return notice(
        "\(snapshot.name) loss spike z=\(Number.fixed(z, 1)) at step \(metrics.step)", .warning)
    case .evaluated(let record, _):
      add(record)
      let loss = Number.fixed(record.losses.all.chunkMean, 3)
      return notice("\(snapshot.name) held-out \(loss) at step \(record.step)")
    case .epoch(let record):
      add(record)
      // What ends with an epoch says so by itself.
      guard record.isWorthTelling, record.step < snapshot.steps else { return nil }
      return notice(
        "\(snapshot.name) begins epoch \(record.epoch + 1) behind step \(record.step), "
          + (record.order == .shuffled ? "in a new order" : "in the same order"))
    case .checkpoint(let record):
      snapshot.lastCheckpoint = record.step
      return notice(
        "\(snapshot.name) checkpoint \(record.step), \(Number.fixed(record.seconds, 1)) s")
    case .checkpointDamaged(let path, let reason):
      return notice("checkpoint \(path) is damaged (\(reason)); the one before is used", .warning)
    case .updateRefused(let step, let reason, _):
      return notice("\(snapshot.name) left out the update of step \(step): \(reason)", .warning)
    case .setback(let step, let what, let reason):
      return notice(
        "\(snapshot.name) has not written \(what), at step \(step): \(reason)", .warning)
    case .paused(let step): return notice("\(snapshot.name) waits at step \(step)")
    case .resumed(let step): return notice("\(snapshot.name) goes on at step \(step)")
    case .stopped(let step): return notice("\(snapshot.name) stopped at step \(step), saved")
    case .finished(let step): return notice("\(snapshot.name) finished at step \(step)")
    case .evaluating, .readingData, .rollingOut, .sampled: return nil
    }
  }

  private mutating func restore(upTo step: Int) {
    guard step > 0, let records = try? MetricsLog.read(runFolder: runFolder) else { return }
    for record in records where record.step <= step {
      switch record {
      case .step(let metrics): add(metrics)
      case .evaluation(let record): add(record)
      case .checkpoint(let record): snapshot.lastCheckpoint = record.step
      case .epoch(let record): add(record)
      }
    }
  }

  private mutating func add(_ metrics: StepMetrics) {
    snapshot.step = metrics.step
    snapshot.steps = metrics.totalSteps
    snapshot.tokens = metrics.tokensSeen
    snapshot.epoch = metrics.epoch
    snapshot.loss = metrics.loss ?? .nan
    snapshot.averageLoss = metrics.smoothedLoss ?? .nan
    snapshot.lossZScore = metrics.lossZScore ?? 0
    snapshot.learningRate = metrics.learningRate
    snapshot.gradientNorm = metrics.gradientNorm ?? .nan
    snapshot.clippedShare = metrics.clippedShare
    snapshot.tokensPerSecond = metrics.tokensPerSecond
    snapshot.stepTime = metrics.stepMilliseconds
    snapshot.eta = metrics.secondsRemaining
    snapshot.trainCurve.append(
      CurvePoint(step: metrics.step, tokens: metrics.tokensSeen, loss: metrics.loss ?? .nan))
    snapshot.gradientNorms.append(metrics.gradientNorm ?? .nan)
    if let both = metrics.distillation {
      snapshot.distillation = DistillationFigures(
        lmLoss: both.lmLoss, kdLoss: both.kdLoss,
        gradientShare: both.kdGradientShare ?? snapshot.distillation?.gradientShare)
    }
  }

  private mutating func add(_ record: EpochRecord) {
    snapshot.epochBorders.append(
      CurvePoint(
        step: record.step, tokens: record.tokensSeen, loss: record.smoothedLoss ?? .nan))
  }

  private mutating func add(_ record: EvaluationRecord) {
    losses = record.losses
    snapshot.heldOutLoss = record.losses.all.chunkMean
    snapshot.heldOutCurve.append(
      CurvePoint(step: record.step, tokens: record.tokensSeen, loss: record.losses.all.chunkMean))
  }

  private func notice(_ text: String, _ level: Notice.Level = .info) -> Notice {
    Notice(level: level, text: text, time: Clock.timeOfDay())
  }
}
