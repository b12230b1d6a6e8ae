/// Merges words of any length in n log n: a heap of candidate merges over a linked list of symbols.
///
/// A candidate whose pair has changed since it was pushed is dropped when it comes up. Takes about
/// 16 bytes of memory for each symbol while it runs.
enum LongWordMerger {
  private static let gone: Int32 = -1

  /// Merges the first `count` of `symbols` in place; returns how many are left.
  static func merge(
    _ symbols: UnsafeMutablePointer<Int32>, _ count: Int, _ merges: MergeTable.View
  ) -> Int {
    if count < 2 { return count }
    if RunMerger.suits(symbols, count) { return RunMerger.merge(symbols, count, merges) }
    let links = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
    defer { links.deallocate() }
    var heap = CandidateHeap(capacity: count)
    for place in 0..<count { links[place] = link(place &- 1, place &+ 1) }
    for place in 0..<count - 1 {
      if let merge = merges.merge(symbols[place], symbols[place + 1]) {
        heap.append(CandidateHeap.candidate(rank: merge.rank, place: place))
      }
    }
    heap.arrange()
    while heap.count > 0 {
      let place = Int(truncatingIfNeeded: heap.first & 0xFFFF_FFFF)
      let rank = Int32(truncatingIfNeeded: heap.first >> 32)
      let right = next(links[place])
      guard symbols[place] != gone, right < count,
        let merge = merges.merge(symbols[place], symbols[right]), merge.rank == rank
      else {
        heap.removeFirst()
        continue
      }
      let after = next(links[right])
      let before = previous(links[place])
      symbols[place] = merge.id
      symbols[right] = gone
      links[place] = link(before, after)
      // One of the merges that this one makes possible takes the place of the one that was done.
      var isReplaced = false
      if after < count {
        links[after] = link(place, next(links[after]))
        if let merge = merges.merge(symbols[place], symbols[after]) {
          heap.replaceFirst(by: CandidateHeap.candidate(rank: merge.rank, place: place))
          isReplaced = true
        }
      }
      if before >= 0, let merge = merges.merge(symbols[before], symbols[place]) {
        let candidate = CandidateHeap.candidate(rank: merge.rank, place: before)
        if isReplaced { heap.push(candidate) } else { heap.replaceFirst(by: candidate) }
        isReplaced = true
      }
      if !isReplaced { heap.removeFirst() }
    }
    return compact(symbols, count, links)
  }

  /// Moves the symbols that are left to the front; returns how many.
  private static func compact(
    _ symbols: UnsafeMutablePointer<Int32>, _ count: Int, _ links: UnsafeMutablePointer<UInt64>
  ) -> Int {
    var place = 0
    var made = 0
    while place < count {
      symbols[made] = symbols[place]
      made &+= 1
      place = next(links[place])
    }
    return made
  }

  @inline(__always)
  private static func link(_ previous: Int, _ next: Int) -> UInt64 {
    UInt64(UInt32(truncatingIfNeeded: previous)) &<< 32 | UInt64(UInt32(truncatingIfNeeded: next))
  }

  @inline(__always)
  private static func next(_ link: UInt64) -> Int { Int(link & 0xFFFF_FFFF) }

  @inline(__always)
  private static func previous(_ link: UInt64) -> Int {
    Int(Int32(truncatingIfNeeded: link &>> 32))
  }
}
