import LanguageModels

/// Seconds of work in one step.
struct StepTime {
  var reading = 0.0
  var computing = 0.0
  /// Of the rollout before the step; not part of the step's own time.
  var rollout: Double?
  var total: Double { reading + computing }

  private static let clock = ContinuousClock()

  /// Runs `body` and adds its time to `total`.
  static func measure<R>(_ total: inout Double, _ body: () throws -> R) rethrows -> R {
    let start = clock.now
    defer { total += (clock.now - start) / .seconds(1) }
    return try body()
  }
}

extension Trainer {
  /// One optimiser step; false, with nothing changed but the gradient buffer, when a stop came
  /// between two micro-batches.
  func takeStep() throws -> Bool {
    var time = StepTime()
    try requireUnchangedData()
    let batches = try StepTime.measure(&time.reading) {
      try StepBatches(
        plan.chunks(ofStep: state.step), of: chunks, configuration: configuration,
        vocabularySize: model.configuration.vocabularySize)
    }
    try StepTime.measure(&time.computing) { try optimizer.clearGradients() }
    var loss = 0.0
    var sampled: MiniLLMSum?
    if let policy {
      guard let sum = try sampledLosses(policy, &time) else { return false }
      sampled = sum
      loss = sum.loss
    }
    let textWeight = policy?.settings.textWeight ?? 1
    let sampledLoss = loss
    let readsText = textWeight > 0
    var distilled = DistillationSum()
    for index in 0..<(readsText && loss.isFinite ? batches.count : 0) {
      guard try mayGoOn() else { return false }
      let batch = StepTime.measure(&time.reading) { batches[index] }
      try StepTime.measure(&time.computing) {
        if let distillation {
          let chunks = batches.chunks(of: index)
          distilled.add(
            try distillation.losses(
              textWeight == 1 ? batch : batch.weighted(by: Float(textWeight)), chunks, model,
              workspace, measuresGradients: stepIsLogged), of: batch)
          loss = sampledLoss + textWeight * distilled.loss(distillation.settings)
        } else {
          loss += batch.loss(of: try model.lossAndGradients(batch, workspace: workspace))
        }
      }
      if !loss.isFinite { break }
    }
    guard try mayGoOn() else { return false }
    let hasText = readsText && batches.count > 0
    let isGood = loss.isFinite && (hasText || sampled != nil)
    var outcome = StepOutcome(
      loss: isGood ? loss : nil,
      distillation: distillation != nil && isGood && hasText ? distilled.metrics : nil,
      minillm: isGood ? sampled.flatMap { metrics(of: $0) } : nil,
      learningRate: schedule.rate(afterUpdates: state.updates))
    try StepTime.measure(&time.computing) { try update(&outcome) }
    try finishStep(outcome, tokens: batches.tokenCount, time: time)
    return true
  }

  /// Whether the step that is being made goes to `metrics.jsonl` in any case.
  private var stepIsLogged: Bool {
    (state.step + 1) % configuration.logInterval == 0 || state.step + 1 >= configuration.steps
  }

  /// What one step computed.
  private struct StepOutcome {
    var loss: Double?
    var distillation: DistillationMetrics?
    var minillm: MiniLLMMetrics?
    var learningRate: Double
    var gradientNorm: Double?
    var clipped = false
    var refusal: String?
  }

  /// Applies the update, unless loss or gradient are not finite.
  private func update(_ outcome: inout StepOutcome) throws {
    guard outcome.loss != nil else {
      outcome.refusal = "found a loss that is not finite, or no counted token"
      return
    }
    let norm = try optimizer.gradientNorm()
    guard norm.isFinite else {
      outcome.refusal = "found a gradient that is not finite"
      return
    }
    let scale = optimizer.clippingScale(norm: norm)
    outcome.gradientNorm = norm
    outcome.clipped = scale < 1
    try optimizer.apply(
      update: state.updates + 1, learningRate: outcome.learningRate, gradientScale: scale)
  }

  /// Counts the step, logs it and tells of it.
  private func finishStep(_ outcome: StepOutcome, tokens: Int, time: StepTime) throws {
    state.step += 1
    state.tokensSeen += tokens
    if outcome.refusal == nil {
      state.updates += 1
      state.refusedInARow = 0
    } else {
      state.refusedUpdates += 1
      state.refusedInARow += 1
    }
    if outcome.clipped { state.clippedUpdates += 1 }
    if let seconds = time.rollout {
      var mean = state.secondsPerRollout ?? DebiasedMean(decay: 0.8)
      mean.update(seconds)
      state.secondsPerRollout = mean
    }
    let metrics = metrics(outcome, tokens: tokens, time: time)
    if state.step % configuration.logInterval == 0 || isComplete || outcome.refusal != nil {
      try note(.step(metrics))
      state.intervalLossSum = 0
      state.intervalLossCount = 0
    }
    emit(.step(metrics))
    try recordEpoch()
    if let reason = outcome.refusal {
      emit(.updateRefused(step: state.step, reason: reason, inARow: state.refusedInARow))
      if state.refusedInARow > configuration.refusedUpdatesAllowed {
        throw TrainingError.diverged(
          step: state.step, refused: state.refusedInARow, reason: reason)
      }
    }
  }

  /// Logs and tells of a border between two passes over the corpus, behind the step that was just
  /// counted.
  private func recordEpoch() throws {
    guard plan.isEpochBorder(afterSteps: state.step) else { return }
    let record = EpochRecord(
      step: state.step, tokensSeen: state.tokensSeen, epoch: plan.epoch(ofStep: state.step),
      stepsPerEpoch: plan.stepsPerEpoch, chunksLeftOut: plan.chunksLeftOut, order: plan.order,
      smoothedLoss: state.smoothedLoss.value)
    try note(.epoch(record))
    emit(.epoch(record))
  }

  /// The figures of the step that was just counted; enters them into the running statistics.
  private func metrics(_ outcome: StepOutcome, tokens: Int, time: StepTime) -> StepMetrics {
    var lossZScore: Double?
    if let loss = outcome.loss {
      lossZScore = state.lossWindow.score(loss)
      state.smoothedLoss.update(loss)
      state.intervalLossSum += loss
      state.intervalLossCount += 1
    }
    let normZScore = outcome.gradientNorm.flatMap { state.gradientNormWindow.score($0) }
    let seconds = max(time.total, 1e-9)
    let secondsPerStep = state.secondsPerStep.update(seconds)
    return StepMetrics(
      step: state.step, totalSteps: configuration.steps,
      epoch: Double(state.step) / Double(plan.stepsPerEpoch), tokensSeen: state.tokensSeen,
      loss: outcome.loss,
      intervalLoss: state.intervalLossCount > 0
        ? state.intervalLossSum / Double(state.intervalLossCount) : nil,
      smoothedLoss: state.smoothedLoss.value, learningRate: outcome.learningRate,
      gradientNorm: outcome.gradientNorm, clipped: outcome.clipped,
      clippedShare: Double(state.clippedUpdates) / Double(max(1, state.updates)),
      refused: outcome.refusal != nil, lossZScore: lossZScore, gradientNormZScore: normZScore,
      tokensPerSecond: state.tokensPerSecond.update(Double(tokens) / seconds),
      stepMilliseconds: seconds * 1000, dataShare: time.reading / seconds,
      secondsRemaining: secondsPerStep * Double(stepsRemaining) + rolloutSecondsRemaining,
      distillation: outcome.distillation, minillm: outcome.minillm)
  }

  /// What the rollouts that are still to be sampled take at their present pace.
  private var rolloutSecondsRemaining: Double {
    guard let policy, let seconds = state.secondsPerRollout?.value else { return 0 }
    let end = state.step + stepsRemaining
    return seconds * Double(policy.plan.rollouts(fromStep: state.step, to: end))
  }

  /// Steps to the end of the run, by the token budget if that comes first.
  private var stepsRemaining: Int {
    let bySteps = max(0, configuration.steps - state.step)
    guard let budget = configuration.tokenBudget, state.tokensSeen > 0 else { return bySteps }
    let tokensPerStep = Double(state.tokensSeen) / Double(state.step)
    return min(
      bySteps, max(0, Int((Double(budget - state.tokensSeen) / tokensPerStep).rounded(.up))))
  }
}
