import CorpusStudy
import Foundation
import Store
import Synchronization

/// A study of the whole corpus on threads of its own; the report ends up beside the shards.
final class StudyTask: Sendable {
  /// How far it is.
  struct State: Sendable {
    var task: ObjectIdentifier
    var phase: CorpusStudy.Phase
    /// 0...1 of the phase.
    var fraction: Double
    var isDone = false
    /// Why there is no report; nil when there is one, and after `cancel`.
    var failure: String?
  }

  private let isCancelled = Atomic<Bool>(false)
  /// Seconds between two deliveries.
  private static let interval = 0.25

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Starts; `deliver` is called on the study's thread, the last time with `isDone`.
  func start(
    _ study: CorpusStudy, threads: Int, into folder: String,
    deliver: @escaping @Sendable (State) -> Void
  ) {
    let thread = Thread { [self] in
      var state = State(task: ObjectIdentifier(self), phase: .reading, fraction: 0)
      var last = Clock.seconds()
      do {
        let report = try study.run(threads: threads) { phase, fraction in
          let now = Clock.seconds()
          if phase != state.phase || now - last >= Self.interval {
            (state.phase, state.fraction) = (phase, fraction)
            deliver(state)
            last = now
          }
          return !isCancelled.load(ordering: .relaxed)
        }
        try JSONFile.write(report, to: "\(folder)/\(StudyReport.fileName)")
      } catch CorpusStudyError.cancelled {
      } catch {
        state.failure = "\(error)"
      }
      state.isDone = true
      deliver(state)
    }
    thread.name = "study"
    thread.start()
  }
}
