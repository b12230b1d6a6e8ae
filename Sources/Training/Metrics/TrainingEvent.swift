/// The figures of one optimiser step.
public struct StepMetrics: Codable, Sendable, Equatable {
  /// Steps done, this one included.
  public var step: Int
  /// Steps of the whole run.
  public var totalSteps: Int
  /// Passes over the corpus, this step included.
  public var epoch: Double
  /// Input tokens read, this step included.
  public var tokensSeen: Int
  /// Loss of the step's batch, nats a token; nil when it was not finite.
  public var loss: Double?
  /// Mean loss since the last logged step.
  public var intervalLoss: Double?
  /// Debiased exponential moving mean of the loss.
  public var smoothedLoss: Double?
  /// Learning rate of this update.
  public var learningRate: Double
  /// Global norm of the gradient before clipping; nil when it was not finite.
  public var gradientNorm: Double?
  /// Whether the gradient was scaled down.
  public var clipped: Bool
  /// Share of this run's updates whose gradient was scaled down.
  public var clippedShare: Double
  /// Whether the update was left out: loss or gradient were not finite or a spike, or the batch is
  /// passed over.
  public var refused: Bool
  /// Deviations of the loss from its last 128 values.
  public var lossZScore: Double?
  /// Deviations of the gradient norm from its last 128 values.
  public var gradientNormZScore: Double?
  /// Input tokens a second of work, debiased moving mean.
  public var tokensPerSecond: Double
  /// Work of this step, milliseconds (pauses, evaluations and checkpoints do not count).
  public var stepMilliseconds: Double
  /// Share of the step spent reading and packing chunks.
  public var dataShare: Double
  /// Work left at the present pace.
  public var secondsRemaining: Double
  /// Both parts of the loss where a teacher takes part.
  public var distillation: DistillationMetrics?
  /// The sampled part of the loss, where there is one.
  public var minillm: MiniLLMMetrics?
}

/// A pass over the corpus that is complete.
public struct EpochRecord: Codable, Sendable, Equatable {
  /// Steps done: the border is behind this step.
  public var step: Int
  /// Input tokens read.
  public var tokensSeen: Int
  /// Passes done, this one included.
  public var epoch: Int
  /// Steps of a pass.
  public var stepsPerEpoch: Int
  /// Chunks that fill no step and are left out of each pass.
  public var chunksLeftOut: Int
  /// In which order the chunks come: the same in every epoch, or a new one in each.
  public var order: ChunkOrder
  /// Debiased exponential moving mean of the loss.
  public var smoothedLoss: Double?

  /// Whether a person should be told: epochs of a few steps would be all that is told.
  public var isWorthTelling: Bool { stepsPerEpoch >= 10 }
}

/// A checkpoint that now stands on disk.
public struct CheckpointRecord: Codable, Sendable, Equatable {
  /// Steps done.
  public var step: Int
  /// The folder.
  public var path: String
  /// Time that writing took.
  public var seconds: Double
  /// Bytes of the folder.
  public var bytes: Int
}

/// Held-out losses after a step.
public struct EvaluationRecord: Codable, Sendable, Equatable {
  /// Steps done.
  public var step: Int
  /// Input tokens read.
  public var tokensSeen: Int
  /// The losses.
  public var losses: EvaluationSummary
}

/// What a run tells while it works; delivered on the training thread.
public enum TrainingEvent: Sendable {
  /// Before it begins, the run looks at every chunk that it will read.
  case readingData(chunksDone: Int, chunkCount: Int)
  /// The run begins at `step`: 0, or the step of the checkpoint that it resumes.
  case started(step: Int)
  /// A checkpoint could not be used; the one before is.
  case checkpointDamaged(path: String, reason: String)
  /// A step is done.
  case step(StepMetrics)
  /// An update was left out; `inARow` counts such updates without a good one between.
  case updateRefused(step: Int, reason: String, inARow: Int)
  /// A step is far above its like, and its update was applied nevertheless.
  case spike(StepFault)
  /// The run waits for an answer (`TrainingControl.answer`).
  case asking(TrainingQuestion)
  /// The run went back to the checkpoint of `step` because of `fault`, whose batch it passes over.
  case wentBack(step: Int, fault: StepFault)
  /// The batch of a step is passed over.
  case passedOver(step: Int)
  /// A pass over the corpus is complete; the steps after it, if any, read it again.
  case epoch(EpochRecord)
  /// Sequences are sampled that the next steps train on.
  case rollingOut(RolloutProgress)
  /// A held-out evaluation goes on.
  case evaluating(chunksDone: Int, chunkCount: Int)
  /// A held-out evaluation is done; the second value has every chunk.
  case evaluated(EvaluationRecord, EvaluationResult)
  /// A checkpoint was written.
  case checkpoint(CheckpointRecord)
  /// The model has continued prompts.
  case sampled([TextSample])
  /// Something beside the training itself could not be done, and the run goes on without it.
  case setback(step: Int, what: String, reason: String)
  /// The run waits.
  case paused(step: Int)
  /// The run goes on after waiting.
  case resumed(step: Int)
  /// The run ended before its last step, with a checkpoint.
  case stopped(step: Int)
  /// The run is complete, with a checkpoint.
  case finished(step: Int)
}
