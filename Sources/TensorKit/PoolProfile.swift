import Synchronization

/// Where the time of a pool's runs goes, by the function that started them; for benchmarks.
///
/// A pool without a profile pays one comparison a run.
public final class PoolProfile: Sendable {
  /// The runs that one function started.
  public struct Entry: Sendable, Equatable {
    /// How many.
    public var runs = 0
    /// Seconds from the start of each run to its end.
    public var wallSeconds = 0.0
    /// Seconds that threads spent in tasks, all threads together.
    public var busySeconds = 0.0

    public init(runs: Int = 0, wallSeconds: Double = 0, busySeconds: Double = 0) {
      self.runs = runs
      self.wallSeconds = wallSeconds
      self.busySeconds = busySeconds
    }
  }

  private let table = Mutex<[String: Entry]>([:])

  public init() {}

  /// Forgets everything.
  public func reset() { table.withLock { $0 = [:] } }

  /// By name of the function, without its parameters.
  public var entries: [String: Entry] { table.withLock { $0 } }

  /// Begins to measure one run on `threads` threads.
  func start(_ caller: StaticString, threads: Int) -> Watch {
    Watch(profile: self, caller: caller, threads: threads)
  }

  /// The clock of one run; each worker adds to a place of its own.
  final class Watch: @unchecked Sendable {
    private let profile: PoolProfile
    private let caller: StaticString
    private let threads: Int
    private let busy: UnsafeMutablePointer<Double>
    private let begin = ContinuousClock.now
    /// A cache line.
    private static let stride = 8

    fileprivate init(profile: PoolProfile, caller: StaticString, threads: Int) {
      self.profile = profile
      self.caller = caller
      self.threads = threads
      busy = .allocate(capacity: threads * Self.stride)
      busy.initialize(repeating: 0, count: threads * Self.stride)
    }

    deinit { busy.deallocate() }

    /// Counts a task of `worker` that began at `start` and has just ended.
    func add(since start: ContinuousClock.Instant, worker: Int) {
      busy[worker * Self.stride] += (ContinuousClock.now - start) / .seconds(1)
    }

    /// Enters the run into the profile.
    func stop() {
      let wall = (ContinuousClock.now - begin) / .seconds(1)
      let sum = (0..<threads).reduce(0) { $0 + busy[$1 * Self.stride] }
      let name = String(caller.description.prefix { $0 != "(" })
      profile.table.withLock { table in
        var entry = table[name] ?? Entry()
        entry.runs += 1
        entry.wallSeconds += wall
        entry.busySeconds += sum
        table[name] = entry
      }
    }
  }
}
