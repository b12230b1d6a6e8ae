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
  /// One optimiser step, or a return to the newest checkpoint; false, with nothing changed but the
  /// gradient buffer, when a stop came between two micro-batches.
  func takeStep() throws -> Bool {
    var time = StepTime()
    try requireUnchangedData()
    let numbers = self.batches.chunks(ofStep: state.step + 1)
    if numbers.isEmpty { return try passOver() }
    let batches = try StepTime.measure(&time.reading) {
      try StepBatches(
        numbers, of: chunks, configuration: configuration,
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
    try StepTime.measure(&time.computing) {
      if outcome.loss != nil { outcome.gradientNorm = try optimizer.gradientNorm() }
    }
    if let fault = fault(&outcome, chunks: numbers) {
      switch try action(for: fault) {
      case nil: return false
      case .note: emit(.spike(fault))
      case .skip: outcome.refusal = fault.text
      case .back:
        try goBack(because: fault)
        return true
      case .stop, .ask: try halt(at: fault)
      }
    }
    if outcome.refusal == nil { try StepTime.measure(&time.computing) { try update(&outcome) } }
    try finishStep(outcome, tokens: batches.tokenCount, time: time)
    return true
  }

  /// Counts a step whose batch is not read.
  private func passOver() throws -> Bool {
    guard try mayGoOn() else { return false }
    var outcome = StepOutcome(learningRate: schedule.rate(afterUpdates: state.updates))
    outcome.isPassedOver = true
    try finishStep(outcome, tokens: 0, time: StepTime())
    emit(.passedOver(step: state.step))
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
    var isPassedOver = false

    /// Whether its numbers are those of an update.
    var isApplied: Bool { refusal == nil && !isPassedOver }
  }

  /// What is wrong with the step that was computed; nil where nothing is. A norm that is not finite
  /// is no figure of it.
  private func fault(_ outcome: inout StepOutcome, chunks: [Int]) -> StepFault? {
    let step = state.step + 1
    guard let loss = outcome.loss, let norm = outcome.gradientNorm, norm.isFinite else {
      outcome.gradientNorm = nil
      return StepFault(
        kind: .notFinite, step: step,
        text: outcome.loss == nil
          ? "found a loss that is not finite, or no counted token"
          : "found a gradient that is not finite",
        loss: outcome.loss, gradientNorm: nil, chunks: chunks)
    }
    return StepFault(
      step: step, loss: loss, lossZScore: state.lossWindow.scoreOnly(loss), gradientNorm: norm,
      normZScore: state.gradientNormWindow.scoreOnly(norm),
      threshold: configuration.faults.spikeThreshold, chunks: chunks)
  }

  /// Applies the update.
  private func update(_ outcome: inout StepOutcome) throws {
    guard let norm = outcome.gradientNorm else { return }
    let scale = optimizer.clippingScale(norm: norm)
    outcome.clipped = scale < 1
    try optimizer.apply(
      update: state.updates + 1, learningRate: outcome.learningRate, gradientScale: scale)
  }

  /// Counts the step, logs it and tells of it.
  private func finishStep(_ outcome: StepOutcome, tokens: Int, time: StepTime) throws {
    state.step += 1
    state.tokensSeen += tokens
    if outcome.isApplied {
      state.updates += 1
      state.refusedInARow = 0
    } else if outcome.refusal != nil {
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
    if state.step % configuration.logInterval == 0 || isComplete || !outcome.isApplied {
      try note(.step(metrics))
      state.intervalLossSum = 0
      state.intervalLossCount = 0
    }
    emit(.step(metrics))
    try recordEpoch()
    if let reason = outcome.refusal {
      emit(.updateRefused(step: state.step, reason: reason, inARow: state.refusedInARow))
      if state.refusedInARow > configuration.refusedUpdatesAllowed {
        try saveIfChanged()
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
    var normZScore = outcome.gradientNorm.flatMap { state.gradientNormWindow.scoreOnly($0) }
    if let loss = outcome.loss {
      lossZScore = state.lossWindow.scoreOnly(loss)
      // What was left out is nothing that later steps are compared with.
      if outcome.isApplied {
        lossZScore = state.lossWindow.score(loss)
        normZScore = outcome.gradientNorm.flatMap { state.gradientNormWindow.score($0) }
        state.smoothedLoss.update(loss)
        state.intervalLossSum += loss
        state.intervalLossCount += 1
      }
    }
    let seconds = max(time.total, 1e-9)
    // A step without work is no sample of the pace.
    if !outcome.isPassedOver {
      state.secondsPerStep.update(seconds)
      state.tokensPerSecond.update(Double(tokens) / seconds)
    }
    let secondsPerStep = state.secondsPerStep.value ?? 0
    return StepMetrics(
      step: state.step, totalSteps: configuration.steps,
      epoch: Double(state.step) / Double(plan.stepsPerEpoch), tokensSeen: state.tokensSeen,
      loss: outcome.loss,
      intervalLoss: state.intervalLossCount > 0
        ? state.intervalLossSum / Double(state.intervalLossCount) : nil,
      smoothedLoss: state.smoothedLoss.value, learningRate: outcome.learningRate,
      gradientNorm: outcome.gradientNorm, clipped: outcome.clipped,
      clippedShare: Double(state.clippedUpdates) / Double(max(1, state.updates)),
      refused: !outcome.isApplied, lossZScore: lossZScore, gradientNormZScore: normZScore,
      tokensPerSecond: state.tokensPerSecond.value ?? 0,
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
