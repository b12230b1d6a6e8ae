/// A hash table from words of at most fifteen bytes to tokens.
struct ShortWordTable: Sendable {
  fileprivate struct Slot: BitwiseCopyable, Sendable {
    var low: UInt64
    /// Zero in a vacant slot: keys hold the length of the word here.
    var high: UInt64
    var value: Int32
  }

  private let slots: FrozenArray<Slot>

  /// Takes the entries of one to fifteen bytes; of equal words, the last one given counts.
  init(_ entries: some Collection<(bytes: ArraySlice<UInt8>, value: Int32)>) {
    let short = entries.filter { !$0.bytes.isEmpty && $0.bytes.count <= WordKey.longest }
    var capacity = 16
    while capacity * 3 < short.count * 4 { capacity *= 2 }
    var slots = [Slot](repeating: Slot(low: 0, high: 0, value: -1), count: capacity)
    for entry in short {
      let key = entry.bytes.withUnsafeBufferPointer { bytes in
        bytes.baseAddress.map { WordKey($0, count: bytes.count, readable: bytes.count) }
      }
      guard let key else { continue }
      var place = Int(truncatingIfNeeded: key.hash) & (capacity - 1)
      while slots[place].high != 0, slots[place].low != key.low || slots[place].high != key.high {
        place = (place + 1) & (capacity - 1)
      }
      slots[place] = Slot(low: key.low, high: key.high, value: entry.value)
    }
    self.slots = FrozenArray(slots)
  }

  /// Pointers for loops; valid while the table lives.
  var view: View { View(slots: slots.pointer, mask: slots.count - 1) }

  struct View: BitwiseCopyable {
    fileprivate let slots: UnsafePointer<Slot>
    fileprivate let mask: Int

    /// The token of a word; -1 when it is not in the table.
    @inline(__always)
    func value(of key: WordKey) -> Int32 {
      var place = Int(truncatingIfNeeded: key.hash) & mask
      while slots[place].high != 0 {
        if slots[place].low == key.low, slots[place].high == key.high { return slots[place].value }
        place = (place + 1) & mask
      }
      return -1
    }
  }
}
