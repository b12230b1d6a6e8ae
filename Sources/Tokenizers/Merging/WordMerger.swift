/// Turns the bytes of one word into tokens by merging pairs, lowest rank first, leftmost first.
///
/// Holds scratch memory, so that a word costs no allocation; one merger per thread.
final class WordMerger {
  /// What merging reads.
  struct Tables {
    let merges: MergeTable.View
    let byteTokens: UnsafePointer<Int32>
    let unknownToken: Int32?
    let fusesUnknown: Bool
    /// Whether ranks fit the short loop's keys.
    let hasShortRanks: Bool
    /// Merges of two bytes, rank -1 without one; nil when bytes lack tokens.
    let bytePairs: UnsafePointer<MergeTable.Merge>?
  }

  /// Longer words use a heap: the plain loop is quadratic, but faster on short words.
  static let loopLimit = 64
  /// Bits of a place in a key of the short loop.
  private static let placeBits: UInt32 = 6
  /// Merges that the short loop can number.
  static let largestShortRank = Int32(1) << 25
  private static let noKey = UInt32.max

  private let symbols = UnsafeMutablePointer<Int32>.allocate(capacity: WordMerger.loopLimit)
  /// Rank of the merge of each symbol with the next one, and its place; `noKey` without one.
  private let keys = UnsafeMutablePointer<UInt32>.allocate(capacity: WordMerger.loopLimit)
  /// What that merge makes.
  private let merged = UnsafeMutablePointer<Int32>.allocate(capacity: WordMerger.loopLimit)
  private let next = UnsafeMutablePointer<UInt8>.allocate(capacity: WordMerger.loopLimit)
  private let previous = UnsafeMutablePointer<UInt8>.allocate(capacity: WordMerger.loopLimit)

  init() {
    symbols.initialize(repeating: 0, count: Self.loopLimit)
    keys.initialize(repeating: 0, count: Self.loopLimit)
    merged.initialize(repeating: 0, count: Self.loopLimit)
    next.initialize(repeating: 0, count: Self.loopLimit)
    previous.initialize(repeating: 0, count: Self.loopLimit)
  }

  deinit {
    symbols.deallocate()
    keys.deallocate()
    merged.deallocate()
    next.deallocate()
    previous.deallocate()
  }

  /// Writes the tokens of `word`, at most one for each byte; returns how many.
  func merge(
    _ word: UnsafeBufferPointer<UInt8>, _ tables: Tables, into tokens: UnsafeMutablePointer<Int32>
  ) -> Int {
    if word.count <= Self.loopLimit, tables.hasShortRanks {
      let count = Self.load(word, tables, symbols)
      weigh(word, count, tables)
      return mergeShort(count, tables.merges, into: tokens)
    }
    let count = Self.load(word, tables, tokens)
    return LongWordMerger.merge(tokens, count, tables.merges)
  }

  /// Merges the first `count` of `symbols` in place, at most `loopLimit`; returns how many are left.
  func merge(
    _ symbols: UnsafeMutablePointer<Int32>, _ count: Int, _ merges: MergeTable.View
  ) -> Int {
    if count < 2 { return count }
    let (own, keys, merged) = (self.symbols, self.keys, self.merged)
    own.update(from: symbols, count: count)
    for place in 0..<count &- 1 {
      let merge = merges.merge(own[place], own[place &+ 1]) ?? .none
      keys[place] = merge.rank < 0 ? Self.noKey : Self.key(merge.rank, place)
      merged[place] = merge.id
    }
    return mergeShort(count, merges, into: symbols)
  }

  /// Writes the tokens of single bytes; returns how many.
  private static func load(
    _ word: UnsafeBufferPointer<UInt8>, _ tables: Tables, _ symbols: UnsafeMutablePointer<Int32>
  ) -> Int {
    var count = 0
    var followsUnknown = false
    for byte in word {
      let token = tables.byteTokens[Int(byte)]
      if token >= 0 {
        symbols[count] = token
        count &+= 1
        followsUnknown = false
      } else if let unknown = tables.unknownToken {
        if !(followsUnknown && tables.fusesUnknown) {
          symbols[count] = unknown
          count &+= 1
        }
        followsUnknown = true
      }
    }
    return count
  }

  /// Finds the merges of the single bytes of a word.
  private func weigh(_ word: UnsafeBufferPointer<UInt8>, _ count: Int, _ tables: Tables) {
    let (symbols, keys, merged) = (self.symbols, self.keys, self.merged)
    guard count > 1 else { return }
    for place in 0..<count &- 1 {
      let merge: MergeTable.Merge
      if let bytePairs = tables.bytePairs {
        merge = bytePairs[Int(word[place]) &<< 8 | Int(word[place &+ 1])]
      } else {
        merge = tables.merges.merge(symbols[place], symbols[place &+ 1]) ?? .none
      }
      keys[place] = merge.rank < 0 ? Self.noKey : Self.key(merge.rank, place)
      merged[place] = merge.id
    }
  }

  @inline(__always)
  private static func key(_ rank: Int32, _ place: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: rank) &<< placeBits | UInt32(truncatingIfNeeded: place)
  }

  /// Merges the first `count` of `symbols`, whose merges are known, and writes what is left.
  private func mergeShort(
    _ count: Int, _ merges: MergeTable.View, into tokens: UnsafeMutablePointer<Int32>
  ) -> Int {
    let (symbols, keys, merged) = (self.symbols, self.keys, self.merged)
    let (next, previous) = (self.next, self.previous)
    if count < 2 {
      if count == 1 { tokens[0] = symbols[0] }
      return count
    }
    @inline(__always)
    func weigh(_ place: Int, _ right: Int) {
      if let merge = merges.merge(symbols[place], symbols[right]) {
        keys[place] = Self.key(merge.rank, place)
        merged[place] = merge.id
      } else {
        keys[place] = Self.noKey
      }
    }
    for place in 0..<count {
      next[place] = UInt8(truncatingIfNeeded: place &+ 1)
      previous[place] = UInt8(truncatingIfNeeded: place &- 1)
    }
    keys[count - 1] = Self.noKey
    while true {
      var best = Self.noKey
      for place in 0..<count &- 1 { best = min(best, keys[place]) }
      if best == Self.noKey { break }
      let place = Int(best & (1 &<< Self.placeBits &- 1))
      let gone = Int(next[place])
      let right = Int(next[gone])
      symbols[place] = merged[place]
      keys[gone] = Self.noKey
      next[place] = UInt8(truncatingIfNeeded: right)
      if right < count {
        previous[right] = UInt8(truncatingIfNeeded: place)
        weigh(place, right)
      } else {
        keys[place] = Self.noKey
      }
      if place > 0 { weigh(Int(previous[place]), place) }
    }
    var place = 0
    var made = 0
    while place < count {
      tokens[made] = symbols[place]
      made &+= 1
      place = Int(next[place])
    }
    return made
  }
}
