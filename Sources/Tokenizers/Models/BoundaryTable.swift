/// Pairs of neighbouring characters that some merge may join across.
///
/// A merge of two tokens joins the last character of the one and the first of the other. Where no
/// merge does so for two neighbours, nothing ever crosses the boundary between them, and the text on
/// either side has its tokens by itself. A hashed bit set: it may hold pairs that no merge joins,
/// which costs time, but never lacks one that a merge does.
struct BoundaryTable: Sendable {
  private let bits: FrozenArray<UInt64>
  private let shift: UInt32

  /// - Parameter pairs: last characters of left tokens with first ones of right tokens.
  init(_ pairs: Set<UInt64>) {
    // A sixteenth of the bits is set, at most.
    var width: UInt32 = 12
    while (1 << width) < pairs.count * 16, width < 24 { width += 1 }
    shift = 32 - width
    var bits = [UInt64](repeating: 0, count: 1 << (width - 6))
    for pair in pairs {
      let place = Self.place(
        UInt32(truncatingIfNeeded: pair >> 32), UInt32(truncatingIfNeeded: pair), shift)
      bits[place >> 6] |= 1 << UInt64(place & 63)
    }
    self.bits = FrozenArray(bits)
  }

  static func pair(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

  @inline(__always)
  private static func place(_ left: UInt32, _ right: UInt32, _ shift: UInt32) -> Int {
    let mixed = (left &* 0x9E37_79B1 ^ right) &* 0x85EB_CA6B
    return Int(((mixed ^ mixed &>> 15) &* 0xC2B2_AE35) &>> shift)
  }

  var view: View { View(bits: bits.pointer, shift: shift) }

  struct View: BitwiseCopyable {
    fileprivate let bits: UnsafePointer<UInt64>
    fileprivate let shift: UInt32

    /// Whether a merge may join two neighbours.
    @inline(__always)
    func mayJoin(_ left: UInt32, _ right: UInt32) -> Bool {
      let place = BoundaryTable.place(left, right, shift)
      return bits[place &>> 6] &>> UInt64(place & 63) & 1 != 0
    }
  }
}
