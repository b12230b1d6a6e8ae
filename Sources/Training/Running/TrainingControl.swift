import Synchronization

/// What the training thread is asked to do; set from any thread, read between micro-batches.
public final class TrainingControl: Sendable {
  private let word = Atomic<UInt32>(0)
  private let checkpoints = Atomic<Int>(0)
  private let answers = Mutex<TrainingAnswer?>(nil)

  private static let pauseBit: UInt32 = 1
  private static let stopBit: UInt32 = 2
  private static let attendedBit: UInt32 = 4

  public init() {}

  /// Holds the run between two micro-batches until `resume()` or a stop.
  public func pause() { _ = word.bitwiseOr(Self.pauseBit, ordering: .relaxed) }

  /// Lets a paused run go on.
  public func resume() { _ = word.bitwiseAnd(~Self.pauseBit, ordering: .relaxed) }

  /// Stops before the next micro-batch: a step that is only half accumulated is given up (its
  /// weights are those of the step before), a checkpoint is written.
  public func stop() { _ = word.bitwiseOr(Self.stopBit, ordering: .relaxed) }

  /// Writes a checkpoint before the next micro-batch, and goes on.
  public func requestCheckpoint() { _ = checkpoints.add(1, ordering: .relaxed) }

  /// Says that a person is there who can answer questions.
  public func attend() { _ = word.bitwiseOr(Self.attendedBit, ordering: .relaxed) }

  /// Whether questions are answered.
  public var isAttended: Bool { word.load(ordering: .relaxed) & Self.attendedBit != 0 }

  /// Answers the question that a run waits with.
  public func answer(_ answer: TrainingAnswer) { answers.withLock { $0 = answer } }

  /// The answer, once.
  func takeAnswer() -> TrainingAnswer? {
    answers.withLock { answer in
      defer { answer = nil }
      return answer
    }
  }

  /// Whether the run is to wait.
  public var isPaused: Bool { word.load(ordering: .relaxed) & Self.pauseBit != 0 }

  /// Whether the run is to stop before its next micro-batch.
  public var isStopped: Bool { word.load(ordering: .relaxed) & Self.stopBit != 0 }

  /// How many checkpoints have been asked for; every run that shares this control remembers how
  /// many it has seen, so that one request reaches both students of a pair.
  var checkpointRequests: Int { checkpoints.load(ordering: .relaxed) }
}
