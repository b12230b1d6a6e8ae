import Foundation
import Pipeline

/// A study of the whole corpus on threads of its own.
final class StudyTask: Sendable {
  /// How far it is.
  struct State: Sendable {
    var task: ObjectIdentifier
    /// What it is at, for people.
    var what: String
    /// 0...1 of the whole.
    var fraction: Double
    var isDone = false
    /// Why there is no report; nil when there is one, and after `cancel`.
    var failure: String?
  }

  private let control = WorkControl()
  /// Seconds between two deliveries.
  private static let interval = 0.25

  func cancel() { control.stop() }

  /// Starts; `deliver` is called on the study's thread, the last time with `isDone`.
  func start(_ study: Study, deliver: @escaping @Sendable (State) -> Void) {
    let thread = Thread { [self] in
      var state = State(task: ObjectIdentifier(self), what: "", fraction: 0)
      var last = Clock.seconds()
      let work = Work(control: control) { progress in
        let now = Clock.seconds()
        guard progress.detail != state.what || now - last >= Self.interval else { return }
        (state.what, state.fraction) = (progress.detail, progress.fraction ?? 0)
        deliver(state)
        last = now
      }
      do {
        _ = try study.run(work)
      } catch is WorkStopped {
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
