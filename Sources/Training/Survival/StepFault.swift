import Numerics

/// What is wrong with a step, known before its update is applied.
public struct StepFault: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    /// Loss or gradient are not finite, or no token counts.
    case notFinite
    /// Loss or gradient norm is far above its like.
    case spike
  }

  public var kind: Kind
  /// The step, counted from 1 as in `metrics.jsonl`.
  public var step: Int
  /// What was found, for example "loss 9.213 is 12.4 deviations above the last 128".
  public var text: String
  /// Loss of the batch and norm of its gradient, where they are finite.
  public var loss: Double?
  public var gradientNorm: Double?
  /// Chunks of the batch.
  public var chunks: [Int]

  /// What may be done about it, the usual first.
  public var choices: [StepAction] {
    switch kind {
    case .notFinite: [.skip, .back, .stop]
    case .spike: [.note, .skip, .back, .stop]
    }
  }

  /// A spike by these scores; nil where neither is above the threshold.
  init?(
    step: Int, loss: Double?, lossZScore: Double?, gradientNorm: Double?, normZScore: Double?,
    threshold: Double, chunks: [Int]
  ) {
    let lossIsHigh = (lossZScore ?? 0) > threshold
    guard lossIsHigh || (normZScore ?? 0) > threshold,
      let value = lossIsHigh ? loss : gradientNorm, let score = lossIsHigh ? lossZScore : normZScore
    else { return nil }
    self.init(
      kind: .spike, step: step,
      text: "\(lossIsHigh ? "loss" : "gradient norm") \(Number.fixed(value, 3)) is "
        + "\(Number.fixed(score, 1)) deviations above its last values",
      loss: loss, gradientNorm: gradientNorm, chunks: chunks)
  }

  init(
    kind: Kind, step: Int, text: String, loss: Double?, gradientNorm: Double?, chunks: [Int]
  ) {
    self.kind = kind
    self.step = step
    self.text = text
    self.loss = loss
    self.gradientNorm = gradientNorm
    self.chunks = chunks
  }
}

/// What a run asks a person while it waits.
public enum TrainingQuestion: Sendable, Equatable {
  case step(StepFault)
  /// Something could not be written for want of room.
  case diskFull(what: String, reason: String)
}

/// What a person answers.
public enum TrainingAnswer: Sendable, Equatable {
  case step(StepAction)
  case diskFull(DiskFullAction)
}
