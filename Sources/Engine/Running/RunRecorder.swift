import EngineInterface
import Numerics
import Training

/// Turns what a training run tells into the picture of it; picks up earlier points after a resume.
struct RunRecorder {
  private(set) var snapshot: RunSnapshot
  /// The newest held-out result, by source.
  private(set) var losses: EvaluationSummary?
  /// What the run waits with.
  private(set) var question: FaultQuestion?
  private let runFolder: String

  /// - Parameter memory: bytes that the run holds; 0 for one that is over.
  init(name: String, corpus: String, runFolder: String, steps: Int, memory: Int = 0) {
    snapshot = RunSnapshot(name: name, corpus: corpus, steps: steps, memory: memory)
    self.runFolder = runFolder
  }

  /// The same of a run that branches off another.
  init(
    _ fork: ProjectFork, corpus: String, steps: Int = 0, memory: Int = 0
  ) {
    self.init(name: fork.name, corpus: corpus, runFolder: fork.run, steps: steps, memory: memory)
    snapshot.fork = fork.note
  }

  /// A run as its metrics on disk tell it.
  static func restored(name: String, corpus: String, runFolder: String) -> RunRecorder {
    RunRecorder(name: name, corpus: corpus, runFolder: runFolder, steps: 0).restored()
  }

  /// The same with what the metrics on disk tell.
  func restored() -> RunRecorder {
    var recorder = self
    recorder.restore(upTo: .max)
    return recorder
  }

  /// Takes an event; returns a line for the log when it is worth one.
  mutating func record(_ event: TrainingEvent) -> Notice? {
    question = nil
    switch event {
    case .started(let step):
      restore(upTo: step)
      return notice(
        step == 0 ? "\(snapshot.name) starts" : "\(snapshot.name) resumes at step \(step)")
    case .step(let metrics):
      add(metrics)
      return nil
    case .spike(let fault):
      return notice("\(snapshot.name) spike at step \(fault.step): \(fault.text)", .warning)
    case .asking(let asked):
      question = FaultQuestion(asked, run: snapshot.name, step: snapshot.step + 1)
      return notice(
        "\(snapshot.name) waits for an answer: \(question?.text ?? "")", .warning)
    case .wentBack(let step, let fault):
      forget(behind: step)
      return notice(
        "\(snapshot.name) goes back from step \(fault.step) to \(step): \(fault.text); its batch is "
          + "passed over", .warning)
    case .passedOver(let step):
      return notice("\(snapshot.name) passes over the batch of step \(step)", .warning)
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

  /// Takes away what a run that went back will do again.
  private mutating func forget(behind step: Int) {
    let steps = snapshot.trainCurve.count { $0.step <= step }
    snapshot.trainCurve.removeAll { $0.step > step }
    snapshot.gradientNorms = Array(snapshot.gradientNorms.prefix(steps))
    snapshot.heldOutCurve.removeAll { $0.step > step }
    snapshot.epochBorders.removeAll { $0.step > step }
    snapshot.step = step
    snapshot.lastCheckpoint = step
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

extension FaultQuestion {
  init(_ question: TrainingQuestion, run: String, step: Int) {
    switch question {
    case .step(let fault):
      self.init(
        kind: fault.kind == .spike ? .spike : .notFinite, run: run, step: fault.step,
        text: "before the update of step \(fault.step): \(fault.text)")
    case .diskFull(let what, let reason):
      self.init(
        kind: .diskFull, run: run, step: step, text: "\(what) could not be written: \(reason)")
    }
  }
}
