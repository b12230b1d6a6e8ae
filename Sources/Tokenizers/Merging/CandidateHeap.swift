/// Candidate merges of a long word, the one that goes first on top.
///
/// A candidate is one number, its rank in the upper half and its place in the lower, so that the
/// smallest goes first.
struct CandidateHeap: ~Copyable {
  private var memory: UnsafeMutablePointer<UInt64>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(16, capacity)
    memory = .allocate(capacity: self.capacity)
  }

  deinit { memory.deallocate() }

  @inline(__always)
  static func candidate(rank: Int32, place: Int) -> UInt64 {
    UInt64(UInt32(bitPattern: rank)) &<< 32 | UInt64(UInt32(truncatingIfNeeded: place))
  }

  /// The candidate on top; there must be one.
  @inline(__always)
  var first: UInt64 { memory[0] }

  /// Adds a candidate without keeping the order; `arrange` restores it.
  @inline(__always)
  mutating func append(_ candidate: UInt64) {
    if count == capacity { grow() }
    memory[count] = candidate
    count &+= 1
  }

  mutating func arrange() {
    for place in stride(from: count / 2 - 1, through: 0, by: -1) { siftDown(place, memory[place]) }
  }

  @inline(__always)
  mutating func push(_ candidate: UInt64) {
    if count == capacity { grow() }
    var child = count
    count &+= 1
    while child > 0 {
      let parent = (child &- 1) / 2
      if candidate >= memory[parent] { break }
      memory[child] = memory[parent]
      child = parent
    }
    memory[child] = candidate
  }

  @inline(__always)
  mutating func removeFirst() {
    count &-= 1
    if count > 0 { siftDown(0, memory[count]) }
  }

  @inline(__always)
  mutating func replaceFirst(by candidate: UInt64) { siftDown(0, candidate) }

  @inline(__always)
  private func siftDown(_ start: Int, _ candidate: UInt64) {
    let memory = self.memory
    var place = start
    while true {
      var child = 2 &* place &+ 1
      if child >= count { break }
      if child &+ 1 < count, memory[child &+ 1] < memory[child] { child &+= 1 }
      if memory[child] >= candidate { break }
      memory[place] = memory[child]
      place = child
    }
    memory[place] = candidate
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity * 2)
    larger.update(from: memory, count: count)
    memory.deallocate()
    (memory, capacity) = (larger, capacity * 2)
  }
}
