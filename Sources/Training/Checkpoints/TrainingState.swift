/// Everything a run knows beside weights and moments; what `state.json` of a checkpoint holds.
///
/// The order of chunks is a function of step and seed (`BatchPlan`), and training draws no other
/// random numbers, so no generator state is needed.
public struct TrainingState: Codable, Sendable, Equatable {
  /// Steps done; also the place in the data.
  public internal(set) var step = 0
  /// Updates applied: steps without the refused ones. Schedule and bias correction count these.
  public internal(set) var updates = 0
  /// Input tokens read.
  public internal(set) var tokensSeen = 0
  /// Updates whose gradient was clipped.
  public internal(set) var clippedUpdates = 0
  /// Updates refused in the whole run.
  public internal(set) var refusedUpdates = 0
  /// Updates refused since the last good one.
  public internal(set) var refusedInARow = 0
  /// The last step whose held-out evaluation is complete.
  public internal(set) var lastEvaluatedStep: Int?
  /// Its loss, mean over chunks.
  public internal(set) var lastHeldOutLoss: Double?
  /// The checkpoint with the lowest held-out loss of those that were written behind an evaluation.
  public internal(set) var best: BestCheckpoint?
  /// The last step after which samples of text were written.
  public internal(set) var lastSampledStep: Int?
  /// Loss smoothed over about ten steps.
  var smoothedLoss = DebiasedMean(decay: 0.9)
  var lossWindow = ZScoreWindow()
  var gradientNormWindow = ZScoreWindow()
  var secondsPerStep = DebiasedMean(decay: 0.95)
  var tokensPerSecond = DebiasedMean(decay: 0.95)
  /// Of a rollout, where the run samples; not part of a step's seconds.
  var secondsPerRollout: DebiasedMean?
  /// Losses since the last line of metrics.
  var intervalLossSum = 0.0
  var intervalLossCount = 0

  /// A checkpoint and its held-out loss.
  public struct BestCheckpoint: Codable, Sendable, Equatable {
    public var step: Int
    public var heldOutLoss: Double
  }

  public init() {}

  /// Whether a line of metrics was written before this state was saved.
  func covers(_ record: MetricsRecord) -> Bool {
    switch record {
    case .step(let metrics): metrics.step <= step
    case .checkpoint(let record): record.step <= step
    case .epoch(let record): record.step <= step
    case .evaluation(let record): record.step <= (lastEvaluatedStep ?? -1)
    }
  }
}
