/// The merges of a BPE model: for two neighbouring tokens, what they become and how early.
struct MergeTable: Sendable {
  /// What a pair becomes; a smaller rank goes first.
  struct Merge: BitwiseCopyable, Sendable {
    let rank: Int32
    let id: Int32

    /// Stands for no merge.
    static let none = Merge(rank: -1, id: -1)
  }

  fileprivate struct Slot: BitwiseCopyable, Sendable {
    var key: UInt64
    var merge: Merge
  }

  private let slots: FrozenArray<Slot>
  private static let vacant = UInt64.max

  /// `pairs[rank]`; of equal pairs, the last one counts.
  init(_ pairs: [(left: Int32, right: Int32, merged: Int32)]) {
    var capacity = 16
    while capacity * 3 < pairs.count * 4 { capacity *= 2 }
    let empty = Slot(key: Self.vacant, merge: Merge(rank: 0, id: 0))
    var slots = [Slot](repeating: empty, count: capacity)
    for (rank, pair) in pairs.enumerated() {
      let key = Self.key(pair.left, pair.right)
      var place = Self.place(of: key, mask: capacity - 1)
      while slots[place].key != Self.vacant, slots[place].key != key {
        place = (place + 1) & (capacity - 1)
      }
      slots[place] = Slot(key: key, merge: Merge(rank: Int32(rank), id: pair.merged))
    }
    self.slots = FrozenArray(slots)
  }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  private static func place(of key: UInt64, mask: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }

  /// Pairs of neighbours that are merged, the first to go first.
  var pairs: [(left: Int32, right: Int32)] {
    let used = (0..<slots.count).map { slots[$0] }.filter { $0.key != Self.vacant }
    return used.sorted { $0.merge.rank < $1.merge.rank }
      .map { slot in
        (
          left: Int32(bitPattern: UInt32(slot.key >> 32)),
          right: Int32(bitPattern: UInt32(truncatingIfNeeded: slot.key))
        )
      }
  }

  /// Pointers for loops; valid while the table lives.
  var view: View { View(slots: slots.pointer, mask: slots.count - 1) }

  struct View {
    fileprivate let slots: UnsafePointer<Slot>
    fileprivate let mask: Int

    /// The merge of two neighbours, if there is one.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> Merge? {
      let key = MergeTable.key(left, right)
      var place = MergeTable.place(of: key, mask: mask)
      while slots[place].key != MergeTable.vacant {
        if slots[place].key == key { return slots[place].merge }
        place = (place + 1) & mask
      }
      return nil
    }
  }
}
