import Foundation
import Glibc
import Synchronization

/// Work that would keep a person waiting, done away from the desk: reading, counting, sorting. What
/// comes out goes to the desk's mailbox.
///
/// Of one kind at most one piece of work runs at a time; of those that were asked for meanwhile only
/// the newest is done, because its answer makes the others stale.
final class Preparations: Sendable {
  enum Kind: Hashable, Sendable {
    case corpus, listing, labels, labelReport, rows, models, modelList, training, comparison, plan,
      digests, evaluation, taskItems, fit, batch, price, decision
  }

  typealias Work = @Sendable () throws -> Prepared?

  private struct State {
    var running: Set<Kind> = []
    var waiting: [Kind: Work] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())
  private let deliver: @Sendable (Prepared) -> Void

  /// - Parameter deliver: called on threads of the work.
  init(deliver: @escaping @Sendable (Prepared) -> Void) { self.deliver = deliver }

  /// Does `work` on a thread of its own, or after the work of its kind that runs.
  func begin(_ kind: Kind, _ work: @escaping Work) {
    let isFree = state.withLock { state in
      if state.isClosed { return false }
      if state.running.insert(kind).inserted { return true }
      state.waiting[kind] = work
      return false
    }
    guard isFree else { return }
    let thread = Thread { [self] in
      Self.yieldToOthers()
      var next: Work? = work
      while let work = next {
        do {
          if let result = try work() { deliver(result) }
        } catch {
          deliver(.failed(kind, "\(error)"))
        }
        next = state.withLock { state in
          let waiting = state.waiting.removeValue(forKey: kind)
          if waiting == nil { state.running.remove(kind) }
          return waiting
        }
      }
    }
    thread.name = "\(kind)"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Whether an answer is still to come, other than digests, fits and batches, which nobody waits for.
  var isBusy: Bool {
    state.withLock { !$0.running.subtracting([.digests, .fit, .batch]).isEmpty }
  }

  /// Whether any of it goes on, other than digests.
  var isAtWork: Bool {
    state.withLock { !$0.running.subtracting([.digests]).isEmpty }
  }

  /// Whether nobody wants an answer any more; asked by long work now and then.
  var isClosed: Bool { state.withLock(\.isClosed) }

  /// Forgets what has not begun.
  func close() {
    state.withLock { state in
      state.isClosed = true
      state.waiting = [:]
    }
  }

  /// The desk and the kernels go first.
  static func yieldToOthers() {
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
  }
}
