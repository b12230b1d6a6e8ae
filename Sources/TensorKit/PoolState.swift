import CKernels
import Glibc
import Synchronization

/// What the threads of a pool share.
///
/// A run is announced by a new, non-zero ticket in `open`. A worker enters by raising `inside` and
/// then reading `open` again: the caller clears `open` before it waits for `inside` to fall to zero,
/// so a late worker either is waited for or finds the run closed. Nobody waits for a sleeping worker.
final class PoolState: @unchecked Sendable {
  typealias Body = (_ index: Int, _ worker: Int) -> Void

  private let workers: Int
  private let open = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let inside = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)

  // Written by the caller while no worker is inside.
  private var count = 0
  private var body: Body?
  private var ticket = 0
  // Written before and after the workers' life.
  private var handles: [pthread_t] = []

  private let turn: UnsafeMutablePointer<pthread_mutex_t>
  private let bedroom: UnsafeMutablePointer<pthread_mutex_t>
  private let alarm: UnsafeMutablePointer<pthread_cond_t>
  private var membership = pthread_key_t()

  init(workers: Int) {
    self.workers = workers
    turn = .allocate(capacity: 1)
    bedroom = .allocate(capacity: 1)
    alarm = .allocate(capacity: 1)
    pthread_mutex_init(turn, nil)
    pthread_mutex_init(bedroom, nil)
    pthread_cond_init(alarm, nil)
    pthread_key_create(&membership, nil)
  }

  deinit {
    pthread_mutex_destroy(turn)
    pthread_mutex_destroy(bedroom)
    pthread_cond_destroy(alarm)
    pthread_key_delete(membership)
    turn.deallocate()
    bedroom.deallocate()
    alarm.deallocate()
  }

  // MARK: the caller

  func run(_ count: Int, _ body: Body) {
    guard count > 0 else { return }
    if let mine = currentWorker() {
      for index in 0..<count { body(index, mine) }
      return
    }
    pthread_mutex_lock(turn)
    setCurrentWorker(0)
    defer {
      setCurrentWorker(nil)
      pthread_mutex_unlock(turn)
    }
    if workers == 0 || count == 1 {
      for index in 0..<count { body(index, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      self.count = count
      self.body = body
      ticket += 1
      next.store(0, ordering: .relaxed)
      open.store(ticket, ordering: .sequentiallyConsistent)
      wakeSleepers()
      work(body, count: count, worker: 0)
      open.store(0, ordering: .sequentiallyConsistent)
      var spins = 0
      while inside.load(ordering: .sequentiallyConsistent) != 0 {
        spins += 1
        if spins > 2000 { sched_yield() } else { ck_spin_hint() }
      }
      self.body = nil
    }
  }

  private func work(_ body: Body, count: Int, worker: Int) {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      body(index, worker)
    }
  }

  private func wakeSleepers() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(bedroom)
    pthread_cond_broadcast(alarm)
    pthread_mutex_unlock(bedroom)
  }

  // MARK: the workers

  /// Starts the workers; the ones that started keep running when one does not.
  func start(niceness: Int32) throws {
    for worker in 0..<workers {
      let ticket = Unmanaged.passRetained(
        WorkerStart(state: self, worker: worker + 1, niceness: niceness))
      var handle = pthread_t()
      let status = pthread_create(&handle, nil, poolWorkerEntry, ticket.toOpaque())
      guard status == 0 else {
        ticket.release()
        throw TensorError.thread(reason: String(cString: strerror(status)))
      }
      handles.append(handle)
    }
  }

  /// Ends the workers and waits for them.
  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    pthread_mutex_lock(bedroom)
    pthread_cond_broadcast(alarm)
    pthread_mutex_unlock(bedroom)
    for handle in handles { pthread_join(handle, nil) }
    handles = []
  }

  fileprivate func serve(worker: Int) {
    setCurrentWorker(worker)
    var seen = 0
    while let ticket = waitForRun(after: seen) {
      seen = ticket
      inside.wrappingAdd(1, ordering: .sequentiallyConsistent)
      let current = open.load(ordering: .sequentiallyConsistent)
      if current != 0, let body {
        seen = current
        work(body, count: count, worker: worker)
      }
      inside.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }
  }

  /// The ticket of a run after `seen`; nil when the pool ends. Spins for some 20 microseconds, for
  /// the next run of a step is close, and then sleeps.
  private func waitForRun(after seen: Int) -> Int? {
    for _ in 0..<1000 {
      if let ticket = announced(after: seen) { return ticket }
      if stopping.load(ordering: .relaxed) { return nil }
      ck_spin_hint()
    }
    pthread_mutex_lock(bedroom)
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    defer {
      sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
      pthread_mutex_unlock(bedroom)
    }
    while true {
      if stopping.load(ordering: .sequentiallyConsistent) { return nil }
      if let ticket = announced(after: seen) { return ticket }
      pthread_cond_wait(alarm, bedroom)
    }
  }

  private func announced(after seen: Int) -> Int? {
    let ticket = open.load(ordering: .sequentiallyConsistent)
    return ticket != 0 && ticket != seen ? ticket : nil
  }

  // MARK: which worker this thread is, kept as index + 1

  /// Whether the calling thread is in one of this pool's tasks.
  var isInsideTask: Bool { currentWorker() != nil }

  private func currentWorker() -> Int? {
    guard let value = pthread_getspecific(membership) else { return nil }
    return Int(bitPattern: value) - 1
  }

  private func setCurrentWorker(_ worker: Int?) {
    pthread_setspecific(membership, worker.flatMap { UnsafeRawPointer(bitPattern: $0 + 1) })
  }
}

/// What a new worker is told.
private final class WorkerStart {
  let state: PoolState
  let worker: Int
  let niceness: Int32

  init(state: PoolState, worker: Int, niceness: Int32) {
    self.state = state
    self.worker = worker
    self.niceness = niceness
  }
}

/// A worker's life. A top-level function: a closure made in an isolated context would trap here.
private func poolWorkerEntry(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
  // On Linux the nice value is a thread's own.
  if start.niceness != 0 { _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, start.niceness) }
  start.state.serve(worker: start.worker)
  return nil
}
