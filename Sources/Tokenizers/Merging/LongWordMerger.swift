/// Merges words of any length in n log n: a heap of candidate merges over a linked list of symbols.
///
/// A candidate whose pair has changed since it was pushed is dropped when it comes up.
struct LongWordMerger {
  /// A candidate merge of the symbol at `place` with its right neighbour.
  private struct Candidate {
    let rank: Int32
    let id: Int32
    let place: Int

    func precedes(_ other: Candidate) -> Bool {
      rank != other.rank ? rank < other.rank : place < other.place
    }
  }

  private var symbols: [Int32] = []
  private var next: [Int] = []
  private var previous: [Int] = []
  private var heap: [Candidate] = []
  private static let merged: Int32 = -1

  /// Appends what `word` merges to.
  mutating func merge(_ word: [Int32], _ merges: MergeTable.View, into tokens: inout [Int32]) {
    symbols = word
    next = Array(1...word.count)
    previous = Array(-1..<word.count - 1)
    heap.removeAll(keepingCapacity: true)
    for place in 0..<word.count - 1 {
      if let merge = merges.merge(word[place], word[place + 1]) {
        heap.append(Candidate(rank: merge.rank, id: merge.id, place: place))
      }
    }
    for place in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(place) }
    while let candidate = popFirst() { apply(candidate, merges) }
    var place = 0
    while place < symbols.count {
      tokens.append(symbols[place])
      place = next[place]
    }
  }

  private mutating func apply(_ candidate: Candidate, _ merges: MergeTable.View) {
    let place = candidate.place
    let right = next[place]
    guard symbols[place] != Self.merged, right < symbols.count,
      let merge = merges.merge(symbols[place], symbols[right]), merge.id == candidate.id
    else { return }
    symbols[place] = merge.id
    symbols[right] = Self.merged
    next[place] = next[right]
    if next[right] < symbols.count { previous[next[right]] = place }
    if previous[place] >= 0 { push(previous[place], merges) }
    if next[place] < symbols.count { push(place, merges) }
  }

  private mutating func push(_ place: Int, _ merges: MergeTable.View) {
    guard let merge = merges.merge(symbols[place], symbols[next[place]]) else { return }
    var child = heap.count
    let candidate = Candidate(rank: merge.rank, id: merge.id, place: place)
    heap.append(candidate)
    while child > 0 {
      let parent = (child - 1) / 2
      guard candidate.precedes(heap[parent]) else { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = candidate
  }

  private mutating func popFirst() -> Candidate? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      siftDown(0)
    }
    return first
  }

  private mutating func siftDown(_ start: Int) {
    let candidate = heap[start]
    var place = start
    while true {
      var child = 2 * place + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(candidate) else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = candidate
  }
}
