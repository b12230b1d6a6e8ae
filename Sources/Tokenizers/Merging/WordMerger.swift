/// Turns the bytes of one word into tokens by merging pairs, lowest rank first, leftmost first.
///
/// Holds scratch memory, so that a word costs no allocation; one merger per thread.
struct WordMerger {
  /// What merging reads.
  struct Tables {
    let merges: MergeTable.View
    let byteTokens: UnsafePointer<Int32>
    let unknownToken: Int32?
    let fusesUnknown: Bool
  }

  /// Longer words use a heap: the plain loop is quadratic, but faster on short words.
  private static let loopLimit = 48

  private var symbols: [Int32] = []
  private var ranks: [Int32] = []
  private var longWord = LongWordMerger()

  /// Appends the tokens of `word` to `tokens`.
  mutating func merge(
    _ word: UnsafeBufferPointer<UInt8>, _ tables: Tables, into tokens: inout [Int32]
  ) {
    loadSymbols(word, tables)
    if symbols.count <= Self.loopLimit {
      mergeShort(tables.merges)
      tokens.append(contentsOf: symbols)
    } else {
      longWord.merge(symbols, tables.merges, into: &tokens)
    }
  }

  private mutating func loadSymbols(_ word: UnsafeBufferPointer<UInt8>, _ tables: Tables) {
    symbols.removeAll(keepingCapacity: true)
    var followsUnknown = false
    for byte in word {
      let token = tables.byteTokens[Int(byte)]
      if token >= 0 {
        symbols.append(token)
        followsUnknown = false
      } else if let unknown = tables.unknownToken {
        if !(followsUnknown && tables.fusesUnknown) { symbols.append(unknown) }
        followsUnknown = true
      }
    }
  }

  private mutating func mergeShort(_ merges: MergeTable.View) {
    let count = symbols.count
    if count < 2 { return }
    ranks.removeAll(keepingCapacity: true)
    for index in 0..<count - 1 {
      ranks.append(merges.merge(symbols[index], symbols[index + 1])?.rank ?? Int32.max)
    }
    let remaining = symbols.withUnsafeMutableBufferPointer { symbols in
      ranks.withUnsafeMutableBufferPointer { ranks in
        Self.mergeAll(symbols, ranks, merges)
      }
    }
    symbols.removeLast(count - remaining)
  }

  /// Merges in place; returns how many symbols are left. `ranks[i]` belongs to symbols i and i + 1.
  private static func mergeAll(
    _ symbols: UnsafeMutableBufferPointer<Int32>, _ ranks: UnsafeMutableBufferPointer<Int32>,
    _ merges: MergeTable.View
  ) -> Int {
    var count = symbols.count
    while count > 1 {
      var best = Int32.max
      var place = 0
      for index in 0..<count - 1 where ranks[index] < best {
        best = ranks[index]
        place = index
      }
      guard best < Int32.max, let merge = merges.merge(symbols[place], symbols[place + 1]) else {
        break
      }
      symbols[place] = merge.id
      for index in place + 1..<count - 1 {
        symbols[index] = symbols[index + 1]
        ranks[index - 1] = ranks[index]
      }
      count -= 1
      if place > 0 {
        ranks[place - 1] = merges.merge(symbols[place - 1], symbols[place])?.rank ?? Int32.max
      }
      if place < count - 1 {
        ranks[place] = merges.merge(symbols[place], symbols[place + 1])?.rank ?? Int32.max
      }
    }
    return count
  }
}
