import Glibc

/// Threads that run numbered tasks: the calling thread and `threads - 1` workers.
///
/// Tasks are taken from a counter, so which thread runs a task varies; a task must depend on its
/// index only, and then results are the same for any number of threads. A call from inside a task
/// runs inline; a call from another thread waits for its turn. Cancelling is the caller's business,
/// between two runs.
public final class ParallelPool: Sendable {
  /// Threads that work, the caller included.
  public let threads: Int
  /// What runs are measured by, if at all.
  public let profile: PoolProfile?
  private let state: PoolState

  /// Starts the workers; `threads` defaults to the physical cores, and `niceness` is added to the
  /// workers' nice value so that an interactive thread keeps its core. With a `profile` every run is
  /// measured.
  public init(
    threads: Int = ProcessorTopology.physicalCores(), niceness: Int32 = 0,
    profile: PoolProfile? = nil
  ) throws {
    self.profile = profile
    self.threads = max(1, threads)
    state = PoolState(workers: self.threads - 1)
    do {
      try state.start(niceness: niceness)
    } catch {
      state.stop()
      throw error
    }
  }

  deinit { state.stop() }

  /// Runs `body(index)` for every index in `0..<count` and returns when all are done. `caller` is
  /// the name that a profile shows.
  public func run(
    _ count: Int, caller: StaticString = #function, _ body: (_ index: Int) -> Void
  ) {
    run(count, caller: caller) { index, _ in body(index) }
  }

  /// Runs `body(index, worker)`; `worker` is in `0..<threads` and no two tasks that run at once have
  /// the same one: an index for scratch memory.
  public func run(
    _ count: Int, caller: StaticString = #function, _ body: (_ index: Int, _ worker: Int) -> Void
  ) {
    guard let profile, !state.isInsideTask else { return state.run(count, body) }
    let watch = profile.start(caller, threads: threads)
    state.run(count) { index, worker in
      let start = ContinuousClock.now
      body(index, worker)
      watch.add(since: start, worker: worker)
    }
    watch.stop()
  }

  /// Runs `body` over `0..<count` in ranges of `grain`, the last one shorter.
  public func run(
    _ count: Int, grain: Int, caller: StaticString = #function,
    _ body: (_ range: Range<Int>) -> Void
  ) {
    let step = max(1, grain)
    run((count + step - 1) / step, caller: caller) { index, _ in
      body(index * step..<min(count, (index + 1) * step))
    }
  }
}
