/// A short word as two machine words: its bytes in order, the length in the last byte.
///
/// Words of one to fifteen bytes differ exactly when their keys do, so looking one up compares two
/// numbers and reads no bytes.
struct WordKey: BitwiseCopyable {
  var low: UInt64
  var high: UInt64

  static let longest = 15

  /// - Parameters:
  ///   - count: from 1 to ``longest``.
  ///   - readable: how many bytes may be read at `word`, at least `count`.
  @inline(__always)
  init(_ word: UnsafePointer<UInt8>, count: Int, readable: Int) {
    if readable >= 16 {
      let raw = UnsafeRawPointer(word)
      low = raw.loadUnaligned(as: UInt64.self)
      high = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      low &= UInt64.max &>> UInt64(64 &- 8 &* min(count, 8))
      high &= (1 &<< UInt64(8 &* max(count &- 8, 0))) &- 1
    } else {
      (low, high) = Self.bytewise(word, count)
    }
    high |= UInt64(truncatingIfNeeded: count) &<< 56
  }

  /// Reads no byte behind the word, for the last ones of a text.
  @inline(never)
  private static func bytewise(_ word: UnsafePointer<UInt8>, _ count: Int) -> (UInt64, UInt64) {
    var low: UInt64 = 0
    var high: UInt64 = 0
    for place in 0..<count {
      let shift = UInt64(8 &* (place & 7))
      if place < 8 {
        low |= UInt64(word[place]) &<< shift
      } else {
        high |= UInt64(word[place]) &<< shift
      }
    }
    return (low, high)
  }

  /// Spreads keys over 64 bits; the upper ones are the best.
  @inline(__always)
  var hash: UInt64 { Self.mix(low, high) }

  /// One full multiplication, folded.
  @inline(__always)
  static func mix(_ first: UInt64, _ second: UInt64) -> UInt64 {
    let product = (first ^ 0x9E37_79B9_7F4A_7C15)
      .multipliedFullWidth(by: second ^ 0xD1B5_4A32_D192_ED03)
    return product.high ^ product.low
  }
}
