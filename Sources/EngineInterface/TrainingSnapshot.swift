/// One point of a curve.
public struct CurvePoint: Sendable, Equatable, Codable, BitwiseCopyable {
  /// Optimiser steps and tokens seen.
  public var step: Int
  public var tokens: Int
  /// Nats per token; NaN is a gap.
  public var loss: Double
  /// Seconds of work of the run so far: pauses, evaluations and checkpoints do not count.
  public var seconds: Double

  public init(step: Int, tokens: Int, loss: Double, seconds: Double = 0) {
    self.step = step
    self.tokens = tokens
    self.loss = loss
    self.seconds = seconds
  }
}

/// Both losses of a student that is drawn to a teacher's distributions.
public struct DistillationFigures: Sendable, Equatable, Codable {
  /// Of the corpus' tokens, and KL(teacher || student), nats per token.
  public var lmLoss: Double
  public var kdLoss: Double
  /// Share of the divergence in the norms of both gradients; nil until it is measured.
  public var gradientShare: Double?

  public init(lmLoss: Double, kdLoss: Double, gradientShare: Double? = nil) {
    self.lmLoss = lmLoss
    self.kdLoss = kdLoss
    self.gradientShare = gradientShare
  }
}

/// One training run, live.
public struct RunSnapshot: Sendable, Equatable, Codable {
  /// For example "A uniform", "B refined", "teacher".
  public var name: String
  /// On which corpus.
  public var corpus: String
  public var step: Int
  public var steps: Int
  public var tokens: Int
  public var epoch: Double
  /// Loss of the last batch and its debiased moving average, nats per token.
  public var loss: Double
  public var averageLoss: Double
  /// How unusual the last loss is, in standard deviations over the last 128 steps.
  public var lossZScore: Double
  /// Held-out loss, nats per token; nil = not evaluated yet.
  public var heldOutLoss: Double?
  public var learningRate: Double
  public var gradientNorm: Double
  /// Share of the steps whose gradient was clipped.
  public var clippedShare: Double
  public var tokensPerSecond: Double
  /// Milliseconds.
  public var stepTime: Double
  /// Bytes of weights, gradients, moments and activations.
  public var memory: Int
  public var eta: Double?
  public var lastCheckpoint: Int?
  @Packed public var trainCurve: [CurvePoint]
  @Packed public var heldOutCurve: [CurvePoint]
  @Packed public var gradientNorms: [Double]
  /// Where passes over the corpus end.
  @Packed public var epochBorders: [CurvePoint]
  /// Of the last step; nil for a student without a teacher.
  public var distillation: DistillationFigures?
  /// Where it branches off another run, whose curves it shares up to there.
  public var fork: ForkNote?
  /// Floating-point operations for each of `tokens`, a teacher's among them; nil = not known.
  public var operationsPerToken: Double?

  public init(
    name: String, corpus: String, step: Int = 0, steps: Int, tokens: Int = 0, epoch: Double = 0,
    loss: Double = .nan, averageLoss: Double = .nan, lossZScore: Double = 0,
    heldOutLoss: Double? = nil, learningRate: Double = 0, gradientNorm: Double = 0,
    clippedShare: Double = 0, tokensPerSecond: Double = 0, stepTime: Double = 0, memory: Int = 0,
    eta: Double? = nil, lastCheckpoint: Int? = nil, trainCurve: [CurvePoint] = [],
    heldOutCurve: [CurvePoint] = [], gradientNorms: [Double] = [],
    epochBorders: [CurvePoint] = [], distillation: DistillationFigures? = nil,
    fork: ForkNote? = nil, operationsPerToken: Double? = nil
  ) {
    self.name = name
    self.corpus = corpus
    self.step = step
    self.steps = steps
    self.tokens = tokens
    self.epoch = epoch
    self.loss = loss
    self.averageLoss = averageLoss
    self.lossZScore = lossZScore
    self.heldOutLoss = heldOutLoss
    self.learningRate = learningRate
    self.gradientNorm = gradientNorm
    self.clippedShare = clippedShare
    self.tokensPerSecond = tokensPerSecond
    self.stepTime = stepTime
    self.memory = memory
    self.eta = eta
    self.lastCheckpoint = lastCheckpoint
    self.trainCurve = trainCurve
    self.heldOutCurve = heldOutCurve
    self.gradientNorms = gradientNorms
    self.epochBorders = epochBorders
    self.distillation = distillation
    self.fork = fork
    self.operationsPerToken = operationsPerToken
  }
}

/// The students, side by side.
public struct TrainingSnapshot: Sendable, Equatable, Codable {
  /// A (uniform) first, then B (refined), then their forks.
  public var runs: [RunSnapshot]
  /// Held-out loss of B minus A at equal tokens.
  @Packed public var difference: [CurvePoint]
  /// The same for the newest pair, and half its 95 % interval; nil before the first evaluation.
  public var latestDifference: Double?
  public var latestInterval: Double?
  /// Tokens at which B reached A's newest held-out loss, over A's tokens; nil = not yet.
  public var tokenShareToReach: Double?
  /// Newest last.
  public var events: [RunEvent]

  public init(
    runs: [RunSnapshot], difference: [CurvePoint] = [], latestDifference: Double? = nil,
    latestInterval: Double? = nil, tokenShareToReach: Double? = nil, events: [RunEvent] = []
  ) {
    self.runs = runs
    self.difference = difference
    self.latestDifference = latestDifference
    self.latestInterval = latestInterval
    self.tokenShareToReach = tokenShareToReach
    self.events = events
  }
}
