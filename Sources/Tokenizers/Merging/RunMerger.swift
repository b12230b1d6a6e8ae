/// Merges words that are mostly runs of one symbol: a heap over runs instead of single symbols.
///
/// The order is that of ``LongWordMerger``, lowest rank first and leftmost first. What goes on inside
/// a run is the same all along it, so one step merges all its pairs, unless a pair that the first of
/// them makes would have to go before the next one.
struct RunMerger: ~Copyable {
  /// A run: `count` times `symbol`. Its place in `runs` is that of its first symbol in the word.
  private struct Run {
    var symbol: Int32
    /// Zero when the run has become part of others.
    var count: Int32
    /// How many symbols of the word each of its symbols is made of.
    var width: Int32
    var previous: Int32
    var next: Int32
  }

  private let merges: MergeTable.View
  /// Length of the word in symbols; as a place, the end.
  private let length: Int
  private let runs: UnsafeMutablePointer<Run>
  private var heap = CandidateHeap(capacity: 64)

  /// Whether runs are so few that it pays.
  static func suits(_ symbols: UnsafePointer<Int32>, _ count: Int) -> Bool {
    var changes = 0
    for place in 1..<max(1, count) where symbols[place] != symbols[place &- 1] { changes &+= 1 }
    return changes < count / 4
  }

  /// Merges the first `count` of `symbols` in place, one or more; returns how many are left.
  static func merge(
    _ symbols: UnsafeMutablePointer<Int32>, _ count: Int, _ merges: MergeTable.View
  ) -> Int {
    var merger = RunMerger(symbols, count, merges)
    return merger.run(into: symbols)
  }

  private init(_ symbols: UnsafePointer<Int32>, _ count: Int, _ merges: MergeTable.View) {
    self.merges = merges
    length = count
    // Only the places where runs begin are ever touched.
    runs = .allocate(capacity: count)
    var place = 0
    var previous = -1
    while place < count {
      var end = place &+ 1
      while end < count, symbols[end] == symbols[place] { end &+= 1 }
      runs[place] = Run(
        symbol: symbols[place], count: Int32(truncatingIfNeeded: end &- place), width: 1,
        previous: Int32(truncatingIfNeeded: previous), next: Int32(truncatingIfNeeded: end))
      previous = place
      place = end
    }
  }

  deinit { runs.deallocate() }

  private mutating func run(into symbols: UnsafeMutablePointer<Int32>) -> Int {
    var place = 0
    while place < length {
      push(place)
      place = Int(runs[place].next)
    }
    while heap.count > 0 {
      let place = Int(truncatingIfNeeded: heap.first & 0xFFFF_FFFF)
      let rank = Int32(truncatingIfNeeded: heap.first >> 32)
      heap.removeFirst()
      let run = runs[place]
      if run.count == 0 { continue }
      if run.count > 1, let merge = merges.merge(run.symbol, run.symbol), merge.rank == rank {
        mergeInside(place, merge)
      } else if let merge = mergeBehind(run), merge.rank == rank {
        mergeAcross(place, merge)
      }
    }
    return write(symbols)
  }

  private func mergeBehind(_ run: Run) -> MergeTable.Merge? {
    run.next < length ? merges.merge(run.symbol, runs[Int(run.next)].symbol) : nil
  }

  /// Notes the merges inside a run and between it and the next one.
  private mutating func push(_ place: Int) {
    let run = runs[place]
    if run.count > 1, let merge = merges.merge(run.symbol, run.symbol) {
      heap.push(CandidateHeap.candidate(rank: merge.rank, place: place))
    }
    if let merge = mergeBehind(run) {
      heap.push(CandidateHeap.candidate(rank: merge.rank, place: place))
    }
  }

  /// Notes the merge between the run before a place and that at the place.
  private mutating func pushBefore(_ place: Int) {
    let previous = Int(runs[place].previous)
    if previous >= 0, let merge = mergeBehind(runs[previous]) {
      heap.push(CandidateHeap.candidate(rank: merge.rank, place: previous))
    }
  }

  /// Merges pairs of a run: all of them where nothing comes in between, else the first.
  private mutating func mergeInside(_ place: Int, _ merge: MergeTable.Merge) {
    let run = runs[place]
    let isAlone =
      isLater(merge.id, merge.id, than: merge.rank)
      && isLater(merge.id, run.symbol, than: merge.rank)
      && (run.previous < 0
        || isLater(runs[Int(run.previous)].symbol, merge.id, than: merge.rank))
    let pairs = isAlone ? run.count / 2 : 1
    runs[place].symbol = merge.id
    runs[place].count = pairs
    runs[place].width = run.width &* 2
    let left = run.count &- pairs &* 2
    if left > 0 {
      let rest = place &+ Int(pairs) &* Int(run.width) &* 2
      insert(
        Run(symbol: run.symbol, count: left, width: run.width, previous: 0, next: 0), at: rest,
        behind: place)
      push(rest)
    }
    push(place)
    pushBefore(place)
  }

  /// Whether two symbols are merged later than a rank, or never.
  private func isLater(_ left: Int32, _ right: Int32, than rank: Int32) -> Bool {
    merges.merge(left, right).map { $0.rank > rank } ?? true
  }

  /// Merges the last symbol of a run with the first of the next one.
  private mutating func mergeAcross(_ place: Int, _ merge: MergeTable.Merge) {
    let (left, next) = (runs[place], Int(runs[place].next))
    let right = runs[next]
    // The next run begins one symbol later, or is gone.
    runs[next].count = 0
    runs[place].next = right.next
    if right.next < length { runs[Int(right.next)].previous = Int32(truncatingIfNeeded: place) }
    if right.count > 1 {
      let rest = next &+ Int(right.width)
      insert(
        Run(
          symbol: right.symbol, count: right.count &- 1, width: right.width, previous: 0, next: 0),
        at: rest, behind: place)
    }
    let made = Run(
      symbol: merge.id, count: 1, width: left.width &+ right.width, previous: 0, next: 0)
    var target = place
    if left.count > 1 {
      runs[place].count = left.count &- 1
      target = next &- Int(left.width)
      insert(made, at: target, behind: place)
    } else {
      runs[place].symbol = made.symbol
      runs[place].width = made.width
    }
    push(target)
    pushBefore(target)
    if right.count > 1 { push(Int(runs[target].next)) }
  }

  private func insert(_ run: Run, at place: Int, behind previous: Int) {
    var run = run
    run.previous = Int32(truncatingIfNeeded: previous)
    run.next = runs[previous].next
    if run.next < length { runs[Int(run.next)].previous = Int32(truncatingIfNeeded: place) }
    runs[previous].next = Int32(truncatingIfNeeded: place)
    runs[place] = run
  }

  /// Writes the symbols that are left; returns how many.
  private func write(_ symbols: UnsafeMutablePointer<Int32>) -> Int {
    var made = 0
    var place = 0
    while place < length {
      let run = runs[place]
      (symbols + made).update(repeating: run.symbol, count: Int(run.count))
      made &+= Int(run.count)
      place = Int(run.next)
    }
    return made
  }
}
