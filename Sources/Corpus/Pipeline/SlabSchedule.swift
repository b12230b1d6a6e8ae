import Glibc

/// Who does what next: a ring of slabs between one reader, many workers and one packer.
///
/// Every thread takes whatever role is open: packing the oldest slab if it is done, parsing and
/// tokenizing a slab, reading the next one. Slabs are packed strictly in the order in which they
/// were read, so the result does not depend on the number of threads, and their number bounds the
/// memory.
final class SlabSchedule: @unchecked Sendable {
  // Unchecked: every stored property is touched only under the mutex.

  /// What a thread does next.
  enum Role {
    case read(Slab, mayGrow: Bool)
    case work(Slab)
    case pack(Slab)
    /// Everything is packed, or somebody stopped.
    case done
    /// A while passed without anything to do.
    case nothing
  }

  private enum State { case free, ready, working, done }

  private var slots: [(slab: Slab, state: State)]
  /// Slabs packed, and slabs read.
  private var (packed, read) = (0, 0)
  private var isReading = false
  private var isPacking = false
  private var hasEnded = false
  private var isStopped = false
  /// The reader holds a long line back until no large slab is in flight.
  private var wantsPermit = false
  private let threads: Int
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  init(slabs: [Slab], threads: Int) {
    slots = slabs.map { ($0, .free) }
    self.threads = threads
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(changed)
    mutex.deallocate()
    changed.deallocate()
  }

  /// The next role of the calling thread; waits for one, at most `milliseconds` if given.
  func next(waiting milliseconds: Int?) -> Role {
    locked {
      while true {
        if isStopped || hasEnded && packed == read { return .done }
        if let role = openRole() { return role }
        if let milliseconds {
          if !wait(milliseconds) { return .nothing }
        } else {
          pthread_cond_wait(changed, mutex)
        }
      }
    }
  }

  private func openRole() -> Role? {
    if !isPacking, packed < read, slots[packed % slots.count].state == .done {
      isPacking = true
      return .pack(slots[packed % slots.count].slab)
    }
    let ready = (packed..<read).filter { slots[$0 % slots.count].state == .ready }
    let largeInFlight =
      wantsPermit
      && (packed..<read).contains {
        slots[$0 % slots.count].slab.isLarge
      }
    if !isReading, !hasEnded, read - packed < slots.count, ready.count < threads, !largeInFlight {
      isReading = true
      return .read(slots[read % slots.count].slab, mayGrow: wantsPermit)
    }
    if let first = ready.first {
      slots[first % slots.count].state = .working
      return .work(slots[first % slots.count].slab)
    }
    return nil
  }

  /// Notes what reading gave.
  func didRead(_ outcome: SlabReader.Outcome) {
    locked {
      isReading = false
      wantsPermit = false
      switch outcome {
      case .slab:
        slots[read % slots.count].state = .ready
        read += 1
      case .needsPermit: wantsPermit = true
      case .end: hasEnded = true
      }
      pthread_cond_broadcast(changed)
    }
  }

  /// Notes that a slab can be packed.
  func didWork(_ slab: Slab) {
    locked {
      for place in slots.indices where slots[place].slab === slab { slots[place].state = .done }
      pthread_cond_broadcast(changed)
    }
  }

  /// Notes that the oldest slab is free again.
  func didPack() {
    locked {
      slots[packed % slots.count].state = .free
      packed += 1
      isPacking = false
      pthread_cond_broadcast(changed)
    }
  }

  /// Sends every thread home.
  func stop() {
    locked {
      isStopped = true
      pthread_cond_broadcast(changed)
    }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// False when the time is over.
  private func wait(_ milliseconds: Int) -> Bool {
    var limit = timespec()
    clock_gettime(CLOCK_REALTIME, &limit)
    let nanoseconds = limit.tv_nsec + 1_000_000 * (milliseconds % 1000)
    limit.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
    limit.tv_nsec = nanoseconds % 1_000_000_000
    return pthread_cond_timedwait(changed, mutex, &limit) == 0
  }
}
