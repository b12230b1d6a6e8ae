import EngineInterface
import Numerics
import Pipeline
import Training

/// Turns what a training run tells into the picture of it; picks up earlier points after a resume.
struct RunRecorder {
  private(set) var snapshot: RunSnapshot
  /// The newest held-out result, by source.
  private(set) var losses: EvaluationSummary?
  /// What the run waits with.
  private(set) var question: FaultQuestion?
  private let runFolder: String

  /// - Parameters:
  ///   - memory: bytes that the run holds; 0 where they are not known.
  ///   - operationsPerToken: what it computes for a token of its corpus; nil where it is not known.
  init(
    name: String, corpus: String, runFolder: String, steps: Int, memory: Int = 0,
    operationsPerToken: Double? = nil
  ) {
    snapshot = RunSnapshot(
      name: name, corpus: corpus, steps: steps, memory: memory,
      operationsPerToken: operationsPerToken)
    self.runFolder = runFolder
  }

  /// The same of a run that branches off another.
  init(
    _ fork: ProjectFork, corpus: String, steps: Int = 0, memory: Int = 0,
    operationsPerToken: Double? = nil
  ) {
    self.init(
      name: fork.name, corpus: corpus, runFolder: fork.run, steps: steps, memory: memory,
      operationsPerToken: operationsPerToken)
    snapshot.fork = fork.note
  }

  /// A run as its metrics on disk tell it.
  static func restored(
    name: String, corpus: String, runFolder: String, memory: Int = 0
  ) -> RunRecorder {
    RunRecorder(name: name, corpus: corpus, runFolder: runFolder, steps: 0, memory: memory)
      .restored()
  }

  /// The same with what the metrics on disk tell.
  func restored() -> RunRecorder {
    var recorder = self
    recorder.restore(upTo: .max)
    // A run that cannot be priced has no axis of operations.
    recorder.snapshot.operationsPerToken =
      snapshot.operationsPerToken
      ?? (try? TrainingPrice.operationsPerToken(runFolder: runFolder)) ?? nil
    return recorder
  }

  /// Takes what training tells; returns it as an event when it is worth one.
  mutating func record(_ event: TrainingEvent) -> RunEvent? {
    question = nil
    let name = snapshot.name
    switch event {
    case .started(let step):
      restore(upTo: step)
      return self.event(
        .start, step: step, step == 0 ? "\(name) starts" : "\(name) resumes at step \(step)")
    case .step(let metrics):
      add(metrics)
      return nil
    case .spike(let fault):
      return self.event(
        .spike, step: fault.step, "\(name) spike at step \(fault.step): \(fault.text)", .warning)
    case .asking(let asked):
      let question = FaultQuestion(asked, run: name, step: snapshot.step + 1)
      self.question = question
      return self.event(
        .decision, step: question.step, "\(name) waits for an answer: \(question.text)", .warning)
    case .wentBack(let step, let fault):
      forget(behind: step)
      return self.event(
        .decision, step: fault.step,
        "\(name) goes back from step \(fault.step) to \(step): \(fault.text); its batch is "
          + "passed over", .warning)
    case .passedOver(let step):
      return self.event(
        .decision, step: step, "\(name) passes over the batch of step \(step)", .warning)
    case .evaluated(let record, _):
      add(record)
      return self.event(record)
    case .epoch(let record):
      add(record)
      // What ends with an epoch says so by itself.
      guard record.isWorthTelling, record.step < snapshot.steps else { return nil }
      return self.event(
        .epoch, step: record.step,
        "\(name) begins epoch \(record.epoch + 1) behind step \(record.step), "
          + (record.order == .shuffled ? "in a new order" : "in the same order"))
    case .checkpoint(let record):
      snapshot.lastCheckpoint = record.step
      return self.event(record)
    case .checkpointDamaged(let path, let reason):
      return self.event(
        .setback, "checkpoint \(path) is damaged (\(reason)); the one before is used", .warning)
    case .updateRefused(let step, let reason, _):
      return self.event(
        .spike, step: step, "\(name) left out the update of step \(step): \(reason)", .warning)
    case .setback(let step, let what, let reason):
      return self.event(
        .setback, step: step, "\(name) has not written \(what), at step \(step): \(reason)",
        .warning)
    case .paused(let step): return self.event(.end, step: step, "\(name) waits at step \(step)")
    case .resumed(let step):
      return self.event(.start, step: step, "\(name) goes on at step \(step)")
    case .stopped(let step):
      return self.event(.end, step: step, "\(name) stopped at step \(step), saved")
    case .finished(let step):
      return self.event(.end, step: step, "\(name) finished at step \(step)")
    case .evaluating, .readingData, .rollingOut, .sampled: return nil
    }
  }

  func event(_ record: EvaluationRecord) -> RunEvent {
    let loss = Number.fixed(record.losses.all.chunkMean, 3)
    return event(
      .evaluation, step: record.step, "\(snapshot.name) held-out \(loss) at step \(record.step)")
  }

  func event(_ record: CheckpointRecord) -> RunEvent {
    event(
      .checkpoint, step: record.step,
      "\(snapshot.name) checkpoint \(record.step), \(Number.fixed(record.seconds, 1)) s")
  }

  private func event(
    _ kind: RunEvent.Kind, step: Int? = nil, _ text: String, _ level: Notice.Level = .info
  ) -> RunEvent {
    RunEvent(
      kind, level: level, text: text, time: Clock.timeOfDay(), run: snapshot.name,
      step: step.flatMap { $0 > 0 ? $0 : nil })
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
    // Where not every step is logged, those between took as long.
    let before = snapshot.trainCurve.last
    let seconds =
      (before?.seconds ?? 0)
      + metrics.stepMilliseconds / 1000 * Double(max(0, metrics.step - (before?.step ?? 0)))
    snapshot.trainCurve.append(
      CurvePoint(
        step: metrics.step, tokens: metrics.tokensSeen, loss: metrics.loss ?? .nan,
        seconds: seconds))
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
        step: record.step, tokens: record.tokensSeen, loss: record.smoothedLoss ?? .nan,
        seconds: snapshot.trainCurve.last?.seconds ?? 0))
  }

  private mutating func add(_ record: EvaluationRecord) {
    losses = record.losses
    snapshot.heldOutLoss = record.losses.all.chunkMean
    snapshot.heldOutCurve.append(
      CurvePoint(
        step: record.step, tokens: record.tokensSeen, loss: record.losses.all.chunkMean,
        seconds: snapshot.trainCurve.last?.seconds ?? 0))
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
