import DifferenceSampling
import EngineInterface
import Synchronization
import Training

/// The controls of one job, whatever its stage; any thread may use them.
final class JobControl: Sendable {
  let training = TrainingControl()
  let scoring = ScoringControl()
  private let stopping = Atomic<Bool>(false)
  private let paused = Atomic<Bool>(false)

  /// Whether the job is to end at its next safe point.
  var isStopping: Bool { stopping.load(ordering: .acquiring) }

  /// What a picture of the job says.
  var state: JobSnapshot.State {
    if isStopping { return .stopping }
    return paused.load(ordering: .acquiring) ? .paused : .running
  }

  func pause() {
    paused.store(true, ordering: .releasing)
    training.pause()
    scoring.request = .pause
  }

  func resume() {
    guard !isStopping else { return }
    paused.store(false, ordering: .releasing)
    training.resume()
    scoring.request = .run
  }

  /// Ends the job at its next safe point with everything saved, or at once.
  func stop(saving: Bool) {
    stopping.store(true, ordering: .releasing)
    training.stop()
    scoring.request = saving ? .stopAfterBlock : .stopNow
  }

  func checkpoint() { training.requestCheckpoint() }
}
