import Numerics
import TensorKit
import Training

/// How far a training run is, from what it tells.
final class TrainingProgress {
  private let precision: Precision
  private var metrics: StepMetrics?
  /// Of the last step in which it was measured.
  private var kdGradientShare: Double?
  private var step = 0
  private var savedStep = 0
  private var evaluating: (done: Int, of: Int)?
  private var reading: (done: Int, of: Int)?
  private var rollout: RolloutProgress?

  init(_ precision: Precision) { self.precision = precision }

  func take(_ event: TrainingEvent) {
    evaluating = nil
    reading = nil
    rollout = nil
    switch event {
    case .started(let step):
      self.step = step
      savedStep = step
    case .step(let metrics):
      self.metrics = metrics
      step = metrics.step
      kdGradientShare = metrics.distillation?.kdGradientShare ?? kdGradientShare
    case .wentBack(let step, _):
      self.step = step
      savedStep = step
    case .checkpoint(let record): savedStep = record.step
    case .rollingOut(let progress): rollout = progress
    case .evaluating(let done, let count): evaluating = (done, count)
    case .readingData(let done, let count): reading = (done, count)
    default: break
    }
  }

  /// Steps that leaving at once would lose.
  var unsavedSteps: Int { max(0, step - savedStep) }
  /// Steps done and in all; nil before the first step of this run.
  var steps: (done: Int, of: Int)? { metrics.map { ($0.step, $0.totalSteps) } }
  var secondsLeft: Double? { metrics?.secondsRemaining }
  var tokensPerSecond: Double? { metrics?.tokensPerSecond }

  /// "step 12/400, loss 3.210".
  var position: String {
    if let reading { return "looking at the data, chunk \(reading.done) of \(reading.of)" }
    guard let metrics else { return "step \(step)" }
    return "step \(metrics.step)/\(metrics.totalSteps), loss "
      + Number.fixed(metrics.smoothedLoss, 3)
  }

  /// Both losses of a student with a teacher: "LM 3.4012, KL 0.8123 nats, KL has 21 % of the gradient".
  private var losses: String? {
    guard let losses = metrics?.distillation else { return nil }
    return "LM \(Number.fixed(losses.lmLoss, 4)), KL \(Number.fixed(losses.kdLoss, 4)) nats"
      + (kdGradientShare.map { ", KL has \(Number.percent($0)) of the gradient" } ?? "")
  }

  /// The sampled part: "reverse KL 0.9120 nats, reward -1.203, 12 % clipped".
  private var sampled: String? {
    guard let figures = metrics?.minillm else { return nil }
    return "reverse KL \(Number.fixed(figures.reverseKL, 4)) nats, reward "
      + "\(Number.fixed(figures.reward, 3)), \(Number.percent(figures.clippedShare)) clipped"
  }

  /// "rollout 3: 128 of 256 sequences sampled".
  private var rolloutPosition: String? {
    guard let rollout else { return nil }
    return "rollout \(rollout.rollout): \(Number.grouped(rollout.sequencesDone)) of "
      + "\(Number.grouped(rollout.sequences)) sequences "
      + (rollout.isScoring ? "scored" : "sampled")
      + (rollout.secondsLeft.map { ", \(Number.duration($0)) left of it" } ?? "")
  }

  /// The run by itself.
  var work: WorkProgress {
    var parts = [position]
    if let rolloutPosition { parts.append(rolloutPosition) }
    if let metrics {
      if let losses { parts.append(losses) }
      if let sampled { parts.append(sampled) }
      parts.append("lr \(Number.significant(metrics.learningRate, 3))")
      parts.append("grad norm \(Number.fixed(metrics.gradientNorm, 2))")
      parts.append("\(Number.grouped(Int(metrics.tokensPerSecond))) tokens/s")
    }
    parts.append(precision.rawValue)
    if let evaluating {
      parts.append("held-out chunk \(evaluating.done) of \(evaluating.of)")
    }
    return WorkProgress(
      steps.map { Double($0.done) / Double(max(1, $0.of)) }, secondsLeft: secondsLeft,
      detail: parts.joined(separator: ", "), unsaved: Self.unsaved(unsavedSteps))
  }

  /// A pair of runs that take turns.
  static func work(a: TrainingProgress, b: TrainingProgress) -> WorkProgress {
    let steps = (a.steps ?? (0, 0), b.steps ?? (0, 0))
    let all = steps.0.of + steps.1.of
    var parts = ["A \(a.position)", "B \(b.position)"]
    if let speed = b.tokensPerSecond ?? a.tokensPerSecond {
      parts.append("\(Number.grouped(Int(speed))) tokens/s")
    }
    parts.append(a.precision.rawValue)
    return WorkProgress(
      all > 0 ? Double(steps.0.done + steps.1.done) / Double(all) : nil,
      secondsLeft: a.secondsLeft.map { $0 + (b.secondsLeft ?? 0) },
      detail: parts.joined(separator: ", "),
      unsaved: unsaved(max(a.unsavedSteps, b.unsavedSteps)))
  }

  private static func unsaved(_ steps: Int) -> String? {
    steps > 0 ? "\(steps) steps since the last checkpoint" : nil
  }
}
