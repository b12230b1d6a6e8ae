import CXxhash

/// A hash table from byte strings to 32-bit numbers, read without allocation.
struct ByteStringTable: Sendable {
  private let slots: FrozenArray<Slot>
  private let bytes: FrozenArray<UInt8>

  fileprivate struct Slot: BitwiseCopyable, Sendable {
    var hash: UInt32
    var start: UInt32
    var count: UInt32
    var value: Int32
  }

  /// Of equal strings, the last one given counts.
  init(_ entries: some Collection<(bytes: ArraySlice<UInt8>, value: Int32)>) {
    var capacity = 16
    while capacity < entries.count * 2 { capacity *= 2 }
    let empty = Slot(hash: 0, start: 0, count: 0, value: -1)
    var slots = [Slot](repeating: empty, count: capacity)
    var blob: [UInt8] = []
    for entry in entries {
      let hash = entry.bytes.withUnsafeBufferPointer { Self.hash($0) }
      var place = Int(hash) & (capacity - 1)
      while slots[place].value >= 0 {
        let slot = slots[place]
        let known = blob[Int(slot.start)..<Int(slot.start) + Int(slot.count)]
        if slot.hash == hash, known.elementsEqual(entry.bytes) { break }
        place = (place + 1) & (capacity - 1)
      }
      if slots[place].value >= 0 {
        slots[place].value = entry.value
      } else {
        slots[place] = Slot(
          hash: hash, start: UInt32(blob.count), count: UInt32(entry.bytes.count),
          value: entry.value)
        blob += entry.bytes
      }
    }
    self.slots = FrozenArray(slots)
    bytes = FrozenArray(blob)
  }

  /// All strings and their numbers, in no order.
  var entries: [(bytes: ArraySlice<UInt8>, value: Int32)] {
    let blob = Array(UnsafeBufferPointer(start: bytes.pointer, count: bytes.count))
    return UnsafeBufferPointer(start: slots.pointer, count: slots.count)
      .filter { $0.value >= 0 }
      .map { slot in
        (bytes: blob[Int(slot.start)..<Int(slot.start) + Int(slot.count)], value: slot.value)
      }
  }

  /// The number of a string; nil when it is not in the table.
  func value(of key: UnsafeBufferPointer<UInt8>) -> Int32? {
    view.value(of: key)
  }

  /// The number of a string; nil when it is not in the table.
  func value(of key: some Sequence<UInt8>) -> Int32? {
    Array(key).withUnsafeBufferPointer { view.value(of: $0) }
  }

  /// Pointers for loops; valid while the table lives.
  var view: View { View(slots: slots.pointer, mask: slots.count - 1, bytes: bytes.pointer) }

  struct View {
    fileprivate let slots: UnsafePointer<Slot>
    fileprivate let mask: Int
    fileprivate let bytes: UnsafePointer<UInt8>

    @inline(__always)
    func value(of key: UnsafeBufferPointer<UInt8>) -> Int32? {
      let hash = ByteStringTable.hash(key)
      var place = Int(hash) & mask
      while slots[place].value >= 0 {
        if slots[place].hash == hash, Int(slots[place].count) == key.count,
          equal(bytes + Int(slots[place].start), key)
        {
          return slots[place].value
        }
        place = (place + 1) & mask
      }
      return nil
    }

    @inline(__always)
    private func equal(_ stored: UnsafePointer<UInt8>, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
      guard let base = key.baseAddress else { return true }
      for index in 0..<key.count where stored[index] != base[index] { return false }
      return true
    }
  }

  /// XXH3; only spreads, keeps no secret.
  @inline(__always)
  static func hash(_ key: UnsafeBufferPointer<UInt8>) -> UInt32 {
    UInt32(truncatingIfNeeded: cxx_xxh3_64(key.baseAddress, key.count))
  }
}
