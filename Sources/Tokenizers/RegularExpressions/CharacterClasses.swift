/// Characters sorted by what a regular expression can tell of them: two of one class lie in the same
/// of its sets.
struct CharacterClasses: Sendable {
  /// Number of classes.
  let count: Int
  /// One character of each class.
  let representatives: [UInt32]
  private let blockOffsets: FrozenArray<UInt32>
  private let classes: FrozenArray<UInt8>
  private static let blockBits: UInt32 = 7

  /// Nil when there are too many classes.
  init?(of sets: [ScalarSet]) {
    let scalarCount: UInt32 = 0x110000
    // Classes are refined set by set, at the ends of their ranges.
    var ends: Set<UInt32> = [0, scalarCount]
    for set in sets {
      for range in set.ranges {
        ends.insert(range.lowerBound)
        ends.insert(range.upperBound + 1)
      }
    }
    let sorted = ends.sorted()
    var known: [[Bool]: UInt8] = [:]
    var representatives: [UInt32] = []
    var flat = [UInt8](repeating: 0, count: Int(scalarCount))
    for (start, end) in zip(sorted, sorted.dropFirst()) {
      let members = sets.map { $0.contains(start) }
      let next = known.count
      if known[members] == nil {
        guard next < 255 else { return nil }
        known[members] = UInt8(next)
        representatives.append(start)
      }
      let value = known[members] ?? 0
      for scalar in Int(start)..<Int(end) { flat[scalar] = value }
    }
    count = representatives.count
    self.representatives = representatives

    let size = 1 << Int(Self.blockBits)
    var offsets: [UInt32] = []
    var blocks: [UInt8] = []
    var places: [ArraySlice<UInt8>: UInt32] = [:]
    for block in stride(from: 0, to: flat.count, by: size) {
      let content = flat[block..<block + size]
      let offset = places[content] ?? UInt32(blocks.count)
      if places.updateValue(offset, forKey: content) == nil { blocks += content }
      offsets.append(offset)
    }
    blockOffsets = FrozenArray(offsets)
    classes = FrozenArray(blocks)
  }

  /// Pointers for loops; valid while the classes live.
  var view: View { View(blockOffsets: blockOffsets.pointer, classes: classes.pointer) }

  struct View: BitwiseCopyable {
    fileprivate let blockOffsets: UnsafePointer<UInt32>
    fileprivate let classes: UnsafePointer<UInt8>

    /// Class of a Unicode scalar, which must be below 0x110000.
    @inline(__always)
    subscript(scalar: UInt32) -> Int {
      // The first block stands first, so ASCII needs one step only.
      if scalar < 128 { return Int(classes[Int(scalar)]) }
      let offset = blockOffsets[Int(scalar &>> CharacterClasses.blockBits)]
      return Int(classes[Int(offset &+ (scalar & (1 &<< CharacterClasses.blockBits &- 1)))])
    }
  }
}
