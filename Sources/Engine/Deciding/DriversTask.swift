import CorpusQuality
import DifferenceSampling
import Foundation
import Pipeline

/// Finds what drives a selection, on a thread of its own.
final class DriversTask: Sendable {
  /// How far it is.
  struct State: Sendable {
    var task: ObjectIdentifier
    /// What it is at, for people.
    var what = ""
    /// 0...1 of the whole.
    var fraction = 0.0
    var isDone = false
    /// nil before the end, and after `cancel` or a failure.
    var report: DriversReport?
    var failure: String?
  }

  /// What is to be done; `scores` tokens where models are named.
  struct Order: Sendable {
    var drivers: @Sendable () throws -> Drivers
    /// Where token scores are kept, and how much of a chunk is read.
    var cache: String
    var maximumPositions: Int
    /// Chunks to score token by token; 0 = what is known alone.
    var chunks: Int
    var scorers: @Sendable () throws -> (teacher: ModelScorer, reference: ModelScorer)
  }

  private let control = WorkControl()
  /// Seconds between two deliveries.
  private static let interval = 0.25

  func cancel() { control.stop() }

  /// Starts; `deliver` is called on the task's thread, the last time with `isDone`.
  func start(_ order: Order, deliver: @escaping @Sendable (State) -> Void) {
    let thread = Thread { [self] in
      Preparations.yieldToOthers()
      var state = State(task: ObjectIdentifier(self))
      var last = -Double.infinity
      let work = Work(control: control) { progress in
        let now = Clock.seconds()
        guard now - last >= Self.interval else { return }
        (state.what, state.fraction) = (progress.detail, progress.fraction ?? 0)
        deliver(state)
        last = now
      }
      do {
        let drivers = try order.drivers()
        let scoring = drivers.scoring(
          cache: order.cache, maximumPositions: order.maximumPositions)
        let scores = order.chunks > 0
        let scored =
          scores
          ? try scoring.run(
            drivers.chunksToScore(order.chunks), work.part(0...0.8)
          ) {
            let pair = try order.scorers()
            return (pair.teacher, pair.reference)
          }
          : try scoring.known()
        state.report = try drivers.run(scores ? work.part(0.8...1) : work, scored: scored)
      } catch is WorkStopped {
      } catch {
        state.failure = "\(error)"
      }
      state.isDone = true
      deliver(state)
    }
    thread.name = "drivers"
    thread.stackSize = 8 << 20
    thread.start()
  }
}
