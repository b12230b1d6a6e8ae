/// Two neighbouring tokens.
struct TokenPair: Hashable {
  let left: Int32
  let right: Int32

  /// Orders pairs by left, then by right id.
  var key: UInt64 { UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right)) }
}

/// The words of a corpus as tokens, with the count of every pair and the words it occurs in.
///
/// A merge touches only the words that hold its pair. The heap is lazy: counts that fell since an
/// entry was pushed are corrected when the entry comes up.
struct PairIndex {
  private struct Statistics {
    var count = 0
    /// Words that hold the pair, or held it; may name a word twice.
    var words: [Int32] = []
  }

  private struct Candidate {
    let count: Int
    let key: UInt64

    func precedes(_ other: Candidate) -> Bool {
      count != other.count ? count > other.count : key < other.key
    }
  }

  private var symbols: [Int32] = []
  private var starts: [Int] = []
  private var lengths: [Int32] = []
  private let wordCounts: [Int]
  private var numbers: [UInt64: Int32] = [:]
  private var statistics: [Statistics] = []
  private var keys: [UInt64] = []
  private var heap: [Candidate] = []
  /// For each pair the last step that raised its count, so that a step pushes it once.
  private var raisedAt: [Int32] = []
  private var raised: [Int32] = []
  private var step: Int32 = 0

  init(_ words: WordCounter, byteTokens: [Int32]) {
    wordCounts = words.entries.map(\.count)
    symbols.reserveCapacity(words.bytes.count)
    for (word, entry) in words.entries.enumerated() {
      starts.append(symbols.count)
      lengths.append(entry.length)
      for byte in words.bytes[entry.start..<entry.start + Int(entry.length)] {
        symbols.append(byteTokens[Int(byte)])
      }
      let start = starts[word]
      for index in start..<max(start, start + Int(entry.length) - 1) {
        add(symbols[index], symbols[index + 1], entry.count, word)
      }
    }
    pushRaised()
  }

  /// The most frequent pair, with its count; nil when no pair is left.
  mutating func popMostFrequent() -> (pair: TokenPair, count: Int)? {
    while let candidate = popFirst() {
      guard let number = numbers[candidate.key] else { continue }
      let count = statistics[Int(number)].count
      if count == candidate.count {
        let left = Int32(truncatingIfNeeded: candidate.key >> 32)
        return (TokenPair(left: left, right: Int32(truncatingIfNeeded: candidate.key)), count)
      }
      if count > 0, count < candidate.count { push(Candidate(count: count, key: candidate.key)) }
    }
    return nil
  }

  /// Replaces `pair` by `merged` in all words.
  mutating func merge(_ pair: TokenPair, into merged: Int32) {
    step += 1
    guard let number = numbers[pair.key] else { return }
    let words = statistics[Int(number)].words
    statistics[Int(number)].words = []
    for word in words { merge(pair, into: merged, in: Int(word)) }
    statistics[Int(number)].count = 0
    pushRaised()
  }

  private mutating func merge(_ pair: TokenPair, into merged: Int32, in word: Int) {
    let start = starts[word]
    let end = start + Int(lengths[word])
    let count = wordCounts[word]
    var source = start
    var target = start
    while source < end {
      let symbol = symbols[source]
      guard symbol == pair.left, source + 1 < end, symbols[source + 1] == pair.right else {
        symbols[target] = symbol
        source += 1
        target += 1
        continue
      }
      if target > start {
        let previous = symbols[target - 1]
        remove(previous, pair.left, count)
        add(previous, merged, count, word)
      }
      if source + 2 < end {
        let following = symbols[source + 2]
        remove(pair.right, following, count)
        add(merged, following, count, word)
      }
      symbols[target] = merged
      source += 2
      target += 1
    }
    lengths[word] = Int32(target - start)
  }

  private mutating func add(_ left: Int32, _ right: Int32, _ count: Int, _ word: Int) {
    let key = TokenPair(left: left, right: right).key
    let number: Int32
    if let known = numbers[key] {
      number = known
    } else {
      number = Int32(statistics.count)
      numbers[key] = number
      statistics.append(Statistics())
      keys.append(key)
      raisedAt.append(-1)
    }
    let index = Int(number)
    statistics[index].count += count
    if statistics[index].words.last != Int32(word) { statistics[index].words.append(Int32(word)) }
    if raisedAt[index] != step {
      raisedAt[index] = step
      raised.append(number)
    }
  }

  private mutating func remove(_ left: Int32, _ right: Int32, _ count: Int) {
    guard let number = numbers[TokenPair(left: left, right: right).key] else { return }
    statistics[Int(number)].count -= count
  }

  private mutating func pushRaised() {
    for number in raised where statistics[Int(number)].count > 0 {
      push(Candidate(count: statistics[Int(number)].count, key: keys[Int(number)]))
    }
    raised.removeAll(keepingCapacity: true)
  }

  private mutating func push(_ candidate: Candidate) {
    var child = heap.count
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
    if heap.isEmpty { return first }
    var place = 0
    while true {
      var child = 2 * place + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(last) else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = last
    return first
  }
}
